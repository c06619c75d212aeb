/*
 * changes - what each target answered in the round before, so that only what
 * differs is shown (--changes).  What is compared of a target stays in memory:
 * about as much as its header.
 */
#ifndef AFETCH_CHANGES_H
#define AFETCH_CHANGES_H

#include "judge/mask.h"

#include <stdbool.h>

struct changes;
struct result;

/* NULL when there is no memory. */
struct changes *changes_create(const struct mask *mask);
/* NULL-safe. */
void changes_destroy(struct changes *changes);

/* Call it when a target has ended: sets the drift of the result, except in the
 * target's first round, and keeps the response for the next one.  A canceled
 * target gets no drift.  0 or -ENOMEM. */
int changes_judge(struct changes *changes, struct result *result);
/* Whether the result is the same as in the round before or, in the first
 * round, as expected: it need not be shown. */
bool changes_hide(const struct result *result);

#endif
