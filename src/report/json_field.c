/*
 * json_field - a field line of a head as JSON.
 *
 * Invariant: a value that is not valid UTF-8 is decoded as ISO-8859-1 whole.
 */
#include "report/json_field.h"

#include "http/http.h"
#include "output/buffer.h"
#include "report/json_base64.h"
#include "report/json_write.h"
#include "text/utf8.h"

static bool value_is_utf8(const struct http_field *field)
{
    struct http_value value;

    http_value_init(&value, field);
    while (http_value_next(&value))
        if (!utf8_valid(value.chunk, value.chunk_len))
            return false;
    return true;
}

static void put_value(
    struct output *out, const struct http_field *field, bool is_utf8)
{
    struct http_value value;

    JSON_PUT(out, "\"");
    http_value_init(&value, field);
    while (http_value_next(&value))
        if (is_utf8)
            json_put_utf8_part(out, value.chunk, value.chunk_len);
        else
            json_put_latin1_part(out, value.chunk, value.chunk_len);
    JSON_PUT(out, "\"");
}

/* The bytes themselves. */
static void put_raw(struct output *out, const struct http_field *field)
{
    struct base64 base64 = {.count = 0};
    struct http_value value;

    JSON_PUT(out, ",\"");
    http_value_init(&value, field);
    while (http_value_next(&value))
        base64_put(&base64, out, value.chunk, value.chunk_len);
    base64_end(&base64, out);
    JSON_PUT(out, "\"");
}

static void put_stamp(struct output *out, int64_t at)
{
    if (at < 0)
        return;
    JSON_PUT(out, ",");
    json_put_ms(out, at);
}

void json_put_field(
    struct output *out, const struct http_field *field, int64_t at)
{
    bool is_utf8 = value_is_utf8(field);

    JSON_PUT(out, "[");
    json_put_latin1(out, field->name, field->name_len);
    JSON_PUT(out, ",");
    if (field->kind == HTTP_BARE)
        JSON_PUT(out, "null");
    else
        put_value(out, field, is_utf8);
    put_stamp(out, at);
    if (!is_utf8)
        put_raw(out, field);
    JSON_PUT(out, "]");
}

void json_put_field_value(struct output *out, const struct http_field *field)
{
    put_value(out, field, value_is_utf8(field));
}
