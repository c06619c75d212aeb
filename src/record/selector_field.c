/*
 * selector_field - the value of a response field.
 *
 * Invariant: a joined value is never longer than its lines in the head, so
 * the head's length is room enough.
 */
#include "record/selector_field.h"

#include "http/http.h"
#include "record/response.h"
#include "record/selector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool next_line(
    struct http_fields *fields, struct span name, struct http_field *out)
{
    return http_fields_next_named(fields, name.at, name.len, out);
}

static bool is_folded(const struct http_field *field)
{
    return memchr(field->value, '\n', field->value_len) != NULL;
}

static char *append_line(char *end, const struct http_field *field)
{
    struct http_value value;
    http_value_init(&value, field);
    while (http_value_next(&value))
        end = mempcpy(end, value.chunk, value.chunk_len);
    return end;
}

/* The first line, and all that follow it in `rest`. */
static int join_lines(const struct response *response, struct http_fields rest,
    struct span name, struct http_field *line, struct selector_value *out)
{
    const char *between = out->type == SELECTOR_LIST ? "\n" : ", ";
    char *end = out->heap = malloc(response->head_len);
    if (!end)
        return -ENOMEM;
    end = append_line(end, line);
    while (next_line(&rest, name, line)) {
        end = mempcpy(end, between, strlen(between));
        end = append_line(end, line);
    }
    out->text = out->heap;
    out->len = (size_t)(end - out->heap);
    return 0;
}

/* The fields of a head; false without one. */
static bool begin_fields(
    const struct response *response, struct http_fields *fields)
{
    struct http_status status;
    if (!response_status_line(response, &status))
        return false;
    http_fields_init(fields, response->head, response->head_len);
    return true;
}

/* As `type`, a text or a list. */
static int get_lines(const struct response *response, struct span name,
    enum selector_type type, struct selector_value *out)
{
    struct http_fields fields;
    struct http_field first, next;
    if (!begin_fields(response, &fields) || !next_line(&fields, name, &first))
        return 0;
    out->type = type;
    out->text = first.value;
    out->len = first.value_len;
    struct http_fields rest = fields;
    if (!is_folded(&first) && !next_line(&fields, name, &next))
        return 0;
    int error = join_lines(response, rest, name, &first, out);
    if (error)
        out->type = SELECTOR_NONE;
    return error;
}

static bool is_set_cookie(struct span name)
{
    static const char set_cookie[] = "Set-Cookie";
    return name.len == sizeof set_cookie - 1 &&
           strncasecmp(name.at, set_cookie, name.len) == 0;
}

int selector_get_field(const struct response *response, struct span name,
    struct selector_value *out)
{
    return get_lines(response, name,
        is_set_cookie(name) ? SELECTOR_LIST : SELECTOR_TEXT, out);
}

int selector_get_lines(const struct response *response, struct span name,
    struct selector_value *out)
{
    return get_lines(response, name, SELECTOR_LIST, out);
}

void selector_count_lines(const struct response *response, struct span name,
    struct selector_value *out)
{
    struct http_fields fields;
    struct http_field line;
    if (!begin_fields(response, &fields))
        return;
    out->type = SELECTOR_NUMBER;
    while (next_line(&fields, name, &line))
        out->number++;
}
