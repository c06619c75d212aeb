/*
 * learned - what has differed between two fetches of one target, so that it is
 * not compared: --learn.  Pure.
 *
 * A list is a heap text: names as a drift_change has them, an LF behind each;
 * NULL is none.
 */
#ifndef AFETCH_LEARNED_H
#define AFETCH_LEARNED_H

#include "judge/snapshot.h"

#include <stdbool.h>

/* Of a list, whose names come from a server: it must not grow forever. */
enum { LEARNED_MAX = 64 * 1024 }; /* bytes */

/* What differs; nothing is to be learned from another status.  0 or -ENOMEM;
 * *out is a list. */
int learned_find(
    char **out, const struct snapshot *first, const struct snapshot *second);
bool learned_has(const char *list, const char *name);
/* Adds the names that are missing, up to LEARNED_MAX.  1: some were added; 0:
 * none; or -ENOMEM. */
int learned_add(char **list, const char *more);
/* Removes what the list names from a snapshot. */
void learned_forget(const char *list, struct snapshot *snapshot);

#endif
