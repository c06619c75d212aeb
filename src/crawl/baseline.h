/*
 * baseline - a run before this one, and what has changed since: --baseline.
 */
#ifndef AFETCH_BASELINE_H
#define AFETCH_BASELINE_H

#include "judge/mask.h"

#include <stdint.h>

struct options;
struct record_index;
struct report;
struct result;
struct run_totals;

/* All zero: there is none. */
struct baseline {
    struct record_index *records; /* NULL: not asked for */
    struct mask mask;
};

/* 0; or the exit code, when it is said why not. */
int baseline_open(struct baseline *baseline, const struct options *options);
void baseline_close(struct baseline *baseline);

/* The result of a target is begun, in the order of the list. */
void baseline_claim(struct baseline *baseline, struct result *result);
/* It has ended: sets its drift.  0; -ENOMEM; or -errno of the file. */
int baseline_judge(const struct baseline *baseline, struct result *result);
/* The list has been read to its end: tells of the targets that have not been in
 * it any more, and counts them. */
void baseline_tell_removed(const struct baseline *baseline,
    struct report *report, struct run_totals *totals);

#endif
