/*
 * learning - targets fetched a second time, so that what differs by itself is
 * not compared: --learn.
 */
#ifndef AFETCH_LEARNING_H
#define AFETCH_LEARNING_H

#include "judge/mask.h"

struct result;

/* All zero: nothing yet. */
struct learning {
    struct mask mask;
    char *learned; /* by all targets, see judge/learned.h */
};

/* Both fetches have ended: sets the first one's `learned`.  0 or -ENOMEM. */
int learning_compare(struct learning *learning, struct result *first,
    const struct result *second);
/* Names what was learned, on standard error. */
void learning_tell(const struct learning *learning);
void learning_fini(struct learning *learning);

#endif
