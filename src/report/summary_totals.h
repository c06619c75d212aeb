/*
 * summary_totals - a whole run in a few lines, for people.
 */
#ifndef AFETCH_SUMMARY_TOTALS_H
#define AFETCH_SUMMARY_TOTALS_H

#include "output/terminal.h"
#include "record/totals.h"

struct output;

/* Outcomes and their causes, checks, drift, times; quantiles of the phases, for
 * five targets or more; the comparison of --versus-serial. */
void summary_totals_put(struct output *err, const struct run_totals *totals,
    const struct terminal *terminal);

/* Only why there is no comparison, if there is none: it decides the exit
 * status. */
void summary_cut_put(struct output *err, const struct run_totals *totals);

#endif
