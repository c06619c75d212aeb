/*
 * quantiles - quantiles of a stream of durations in constant memory: a
 * histogram with log-linear buckets (as in HdrHistogram), relative error
 * under 1 % from 1 us to about an hour, at most 8 ns below.
 */
#ifndef AFETCH_QUANTILES_H
#define AFETCH_QUANTILES_H

#include <stddef.h>
#include <stdint.h>

enum { QUANTILES_BUCKETS = 2112 }; /* 33 octaves of 64: 16 ns to 1.2 h */

struct quantiles {
    uint64_t count;
    int64_t max; /* ns, exact */
    uint32_t buckets[QUANTILES_BUCKETS];
};

/* Empty; there is nothing to be freed. */
void quantiles_init(struct quantiles *q);
/* ns >= 0; what is longer than the histogram counts with its longest. */
void quantiles_add(struct quantiles *q, int64_t ns);
/* The value in ns of nearest rank at 0 <= p <= 1 (1: exactly max), never
 * above max; 0 when empty. */
int64_t quantiles_get(const struct quantiles *q, double p);

/* For others that count in its buckets: that of a duration, the shortest of a
 * bucket, and the nearest rank: the smallest n with n >= p * count, from 1. */
size_t quantiles_bucket(int64_t ns);
int64_t quantiles_bucket_low(size_t bucket);
uint64_t quantiles_rank(uint64_t count, double p);

#endif
