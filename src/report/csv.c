/*
 * csv - a row a target: cells between commas (RFC 4180), or between TABs.
 *
 * Invariant: a row has as many cells as the heading, whatever bytes are in
 * them; a value that is not there is an empty cell.
 */
#include "output/buffer.h"
#include "record/selector.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const enum selector_id columns[] = {SELECTOR_INPUT, SELECTOR_STATUS,
    SELECTOR_ERROR, SELECTOR_REMOTE_IP, SELECTOR_HTTP_VERSION, SELECTOR_HOPS,
    SELECTOR_TIME_TOTAL};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct csv_report {
    struct report base;
    struct output *out;
    void (*put)(struct output *out, const char *bytes, size_t len);
    const char *between, *end;
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

/* A number without a unit is one of seconds, everywhere but where the name says
 * "ms". */
static void put_seconds(struct output *out, int64_t ns)
{
    int64_t us = (ns + 500) / 1000;

    output_printf(out, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
}

static void put_value(
    const struct csv_report *csv, const struct selector_value *value)
{
    if (value->type == SELECTOR_TEXT)
        csv->put(csv->out, value->text, value->len);
    else if (value->type == SELECTOR_NUMBER)
        output_printf(csv->out, "%" PRId64, value->number);
    else if (value->type == SELECTOR_DURATION)
        put_seconds(csv->out, value->number);
}

/* --- the report --- */

static void put_end(const struct csv_report *csv, size_t column)
{
    output_puts(csv->out, column + 1 < COLUMNS ? csv->between : csv->end);
}

static void csv_begin(struct report *report)
{
    const struct csv_report *csv = (struct csv_report *)report;

    for (size_t i = 0; i < COLUMNS; i++) {
        output_puts(csv->out, selector_name(columns[i]));
        put_end(csv, i);
    }
}

static void csv_result(struct report *report, const struct result *result)
{
    const struct csv_report *csv = (struct csv_report *)report;
    const struct selector_scope scope = {.result = result};

    for (size_t i = 0; i < COLUMNS; i++) {
        struct selector_value value;
        selector_get_known(columns[i], &scope, &value);
        put_value(csv, &value);
        put_end(csv, i);
    }
}

static void csv_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops csv_ops = {
    .begin = csv_begin,
    .result = csv_result,
    .destroy = csv_destroy,
};

static struct report *csv_create(const struct csv_report *as)
{
    struct csv_report *csv = malloc(sizeof *csv);

    if (!csv)
        return NULL;
    *csv = *as;
    csv->base.ops = &csv_ops;
    return &csv->base;
}

struct report *report_csv_create(struct output *out)
{
    return csv_create(&(struct csv_report){
        .out = out, .put = put_csv, .between = ",", .end = "\r\n"});
}

struct report *report_tsv_create(struct output *out)
{
    return csv_create(&(struct csv_report){
        .out = out, .put = put_tsv, .between = "\t", .end = "\n"});
}
