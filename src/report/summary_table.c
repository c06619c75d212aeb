/*
 * summary_table - see summary_table.h.
 *
 * Invariant: at most twice SUMMARY_ROWS_HELD rows are ever held; once the
 * heading is written the widths do not change.
 */
#include "report/summary_table.h"

#include "output/buffer.h"
#include "report/fold.h"
#include "report/summary_row.h"

#include <stdlib.h>

struct held_rows {
    struct summary_row rows[SUMMARY_ROWS_HELD];
    size_t count;
};

struct summary_table {
    struct output *out;
    struct terminal terminal;
    struct summary_columns columns;
    bool streams, begun, is_over; /* the heading is written; nothing will be */
    struct held_rows good, failed;
    uint64_t added;
    struct fold fold; /* all that failed and has no row yet */
    uint64_t told[FETCH_ERROR_COUNT]; /* has one */
};

struct summary_table *summary_table_create(
    struct output *out, const struct terminal *terminal, bool streams)
{
    struct summary_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->out = out;
    table->terminal = *terminal;
    table->streams = streams;
    return table;
}

void summary_table_destroy(struct summary_table *table)
{
    free(table);
}

/* Are failures of this cause one line? */
static bool is_folded(const struct summary_table *table, enum fetch_error error)
{
    return fold_is_due(&table->terminal, error,
        table->fold.causes[error].count + table->told[error]);
}

static void put_row(struct summary_table *table, const struct summary_row *row)
{
    summary_row_put(table->out, &table->columns, &table->terminal, row);
    table->fold.causes[row->error].count -= row->error != FETCH_OK;
    table->told[row->error]++;
}

/* What failed for one cause stands together, all else as in the list. */
static int compare_rows(const void *a, const void *b)
{
    const struct summary_row *of_a = a, *of_b = b;
    if (of_a->error != of_b->error)
        return of_a->error < of_b->error ? -1 : 1;
    return of_a->index < of_b->index ? -1 : of_a->index > of_b->index;
}

static void begin_table(struct summary_table *table)
{
    if (table->begun)
        return;
    terminal_refresh(&table->terminal);
    summary_columns_fit(&table->columns, table->terminal.width);
    summary_heading_put(table->out, &table->columns, &table->terminal);
    table->begun = true;
}

/* Those that are one line stay. */
static void put_rows(struct summary_table *table, struct held_rows *held)
{
    size_t kept = 0;
    begin_table(table);
    qsort(held->rows, held->count, sizeof *held->rows, compare_rows);
    for (size_t i = 0; i < held->count; i++) {
        const struct summary_row *row = &held->rows[i];
        if (row->error && is_folded(table, row->error))
            held->rows[kept++] = *row;
        else
            put_row(table, row);
    }
    held->count = kept;
}

/* The widths must be known for all that may come. */
static void release_rows(struct summary_table *table, struct held_rows *held)
{
    static const struct summary_row longest = {
        .error = FETCH_TLS_UNKNOWN_ISSUER};
    static const struct summary_row with_all = {
        .name = "a-name.of.some-length.example.com", .status = 200};
    summary_columns_widen(&table->columns, &longest);
    summary_columns_widen(&table->columns, &with_all);
    put_rows(table, &table->good);
    if (held != &table->good)
        put_rows(table, held);
}

static void hold_row(struct summary_table *table, struct held_rows *held,
    const struct result *result)
{
    struct summary_row *row = &held->rows[held->count++];
    summary_row_set(row, result);
    if (!table->begun)
        summary_columns_widen(&table->columns, row);
}

static void stream_row(struct summary_table *table, const struct result *result)
{
    struct summary_row row;
    summary_row_set(&row, result);
    put_row(table, &row);
}

static void add_good(struct summary_table *table, const struct result *result)
{
    struct held_rows *held = &table->good;
    if (held->count == SUMMARY_ROWS_HELD)
        release_rows(table, held);
    if (table->begun)
        stream_row(table, result);
    else
        hold_row(table, held, result);
}

/* What is one line has no row. */
static void add_failed(struct summary_table *table, const struct result *result)
{
    struct held_rows *held = &table->failed;
    fold_add(&table->fold, result);
    if (is_folded(table, result->error))
        return;
    if (held->count == SUMMARY_ROWS_HELD)
        release_rows(table, held);
    if (held->count < SUMMARY_ROWS_HELD)
        hold_row(table, held, result);
    else
        stream_row(table, result);
}

void summary_table_add(struct summary_table *table, const struct result *result)
{
    table->added++;
    table->is_over = !table->streams && table->added > SUMMARY_ROWS_HELD;
    if (table->is_over)
        return;
    if (result->error)
        add_failed(table, result);
    else
        add_good(table, result);
}

void summary_table_end(struct summary_table *table)
{
    if (table->is_over ||
        !(table->begun || table->good.count || table->failed.count))
        return;
    put_rows(table, &table->good);
    put_rows(table, &table->failed);
    terminal_refresh(&table->terminal);
    fold_put(&table->fold, table->out, &table->terminal, table->told);
    output_puts(table->out, "\n");
}
