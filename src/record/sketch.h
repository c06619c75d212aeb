/*
 * sketch - quantiles of a stream of durations, in less than 800 bytes: for many
 * streams, where struct quantiles is for few.
 *
 * It holds the 128 buckets of quantiles that something fell into; when there
 * are more, each two neighbors become one, again and again.  The error of a
 * quantile is under 1 % where the longest is up to 3 times the shortest, 2 % up
 * to 15 times, 4 % up to 250, 7 % up to 60,000.
 */
#ifndef AFETCH_SKETCH_H
#define AFETCH_SKETCH_H

#include <stdint.h>

enum { SKETCH_BUCKETS = 128 };

/* All zero: empty. */
struct sketch {
    uint64_t count;
    int64_t max; /* ns, exact */
    uint16_t used; /* buckets */
    uint16_t halvings; /* of the resolution */
    uint16_t buckets[SKETCH_BUCKETS]; /* rising */
    uint32_t counts[SKETCH_BUCKETS]; /* in each */
};

/* ns >= 0. */
void sketch_add(struct sketch *sketch, int64_t ns);
/* As quantiles_get. */
int64_t sketch_get(const struct sketch *sketch, double p);

#endif
