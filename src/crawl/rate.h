/*
 * rate - starts evenly spaced over time.
 */
#ifndef AFETCH_RATE_H
#define AFETCH_RATE_H

#include <stdint.h>

struct rate {
    int64_t interval; /* ns between two starts; 0: no rate */
    int64_t next; /* loop_time of the next one */
};

/* ns between two starts, 0: no rate; the first may be at once. */
void rate_init(struct rate *rate, int64_t interval);
/* Awaits.  0: it is time for a start. */
int rate_wait(const struct rate *rate);
/* Counts a start. */
void rate_started(struct rate *rate);

#endif
