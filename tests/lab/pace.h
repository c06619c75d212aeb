/* When the bytes of an answer go out: pauses, and pieces between them. */
#ifndef LAB_PACE_H
#define LAB_PACE_H

#include "answer.h"

/* All zero at the start. */
struct pace {
    uint64_t paused; /* 1 + the byte that was last paused for */
};

/* True if `*ms` must pass before the byte at `at`; asked again, false. */
bool pace_pause(struct pace *p, const struct behaviour *b,
    const struct answer *a, uint64_t at, unsigned *ms);
/* What may be sent at once from `at` on. */
struct text pace_piece(
    const struct behaviour *b, const struct answer *a, uint64_t at);

#endif
