/*
 * show_table - rows under a heading, aligned, no wider than the terminal,
 * those that have failed last.
 *
 * Rows are held until the widths of their columns are known: the first
 * SHOW_ROWS_HELD of them, which decide, and as many that have failed.
 */
#ifndef AFETCH_SHOW_TABLE_H
#define AFETCH_SHOW_TABLE_H

#include "output/terminal.h"

#include <stdbool.h>
#include <stddef.h>

struct columns;
struct output;

enum { SHOW_ROWS_HELD = 1000 };

/* Cells, each ended by a NUL: already escaped, so they hold none. */
struct show_row {
    char *text; /* heap */
    size_t len, size;
    size_t cells;
    bool has_failed;
};

/* 0 or -ENOMEM. */
int show_row_add(struct show_row *row, const char *bytes, size_t len);
int show_row_end_cell(struct show_row *row);
/* Empty again; keeps its memory. */
void show_row_clear(struct show_row *row);
void show_row_fini(struct show_row *row);

struct show_table;

/* NULL: no memory.  The columns must live as long; the first one, "target",
 * is not among them.  */
struct show_table *show_table_create(struct output *out,
    const struct columns *columns, const struct terminal *terminal);
/* Takes the text of the row.  0 or -ENOMEM. */
int show_table_add(struct show_table *table, struct show_row *row);
/* Writes all that is held. */
void show_table_end(struct show_table *table);
/* NULL-safe. */
void show_table_destroy(struct show_table *table);

#endif
