/*
 * timings - where the time of one request goes.
 *
 * Invariant: `now` is the phase that is going on, or that ended last, and
 * each one begun has its time in `times`, however it ended.
 */
#ifndef AFETCH_TIMINGS_H
#define AFETCH_TIMINGS_H

#include "record/result.h"

#include <stdint.h>

struct timings {
    enum phase now;
    _Atomic(enum phase) *told; /* the same, for others; or NULL */
    int64_t began; /* 0: it has ended */
    int64_t times[PHASE_COUNT]; /* ns, or PHASE_NONE */
};

/* None has begun yet. */
void timings_init(struct timings *phases, _Atomic(enum phase) *told);
/* Ends the one going on and begins another one, perhaps for a second time:
 * times add up. */
void timings_begin(struct timings *phases, enum phase phase);
void timings_end(struct timings *phases);
/* The one going on has not happened after all; it is still `now`. */
void timings_drop(struct timings *phases);
/* Ends, back in this phase: those behind it have not happened. */
void timings_back(struct timings *phases, enum phase phase);

#endif
