/*
 * date_field - see date_field.h.
 *
 * Invariant: of several lines either all say the same or none counts.
 */
#include "fields/date_field.h"

#include "fields/lines.h"
#include "http/date.h"

#include <string.h>

enum { DATE_MAX = 64 }; /* longer ones are none */

static enum date_state read_line(
    const struct http_field *field, int64_t now, int64_t *out)
{
    struct http_value value;
    char text[DATE_MAX];
    size_t len = 0;
    http_value_init(&value, field);
    while (http_value_next(&value)) {
        if (value.chunk_len > sizeof text - len)
            return DATE_WRONG;
        memcpy(text + len, value.chunk, value.chunk_len);
        len += value.chunk_len;
    }
    return date_parse((struct span){text, len}, now, out) ? DATE_GOOD
                                                          : DATE_WRONG;
}

enum date_state date_field_read(
    const struct field_head *head, struct span name, int64_t *out)
{
    struct http_fields fields;
    struct http_field field;
    enum date_state state = DATE_ABSENT;
    int64_t first = 0, date = 0;
    http_fields_init(&fields, head->head, head->head_len);
    while (http_fields_next(&fields, &field)) {
        struct span here = {field.name, field.name_len};
        if (field.kind != HTTP_FIELD || !span_is_like(here, name))
            continue;
        enum date_state line = read_line(&field, head->received_at, &date);
        if (state == DATE_ABSENT) {
            state = line;
            first = date;
        } else if (line != state || date != first) {
            return DATE_CONFLICT;
        }
    }
    if (state == DATE_GOOD)
        *out = first;
    return state;
}
