/*
 * bar - a target as a bar on the time axis of its run: its start, and its
 * phases, one after the other.
 */
#ifndef AFETCH_BAR_H
#define AFETCH_BAR_H

#include "record/result.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum {
    BAR_FIRST = PHASE_DNS, /* of the phases that it has, */
    BAR_PHASES = PHASE_TOTAL - BAR_FIRST, /* and how many */
};

struct bar {
    int64_t at; /* ns after the run was begun */
    int64_t phases[BAR_PHASES]; /* ns; 0 for those that did not happen */
    bool has_failed;
    char *name; /* heap: the first bytes of the target; or NULL */
};

/* The bar of a target that was started, without its name. */
struct bar bar_of(const struct result *result, const struct timespec *begun);
/* Sets the name; false: no memory. */
bool bar_keep_name(struct bar *bar, const struct result *result);
/* Where a phase begins, in ns after the start of the run; for BAR_PHASES, where
 * the bar ends. */
int64_t bar_begin_of(const struct bar *bar, int phase);
/* For qsort: in the order of their start. */
int bar_compare(const void *a, const void *b);

#endif
