/*
 * pace - starts evenly spaced over time.
 */
#ifndef AFETCH_PACE_H
#define AFETCH_PACE_H

#include <stdint.h>

struct pace {
    int64_t interval; /* ns between two starts; 0: no pace */
    int64_t next; /* loop_time of the next one */
};

/* ns between two starts, 0: no pace; the first may be at once. */
void pace_init(struct pace *pace, int64_t interval);
/* Awaits.  0: it is time for a start. */
int pace_wait(const struct pace *pace);
/* Counts a start. */
void pace_started(struct pace *pace);

#endif
