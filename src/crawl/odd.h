/*
 * odd - which targets are not like most of the others: --odd-one-out.
 */
#ifndef AFETCH_ODD_H
#define AFETCH_ODD_H

#include "judge/groups.h"

struct report;
struct result;
struct run_totals;

struct odd {
    struct mask mask;
    struct groups groups;
    char *learned; /* by any target, so not compared of any; NULL: nothing */
};

/* A target has ended.  0 or -ENOMEM. */
int odd_add(struct odd *odd, const struct result *result);
void odd_fini(struct odd *odd);
/* The run has ended: tells of each group, and counts them. */
void odd_tell(
    struct odd *odd, struct report *report, struct run_totals *totals);

#endif
