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

/* Of a list: names are a server's, so that there is an end. */
enum { LEARNED_MAX = 64 * 1024 }; /* bytes */

/* What differs; nothing is to be learned from another status.  0 or -ENOMEM;
 * *out is a list. */
int learned_find(
    char **out, const struct snapshot *first, const struct snapshot *second);
bool learned_has(const char *list, const char *name);
/* Adds those that are missing, as long as there is room.  1: some were; 0;
 * -ENOMEM. */
int learned_add(char **list, const char *more);
/* Takes them out of a snapshot. */
void learned_forget(const char *list, struct snapshot *snapshot);

#endif
