/*
 * phases - where the time of one request goes.
 *
 * Invariant: `now` is the phase that is going on, or that ended last, and
 * each one begun has its time in `times`, however it ended.
 */
#ifndef AFETCH_PHASES_H
#define AFETCH_PHASES_H

#include "record/result.h"

#include <stdint.h>

struct phases {
    enum phase now;
    int64_t began; /* 0: it has ended */
    int64_t times[PHASE_COUNT]; /* ns, or PHASE_NONE */
};

/* None has begun yet. */
void phases_init(struct phases *phases);
/* Ends the one going on and begins another one, perhaps for a second time:
 * times add up. */
void phases_begin(struct phases *phases, enum phase phase);
void phases_end(struct phases *phases);
/* The one going on has not happened after all; it is still `now`. */
void phases_drop(struct phases *phases);
/* Ends, back in this phase: those behind it have not happened. */
void phases_back(struct phases *phases, enum phase phase);

#endif
