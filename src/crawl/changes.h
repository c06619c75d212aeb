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

/* A target has ended: sets its drift, unless it is its first round; keeps what
 * it answered.  One that was canceled has none.  0 or -ENOMEM. */
int changes_judge(struct changes *changes, struct result *result);
/* It is as in the round before; in its first one, as it should be. */
bool changes_hide(const struct result *result);

#endif
