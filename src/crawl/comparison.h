/*
 * comparison - what is compared beside expectations: targets with a run before
 * (--baseline), with each other (--odd-one-out), and to that end with
 * themselves (--learn).
 */
#ifndef AFETCH_COMPARISON_H
#define AFETCH_COMPARISON_H

#include "crawl/baseline.h"
#include "crawl/learning.h"
#include "crawl/odd.h"

struct crawl;

/* All zero: nothing. */
struct comparison {
    const struct options *options;
    struct baseline baseline;
    struct odd odd;
    struct learning learning;
};

/* 0; or the exit code, when it is said why not. */
int comparison_open(
    struct comparison *comparison, const struct options *options);
void comparison_close(struct comparison *comparison);
/* REPORT_WANTS_... of it. */
unsigned comparison_wants(const struct options *options);
/* Hangs it on a crawl. */
void comparison_set(struct comparison *comparison, struct crawl *crawl);
/* The run has ended, whole or not begun in part: tells and counts. */
void comparison_tell(struct comparison *comparison, struct report *report,
    struct run_totals *totals);

#endif
