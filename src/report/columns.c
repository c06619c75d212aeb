/*
 * columns - see columns.h.
 *
 * Invariant: a column has at most one value of a result, whatever came.
 */
#include "report/columns.h"

#include "http/http.h"
#include "record/response.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- the list --- */

static bool byte_is_glob(char c)
{
    return byte_is_token(c) || c == '?';
}

/* A name of a field with a * or ? in it; 0: it is none. */
static size_t glob_len(struct span rest)
{
    size_t len = span_of(rest, byte_is_glob);
    bool is_glob = memchr(rest.at, '*', len) || memchr(rest.at, '?', len);

    return is_glob && (len == rest.len || rest.at[len] == ',') ? len : 0;
}

static void skip_blanks(struct span *rest)
{
    span_take(rest, span_of(*rest, byte_is_blank));
}

static int read_column(
    struct span *rest, struct column *out, struct selector_fault *fault)
{
    size_t len = glob_len(*rest);
    const char *from = rest->at;

    *out = (struct column){.is_glob = len > 0};
    if (len == 0 && selector_read(rest, &out->selector, fault))
        return -EINVAL;
    span_take(rest, len);
    out->name = (struct span){from, (size_t)(rest->at - from)};
    while (out->name.len > 0 && byte_is_blank(from[out->name.len - 1]))
        out->name.len--;
    return 0;
}

static int fault_at(struct selector_fault *fault, size_t at, const char *what)
{
    fault->at = at;
    snprintf(fault->text, sizeof fault->text, "expected %s", what);
    return -EINVAL;
}

static int read_columns(
    struct columns *columns, const char *text, struct selector_fault *fault)
{
    struct span rest = {text, strlen(text)};

    for (;;) {
        skip_blanks(&rest);
        size_t at = (size_t)(rest.at - text);
        if (rest.len == 0)
            return fault_at(fault, at, "the name of a value");
        if (read_column(&rest, &columns->items[columns->count], fault)) {
            fault->at += at;
            return -EINVAL;
        }
        columns->count++;
        skip_blanks(&rest);
        if (rest.len == 0)
            return 0;
        if (*rest.at != ',')
            return fault_at(fault, (size_t)(rest.at - text), "a comma");
        span_take(&rest, 1);
    }
}

int columns_parse(
    struct columns *out, const char *text, struct selector_fault *fault)
{
    size_t most = 1;
    for (const char *at = text; (at = strchr(at, ',')); at++)
        most++;

    struct columns columns = {calloc(most, sizeof *columns.items), 0};
    int error = columns.items ? read_columns(&columns, text, fault) : -ENOMEM;
    if (error)
        columns_fini(&columns);
    else
        *out = columns;
    return error;
}

void columns_fini(struct columns *columns)
{
    free(columns->items);
    *columns = (struct columns){0};
}

bool columns_need_head(const struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        if (columns->items[i].is_glob ||
            selector_needs_head(&columns->items[i].selector))
            return true;
    return false;
}

bool columns_need_certs(const struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        if (!columns->items[i].is_glob &&
            selector_needs_certs(&columns->items[i].selector))
            return true;
    return false;
}

/* --- values --- */

static struct span print_date(int64_t seconds, char made[48])
{
    struct tm tm;
    time_t time = (time_t)seconds;

    if (!gmtime_r(&time, &tm))
        return (struct span){NULL, 0};
    return (struct span){made, strftime(made, 48, "%Y-%m-%dT%H:%M:%SZ", &tm)};
}

/* A number without a unit is one of seconds, everywhere but where the name says
 * "ms".  What a field says is whole, what was measured has a fraction. */
static struct span print_seconds(int64_t ns, char made[48])
{
    uint64_t us = ((ns < 0 ? -(uint64_t)ns : (uint64_t)ns) + 500) / 1000;
    int len =
        snprintf(made, 48, "%s%" PRIu64, ns < 0 && us ? "-" : "", us / 1000000);

    if (us % 1000000)
        len +=
            snprintf(made + len, 48 - (size_t)len, ".%06" PRIu64, us % 1000000);
    return (struct span){made, (size_t)len};
}

/* The text of a value, which may be written to `made`. */
static struct span cell_text(const struct selector_value *value, char made[48])
{
    switch (value->type) {
    case SELECTOR_TEXT:
    case SELECTOR_LIST:
        return (struct span){value->text, value->len};
    case SELECTOR_NUMBER:
        return (struct span){
            made, (size_t)snprintf(made, 48, "%" PRId64, value->number)};
    case SELECTOR_DURATION:
        return print_seconds(value->number, made);
    case SELECTOR_BOOL:
        return value->number ? (struct span){"true", 4}
                             : (struct span){"false", 5};
    case SELECTOR_DATE:
        return print_date(value->number, made);
    default:
        return (struct span){NULL, 0};
    }
}

/* --- cells --- */

static bool is_match(
    const struct column *column, const struct http_field *field)
{
    char pattern[256], name[256];

    return field->kind == HTTP_FIELD &&
           span_copy(column->name, pattern, sizeof pattern) &&
           span_copy((struct span){field->name, field->name_len}, name,
               sizeof name) &&
           fnmatch(pattern, name, FNM_CASEFOLD) == 0;
}

/* The field as a line of its own, with no LF in it. */
static char *append_field(char *end, const struct http_field *field)
{
    struct http_value value;

    end = mempcpy(end, field->name, field->name_len);
    end = mempcpy(end, ": ", 2);
    http_value_init(&value, field);
    while (http_value_next(&value))
        end = mempcpy(end, value.chunk, value.chunk_len);
    return mempcpy(end, "\n", 1);
}

/* A line grows by at most one byte: the blank behind its colon. */
static int get_glob(const struct column *column,
    const struct response *response, struct cell *out)
{
    struct http_status status;
    struct http_fields fields;
    struct http_field field;

    if (!response_status_line(response, &status))
        return 0;
    char *end = out->heap = malloc(response->head_len + HTTP_LINES_MAX);
    if (!end)
        return -ENOMEM;
    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &field))
        if (is_match(column, &field))
            end = append_field(end, &field);
    if (end > out->heap) {
        out->text = out->heap;
        out->len = (size_t)(end - out->heap) - 1;
    }
    return 0;
}

int column_get(const struct column *column, const struct selector_scope *scope,
    struct cell *out)
{
    out->text = NULL;
    out->len = 0;
    out->heap = NULL;
    out->value.heap = NULL;
    if (column->is_glob)
        return get_glob(column, selector_response(scope), out);
    int error = selector_get(&column->selector, scope, &out->value);
    if (error)
        return error;
    struct span text = cell_text(&out->value, out->made);
    out->text = text.at;
    out->len = text.len;
    return 0;
}

void cell_fini(struct cell *cell)
{
    free(cell->heap);
    free(cell->value.heap);
    cell->heap = cell->value.heap = NULL;
}
