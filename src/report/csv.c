/*
 * csv - a row a target: cells between commas (RFC 4180), or between TABs.
 *
 * Invariant: a row has as many cells as the heading, whatever bytes are in
 * them; a value that is not there is an empty cell.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/report.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_MAX = 48 }; /* of a text made for the occasion */

/* A value as text; all zero: there is none. */
struct cell {
    const char *at; /* may point into `made` */
    size_t len;
    char made[CELL_MAX];
};

struct column {
    const char *name;
    void (*get)(const struct result *result, struct cell *cell);
};

struct csv_report {
    struct report base;
    struct output *out;
    void (*put)(struct output *out, const char *bytes, size_t len);
    const char *between, *end;
};

/* --- the values --- */

static void set_text(struct cell *cell, const char *text)
{
    if (!text)
        return;
    cell->at = text;
    cell->len = strlen(text);
}

static void set_number(struct cell *cell, uint64_t number)
{
    snprintf(cell->made, sizeof cell->made, "%" PRIu64, number);
    set_text(cell, cell->made);
}

static void get_input(const struct result *result, struct cell *cell)
{
    cell->at = result->input;
    cell->len = result_input_len(result);
}

static void get_status(const struct result *result, struct cell *cell)
{
    if (result->status)
        set_number(cell, (uint64_t)result->status);
}

static void get_error(const struct result *result, struct cell *cell)
{
    set_text(cell, fetch_error_name(result->error));
}

static void get_remote_ip(const struct result *result, struct cell *cell)
{
    const union address *remote = &result->remote;
    const void *ip = remote->sa.sa_family == AF_INET6
                         ? (const void *)&remote->in6.sin6_addr
                         : (const void *)&remote->in.sin_addr;

    set_text(cell,
        inet_ntop(remote->sa.sa_family, ip, cell->made, sizeof cell->made));
}

static void get_http_version(const struct result *result, struct cell *cell)
{
    if (!result->status)
        return;
    snprintf(cell->made, sizeof cell->made, "%d.%d", result->http_major,
        result->http_minor);
    set_text(cell, cell->made);
}

/* Requests, those of redirects included. */
static void get_hops(const struct result *result, struct cell *cell)
{
    set_number(
        cell, result->hop_count ? result->hop_count : result->attempts > 0);
}

/* In seconds: a number without a unit is one of seconds everywhere but where
 * the name says "ms". */
static void get_total(const struct result *result, struct cell *cell)
{
    int64_t us = (result->timings[PHASE_TOTAL] + 500) / 1000;

    if (result->timings[PHASE_TOTAL] == PHASE_NONE)
        return;
    snprintf(cell->made, sizeof cell->made, "%" PRId64 ".%06" PRId64,
        us / 1000000, us % 1000000);
    set_text(cell, cell->made);
}

static const struct column columns[] = {
    {"input", get_input},
    {"status", get_status},
    {"error", get_error},
    {"remote_ip", get_remote_ip},
    {"http_version", get_http_version},
    {"hops", get_hops},
    {"time.total", get_total},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

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

/* --- the report --- */

static void put_cell(
    const struct csv_report *csv, size_t i, const struct cell *cell)
{
    if (cell->len > 0)
        csv->put(csv->out, cell->at, cell->len);
    output_puts(csv->out, i + 1 < COLUMNS ? csv->between : csv->end);
}

static void csv_begin(struct report *report)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        struct cell cell = {0};
        set_text(&cell, columns[i].name);
        put_cell((struct csv_report *)report, i, &cell);
    }
}

static void csv_result(struct report *report, const struct result *result)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        struct cell cell = {0};
        columns[i].get(result, &cell);
        put_cell((struct csv_report *)report, i, &cell);
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
