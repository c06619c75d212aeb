/*
 * summary_totals - a whole run in a few lines, for people.
 */
#ifndef AFETCH_SUMMARY_TOTALS_H
#define AFETCH_SUMMARY_TOTALS_H

#include "output/terminal.h"
#include "record/totals.h"

struct output;

/* Outcomes and their causes, checks, drift, times; quantiles of the phases from
 * five targets on; what --versus-serial has found. */
void summary_totals_put(struct output *err, const struct run_totals *totals,
    const struct terminal *terminal);

/* Only why there is nothing to compare, if that is so: the exit status comes
 * from it. */
void summary_cut_put(struct output *err, const struct run_totals *totals);

#endif
