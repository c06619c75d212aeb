/*
 * summary - a table and the totals at the end, for people.
 *
 * Invariant: a run of any length takes the memory of one table.
 */
#include "record/totals.h"
#include "report/report.h"
#include "report/summary_table.h"
#include "report/summary_totals.h"

#include <stdlib.h>

struct summary_report {
    struct report base;
    struct output *err;
    struct terminal terminal;
    enum summary_mode mode;
    struct summary_table *table; /* NULL: not wanted */
};

static void summary_result(struct report *report, const struct result *result)
{
    struct summary_report *summary = (struct summary_report *)report;
    if (summary->table)
        summary_table_add(summary->table, result);
}

static int summary_finish(
    struct report *report, const struct run_totals *totals)
{
    struct summary_report *summary = (struct summary_report *)report;
    if (totals_empty(totals))
        return 0;
    terminal_refresh(&summary->terminal);
    if (summary->table)
        summary_table_end(summary->table);
    if (summary->mode == SUMMARY_NONE)
        summary_cut_put(summary->err, totals);
    else
        summary_totals_put(summary->err, totals, &summary->terminal);
    return 0;
}

static void summary_destroy(struct report *report)
{
    struct summary_report *summary = (struct summary_report *)report;
    summary_table_destroy(summary->table);
    free(summary);
}

static const struct report_ops summary_ops = {
    .result = summary_result,
    .finish = summary_finish,
    .destroy = summary_destroy,
};

struct report *report_summary_create(
    struct output *err, enum summary_mode mode, const struct terminal *terminal)
{
    struct summary_report *summary = malloc(sizeof *summary);
    if (!summary)
        return NULL;
    *summary = (struct summary_report){
        .base.ops = &summary_ops,
        .err = err,
        .terminal = *terminal,
        .mode = mode,
    };
    if (mode == SUMMARY_NONE || mode == SUMMARY_TOTAL)
        return &summary->base;
    summary->table = summary_table_create(err, terminal, mode == SUMMARY_HOSTS);
    if (summary->table)
        return &summary->base;
    free(summary);
    return NULL;
}
