/*
 * groups - targets that have answered alike: --odd-one-out.  Pure.
 *
 * Memory grows with the groups, of which there are GROUPS_MAX at most.
 */
#ifndef AFETCH_GROUPS_H
#define AFETCH_GROUPS_H

#include "judge/snapshot.h"

#include <stdint.h>

enum { GROUPS_MAX = 100, GROUP_NAMES = 5 };

struct group {
    struct snapshot shape; /* of the first one */
    uint64_t count; /* of targets */
    char *names[GROUP_NAMES]; /* of the first ones, heap; NULL: no more */
};

/* All zero: none. */
struct groups {
    struct group *items; /* in the order in which they were met */
    size_t count;
    uint64_t beyond; /* targets that are like none, when there was no room */
};

/* One target more; its snapshot is the groups' from now on, in any case.  0 or
 * -ENOMEM. */
int groups_add(struct groups *groups, struct snapshot *shape, const char *name);
/* Takes these out of all (see learned.h): groups that are alike then are one.
 */
void groups_forget(struct groups *groups, const char *learned);
/* The largest first; of those of one size the one that was met first. */
void groups_sort(struct groups *groups);
void groups_fini(struct groups *groups);

#endif
