/*
 * quantiles - a histogram of durations with log-linear buckets.
 *
 * A duration is counted in units of 16 ns; [64, 128) units are 64 buckets of
 * one unit, each octave above 64 buckets of twice the width.  Below 64 units
 * (1 us) a bucket is one unit.  A bucket's middle is thus less than
 * 1/128 = 0.8 % off whatever fell into it.
 *
 * Invariant: count is the sum of the buckets.
 */
#include "record/quantiles.h"

#include <string.h>

enum {
    UNIT_BITS = 4, /* 16 ns */
    OCTAVE_BITS = 6,
    OCTAVE = 1 << OCTAVE_BITS, /* buckets to an octave */
};

size_t quantiles_bucket(int64_t ns)
{
    uint64_t units = (uint64_t)ns >> UNIT_BITS;
    unsigned octave = 0;
    size_t bucket;

    if (units >= OCTAVE)
        octave = 63 - OCTAVE_BITS - (unsigned)__builtin_clzll(units);
    bucket = octave * OCTAVE + (size_t)(units >> octave);
    return bucket < QUANTILES_BUCKETS ? bucket : QUANTILES_BUCKETS - 1;
}

static size_t octave_of(size_t bucket)
{
    return bucket < 2 * OCTAVE ? 0 : bucket / OCTAVE - 1;
}

int64_t quantiles_bucket_low(size_t bucket)
{
    size_t octave = octave_of(bucket);
    return (int64_t)(bucket - octave * OCTAVE) << (octave + UNIT_BITS);
}

static int64_t bucket_middle(size_t bucket)
{
    int64_t width = (int64_t)1 << (octave_of(bucket) + UNIT_BITS);
    return quantiles_bucket_low(bucket) + width / 2;
}

void quantiles_init(struct quantiles *q)
{
    memset(q, 0, sizeof(*q));
}

void quantiles_add(struct quantiles *q, int64_t ns)
{
    q->buckets[quantiles_bucket(ns)]++;
    q->count++;
    if (ns > q->max)
        q->max = ns;
}

uint64_t quantiles_rank(uint64_t count, double p)
{
    double wanted = p * (double)count;
    uint64_t rank = (uint64_t)wanted;

    if ((double)rank < wanted)
        rank++;
    return rank > 0 ? rank : 1;
}

int64_t quantiles_get(const struct quantiles *q, double p)
{
    uint64_t rank = quantiles_rank(q->count, p), seen = 0;

    if (rank >= q->count)
        return q->max;
    for (size_t bucket = 0; bucket < QUANTILES_BUCKETS; bucket++) {
        seen += q->buckets[bucket];
        if (seen >= rank) {
            int64_t middle = bucket_middle(bucket);
            return middle < q->max ? middle : q->max;
        }
    }
    return q->max;
}
