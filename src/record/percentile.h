/*
 * percentile - one percentile of a stream in constant memory: the P-square
 * algorithm (Jain and Chlamtac, Communications of the ACM 28(10), 1985): five
 * markers, moved by parabolas.  Exact up to five values.  Pure.
 */
#ifndef AFETCH_PERCENTILE_H
#define AFETCH_PERCENTILE_H

#include <stdint.h>

enum { PERCENTILE_MARKERS = 5 };

/* All zero: no value yet. */
struct percentile {
    int64_t height[PERCENTILE_MARKERS]; /* sorted */
    uint32_t at[PERCENTILE_MARKERS]; /* how many values are up to there */
    uint32_t count;
};

/* 0 < p < 1, the same for all calls. */
void percentile_add(struct percentile *q, double p, int64_t value);
/* 0 when there is no value. */
int64_t percentile_get(const struct percentile *q, double p);

#endif
