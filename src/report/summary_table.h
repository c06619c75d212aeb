/*
 * summary_table - a row a target: its name, what became of it, where its time
 * went; aligned, no wider than the terminal, what failed last.
 *
 * Rows are held until the widths of their columns are known: the first
 * SUMMARY_ROWS_HELD of them, which decide, and as many that have failed.  On a
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
 * they come; else nothing is written once there are more targets than that. */
struct summary_table *summary_table_create(
    struct output *out, const struct terminal *terminal, bool streams);
/* One row more; keeps nothing of the result. */
void summary_table_add(
    struct summary_table *table, const struct result *result);
/* Writes all that is held, and a blank line behind the table, if there is
 * one. */
void summary_table_end(struct summary_table *table);
/* NULL-safe. */
void summary_table_destroy(struct summary_table *table);

#endif
