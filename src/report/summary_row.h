/*
 * summary_row - a row of the summary's table, and the columns that fit.
 */
#ifndef AFETCH_SUMMARY_ROW_H
#define AFETCH_SUMMARY_ROW_H

#include "output/terminal.h"
#include "record/result.h"
#include "record/totals.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

struct summary_row {
    char name[TOTALS_HOST_MAX]; /* escaped, cut when it is longer */
    uint64_t index; /* of the target */
    int64_t timings[PHASE_COUNT];
    int status;
    enum fetch_error error;
    enum phase error_phase;
};

struct summary_columns {
    bool seen[PHASE_COUNT]; /* phases that a row has a time of */
    bool phases[PHASE_COUNT]; /* that have a column */
    bool is_narrow; /* what failed has no time: its code takes that place */
    size_t name, outcome; /* widths */
};

void summary_row_set(struct summary_row *row, const struct result *result);

/* Widens the columns where the row needs it. */
void summary_columns_widen(
    struct summary_columns *columns, const struct summary_row *row);
/* Keeps the most important columns that fit into `width`. */
void summary_columns_fit(struct summary_columns *columns, size_t width);

void summary_heading_put(struct output *out,
    const struct summary_columns *columns, const struct terminal *terminal);
void summary_row_put(struct output *out, const struct summary_columns *columns,
    const struct terminal *terminal, const struct summary_row *row);

#endif
