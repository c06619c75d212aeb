/*
 * write_out - what -w asks for, once a target, instead of its header lines.
 *
 * Invariant: bytes that a server has sent are escaped, those of the format
 * are not; nothing is put but what the format says.
 */
#include "report/write_out.h"

#include "http/http.h"
#include "output/buffer.h"
#include "record/result.h"
#include "report/columns.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct write_report {
    struct report base;
    struct output *out, *err;
    const char *method;
    struct write_format format;
    int error; /* -errno */
};

/* --- header{NAME} --- */

static bool is_named(const struct http_field *field, struct span name)
{
    return field->kind == HTTP_FIELD && field->name_len == name.len &&
           strncasecmp(field->name, name.at, name.len) == 0;
}

static void put_value(struct output *out, const struct http_field *field)
{
    struct http_value value;
    http_value_init(&value, field);
    while (http_value_next(&value))
        output_put_escaped(out, value.chunk, value.chunk_len);
}

/* What stands for the byte behind a backslash in a separator; 0: itself. */
static char unescape_byte(char byte)
{
    static const char from[] = "ntr}\\", to[] = "\n\t\r}\\";
    const char *found = byte ? strchr(from, byte) : NULL;
    return found ? to[found - from] : '\0';
}

static void put_separator(struct output *out, struct span separator)
{
    while (separator.len > 0) {
        struct span byte = span_take(&separator, 1);
        char meant = *byte.at == '\\' && separator.len > 0
                         ? unescape_byte(*separator.at)
                         : '\0';
        span_take(&separator, meant != '\0');
        output_put(out, meant ? &meant : byte.at, 1);
    }
}

/* The first line of the name, or all of them. */
static void put_headers(struct output *out, const struct write_part *part,
    const struct response *response)
{
    struct http_status status;
    struct http_fields fields;
    struct http_field field;
    size_t count = 0;
    if (!response_status_line(response, &status))
        return;
    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &field)) {
        if (!is_named(&field, part->text))
            continue;
        if (count++ > 0)
            put_separator(out, part->separator);
        put_value(out, &field);
        if (part->kind == WRITE_HEADER)
            return;
    }
}

/* --- selectors --- */

/* Lines of a list stand behind commas; nothing stands for none. */
static int put_selector(struct output *out, const struct selector *selector,
    const struct result *result)
{
    const struct selector_scope scope = {.result = result};
    const struct column column = {.selector = *selector};
    struct cell cell;
    int error = column_get(&column, &scope, &cell);
    struct span rest = {cell.text ? cell.text : "", cell.text ? cell.len : 0};
    while (!error && rest.len > 0) {
        struct span line = span_take(&rest, span_until(rest, "\n"));
        output_put_escaped(out, line.at, line.len);
        if (rest.len > 0)
            output_puts(out, ", ");
        span_take(&rest, rest.len > 0);
    }
    cell_fini(&cell);
    return error;
}

/* --- the report --- */

/* False: the rest of the format is for others. */
static bool put_part(struct write_report *report, const struct write_part *part,
    const struct write_source *source, struct output **out)
{
    switch (part->kind) {
    case WRITE_TEXT:
        output_put(*out, part->text.at, part->text.len);
        break;
    case WRITE_VARIABLE:
        write_variable_put(*out, part->variable, source);
        break;
    case WRITE_SELECTOR:
        if (put_selector(*out, &part->selector, source->result))
            report->error = -ENOMEM;
        break;
    case WRITE_HEADER:
    case WRITE_HEADERS:
        put_headers(*out, part, &source->result->response);
        break;
    case WRITE_TO_STDOUT:
        *out = report->out;
        break;
    case WRITE_TO_STDERR:
        *out = report->err;
        break;
    case WRITE_ON_ERROR:
        return source->result->error != FETCH_OK;
    }
    return true;
}

static void write_result(struct report *base, const struct result *result)
{
    struct write_report *report = (struct write_report *)base;
    const struct write_source source = {result, report->method};
    struct output *out = report->out;
    bool goes_on = true;
    for (size_t i = 0; i < report->format.count && goes_on; i++)
        goes_on = put_part(report, &report->format.parts[i], &source, &out);
}

static int write_finish(struct report *base, const struct run_totals *totals)
{
    (void)totals;
    return ((const struct write_report *)base)->error;
}

static void write_destroy(struct report *base)
{
    write_format_fini(&((struct write_report *)base)->format);
    free(base);
}

static const struct report_ops write_ops = {
    .result = write_result,
    .finish = write_finish,
    .destroy = write_destroy,
};

struct report *report_write_out_create(const struct report_write_out *as)
{
    struct write_report *report = calloc(1, sizeof *report);
    struct selector_fault fault;
    if (!report)
        return NULL;
    report->base.ops = &write_ops;
    report->out = as->out;
    report->err = as->err;
    report->method = as->method;
    if (write_format_parse(&report->format, as->format, &fault)) {
        free(report);
        return NULL;
    }
    return &report->base;
}
