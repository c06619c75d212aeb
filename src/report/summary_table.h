/*
 * summary_table - a row for each target: its name, its outcome, its timings;
 * aligned, no wider than the terminal, failures at the end.
 *
 * Rows are held until the widths of their columns are known: the first
 * SUMMARY_ROWS_HELD rows, which decide them, and as many failures.  On a
 * terminal many failures of one cause are one line.
 */
#ifndef AFETCH_SUMMARY_TABLE_H
#define AFETCH_SUMMARY_TABLE_H

#include "output/terminal.h"
#include "record/result.h"

#include <stdbool.h>

struct output;
struct summary_table;

enum { SUMMARY_ROWS_HELD = 50 };

/* NULL: no memory.  streams: rows beyond those that are held are written as
 * they come; without it, more targets than that mean that no table is
 * written. */
struct summary_table *summary_table_create(
    struct output *out, const struct terminal *terminal, bool streams);
/* Adds a row; keeps no pointer into the result. */
void summary_table_add(
    struct summary_table *table, const struct result *result);
/* Writes the rows that are held and, if there is a table, a blank line after
 * it. */
void summary_table_end(struct summary_table *table);
/* NULL-safe. */
void summary_table_destroy(struct summary_table *table);

#endif
