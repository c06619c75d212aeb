/*
 * show - a row a target: its name and the values of --show, between TABs; on
 * a terminal in columns (show_table).
 *
 * Invariant: a row has one cell for each column, none of them with a TAB or
 * LF in it; what is not there is "-".
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/show_table.h"
#include "text/escape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct show_report {
    struct report base;
    struct output *out;
    struct columns columns;
    struct show_table *table; /* NULL: not on a terminal */
    struct show_row row; /* being made */
    int error; /* -errno */
};

/* --- cells --- */

static int put_escaped(struct show_row *row, char byte)
{
    char escaped[ESCAPE_LEN];

    escape_byte(escaped, byte);
    return show_row_add(row, escaped, sizeof escaped);
}

/* A line of a value; a TAB would look like the end of its cell. */
static int put_line(struct show_row *row, const char *bytes, size_t len)
{
    int error = 0;

    while (len > 0 && !error) {
        size_t plain = escape_plain(bytes, len);
        const char *tab = memchr(bytes, '\t', plain);
        if (tab)
            plain = (size_t)(tab - bytes);
        error = show_row_add(row, bytes, plain);
        if (!error && plain < len)
            error = put_escaped(row, bytes[plain++]);
        bytes += plain;
        len -= plain;
    }
    return error;
}

/* The lines of a list stand in one. */
static int put_lines(struct show_row *row, struct span text)
{
    int error = 0;

    while (!error && text.len > 0) {
        struct span line = span_take(&text, span_until(text, "\n"));
        error = put_line(row, line.at, line.len);
        if (!error && text.len > 0)
            error = show_row_add(row, ", ", 2);
        span_take(&text, text.len > 0);
    }
    return error;
}

static int put_cell(struct show_row *row, const struct column *column,
    const struct selector_scope *scope)
{
    struct cell cell;
    int error = column_get(column, scope, &cell);

    if (!error)
        error = cell.text ? put_lines(row, (struct span){cell.text, cell.len})
                          : show_row_add(row, "-", 1);
    cell_fini(&cell);
    return error ? error : show_row_end_cell(row);
}

static int put_row(struct show_report *show, const struct result *result)
{
    const struct selector_scope scope = {.result = result};
    struct show_row *row = &show->row;

    show_row_clear(row);
    row->has_failed = result->error != FETCH_OK;
    int error = put_line(row, result->input, result_input_len(result));
    if (!error)
        error = show_row_end_cell(row);
    for (size_t i = 0; i < show->columns.count && !error; i++)
        error = put_cell(row, &show->columns.items[i], &scope);
    return error;
}

/* --- the report --- */

static void write_row(struct output *out, const struct show_row *row)
{
    const char *cell = row->text;

    for (size_t i = 0; i < row->cells; i++) {
        if (i > 0)
            output_puts(out, "\t");
        output_puts(out, cell);
        cell += strlen(cell) + 1;
    }
    output_puts(out, "\n");
}

static void show_result(struct report *report, const struct result *result)
{
    struct show_report *show = (struct show_report *)report;

    if (show->error)
        return;
    show->error = put_row(show, result);
    if (show->error)
        return;
    if (show->table)
        show->error = show_table_add(show->table, &show->row);
    else
        write_row(show->out, &show->row);
}

static int show_finish(struct report *report, const struct run_totals *totals)
{
    struct show_report *show = (struct show_report *)report;

    (void)totals;
    if (show->table)
        show_table_end(show->table);
    return show->error;
}

static void show_destroy(struct report *report)
{
    struct show_report *show = (struct show_report *)report;

    show_table_destroy(show->table);
    show_row_fini(&show->row);
    columns_fini(&show->columns);
    free(show);
}

static const struct report_ops show_ops = {
    .result = show_result,
    .finish = show_finish,
    .destroy = show_destroy,
};

struct report *report_show_create(
    struct output *out, const char *list, const struct terminal *terminal)
{
    struct show_report *show = calloc(1, sizeof *show);
    struct selector_fault fault;

    if (!show)
        return NULL;
    show->base.ops = &show_ops;
    show->out = out;
    if (columns_parse(&show->columns, list, &fault))
        goto fail;
    if (terminal->is_one) {
        show->table = show_table_create(out, &show->columns, terminal);
        if (!show->table)
            goto fail;
    }
    return &show->base;
fail:
    show_destroy(&show->base);
    return NULL;
}
