/*
 * write_headers - see write_headers.h.
 */
#include "report/write_headers.h"

#include "http/http.h"
#include "output/buffer.h"
#include "record/response.h"
#include "report/json_field.h"
#include "report/json_write.h"
#include "text/span.h"

#include <strings.h>

static void put_lower(struct output *out, const char *name, size_t len)
{
    JSON_PUT(out, "\"");
    for (size_t i = 0; i < len; i++) {
        char lower = (char)byte_lower(name[i]);
        json_put_latin1_part(out, &lower, 1);
    }
    JSON_PUT(out, "\"");
}

static bool is_same_name(const struct http_field *a, const struct http_field *b)
{
    return a->kind == HTTP_FIELD && a->name_len == b->name_len &&
           strncasecmp(a->name, b->name, a->name_len) == 0;
}

/* Is it the first of its name? */
static bool is_first(
    const struct response *response, const struct http_field *field)
{
    struct http_fields fields;
    struct http_field one;
    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &one) && one.name != field->name)
        if (is_same_name(&one, field))
            return false;
    return true;
}

/* "name":["value",…] of it and all that follow. */
static void put_values(
    struct output *out, struct http_fields rest, const struct http_field *field)
{
    struct http_field one;
    put_lower(out, field->name, field->name_len);
    JSON_PUT(out, ":[");
    json_put_field_value(out, field);
    while (http_fields_next(&rest, &one))
        if (is_same_name(&one, field)) {
            JSON_PUT(out, ",");
            json_put_field_value(out, &one);
        }
    JSON_PUT(out, "]");
}

void write_headers_json(struct output *out, const struct response *response)
{
    struct http_status status;
    struct http_fields fields;
    struct http_field field;
    const char *between = "{";
    bool has_head = response_status_line(response, &status);
    http_fields_init(&fields, has_head ? response->head : "",
        has_head ? response->head_len : 0);
    while (http_fields_next(&fields, &field))
        if (field.kind == HTTP_FIELD && is_first(response, &field)) {
            output_puts(out, between);
            put_values(out, fields, &field);
            between = ",\n";
        }
    output_puts(out, *between == '{' ? "{\n}" : "\n}");
}
