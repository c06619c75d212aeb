/*
 * csv - a row a target: cells between commas (RFC 4180), or between TABs.
 *
 * Invariant: a row has as many cells as the heading, whatever bytes are in
 * them; a value that is not there is an empty cell.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/columns.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

const char report_csv_list[] =
    "status,error,remote_ip,http_version,hops,time.total";

struct csv_report {
    struct report base;
    struct output *out;
    void (*put)(struct output *out, const char *bytes, size_t len);
    const char *between, *end;
    struct columns columns;
    int error; /* -errno */
};

/* --- cells --- */

static bool needs_quotes(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\r' ||
            bytes[i] == '\n')
            return true;
    return false;
}

/* RFC 4180, section 2: a quote within quotes is doubled. */
static void put_csv(struct output *out, const char *bytes, size_t len)
{
    const char *end = bytes + len, *quote;

    if (!needs_quotes(bytes, len)) {
        output_put(out, bytes, len);
        return;
    }
    output_puts(out, "\"");
    while ((quote = memchr(bytes, '"', (size_t)(end - bytes)))) {
        output_put(out, bytes, (size_t)(quote - bytes));
        output_puts(out, "\"\"");
        bytes = quote + 1;
    }
    output_put(out, bytes, (size_t)(end - bytes));
    output_puts(out, "\"");
}

/* What stands for a byte that would end the cell; NULL: itself. */
static const char *escape_tsv(char byte)
{
    switch (byte) {
    case '\t':
        return "\\t";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\\':
        return "\\\\";
    default:
        return NULL;
    }
}

static void put_tsv(struct output *out, const char *bytes, size_t len)
{
    size_t plain = 0;

    for (size_t i = 0; i < len; i++) {
        const char *escaped = escape_tsv(bytes[i]);
        if (!escaped)
            continue;
        output_put(out, bytes + plain, i - plain);
        output_puts(out, escaped);
        plain = i + 1;
    }
    output_put(out, bytes + plain, len - plain);
}

/* For eyes: no byte of a server's drives a terminal. */
static void put_escaped(struct output *out, const char *bytes, size_t len)
{
    const char *quote = needs_quotes(bytes, len) ? "\"" : "";

    output_puts(out, quote);
    output_put_escaped(out, bytes, len);
    output_puts(out, quote);
}

/* --- rows --- */

static void put_end(const struct csv_report *csv, size_t column)
{
    output_puts(
        csv->out, column < csv->columns.count ? csv->between : csv->end);
}

/* Without a value it is empty. */
static void put_column(struct csv_report *csv, const struct column *column,
    const struct selector_scope *scope)
{
    struct cell cell;
    int error = column_get(column, scope, &cell);

    if (error)
        csv->error = error;
    else if (cell.text)
        csv->put(csv->out, cell.text, cell.len);
    cell_fini(&cell);
}

/* --- the report --- */

static void csv_begin(struct report *report)
{
    const struct csv_report *csv = (struct csv_report *)report;

    output_puts(csv->out, selector_name(SELECTOR_INPUT));
    put_end(csv, 0);
    for (size_t i = 0; i < csv->columns.count; i++) {
        struct span name = csv->columns.items[i].name;
        csv->put(csv->out, name.at, name.len);
        put_end(csv, i + 1);
    }
}

/* A row is whole, whatever could not be had of it. */
static void csv_result(struct report *report, const struct result *result)
{
    struct csv_report *csv = (struct csv_report *)report;
    const struct selector_scope scope = {.result = result};

    csv->put(csv->out, result->input, result_input_len(result));
    put_end(csv, 0);
    for (size_t i = 0; i < csv->columns.count; i++) {
        put_column(csv, &csv->columns.items[i], &scope);
        put_end(csv, i + 1);
    }
}

static int csv_finish(struct report *report, const struct run_totals *totals)
{
    (void)totals;
    return ((const struct csv_report *)report)->error;
}

static void csv_destroy(struct report *report)
{
    columns_fini(&((struct csv_report *)report)->columns);
    free(report);
}

static const struct report_ops csv_ops = {
    .begin = csv_begin,
    .result = csv_result,
    .finish = csv_finish,
    .destroy = csv_destroy,
};

static struct report *csv_create(const struct csv_report *as, const char *list)
{
    struct csv_report *csv = malloc(sizeof *csv);
    struct selector_fault fault;

    if (!csv)
        return NULL;
    *csv = *as;
    csv->base.ops = &csv_ops;
    if (columns_parse(&csv->columns, list ? list : report_csv_list, &fault)) {
        free(csv);
        return NULL;
    }
    return &csv->base;
}

struct report *report_csv_create(struct output *out, const char *list)
{
    return csv_create(
        &(struct csv_report){
            .out = out, .put = put_csv, .between = ",", .end = "\r\n"},
        list);
}

struct report *report_tsv_create(struct output *out, const char *list)
{
    return csv_create(
        &(struct csv_report){
            .out = out, .put = put_tsv, .between = "\t", .end = "\n"},
        list);
}

struct report *report_csv_escape(struct report *report)
{
    if (report)
        ((struct csv_report *)report)->put = put_escaped;
    return report;
}
