/*
 * json_field - a field line of a head as JSON.
 */
#ifndef AFETCH_JSON_FIELD_H
#define AFETCH_JSON_FIELD_H

#include <stdint.h>

struct http_field;
struct output;

/* As in records: ["name","value"]; of a line without a colon ["line",null].
 * Behind that stands when it was read, in ms, if `at` is not negative, and of
 * a value that is not UTF-8 the bytes in base64. */
void json_put_field(
    struct output *out, const struct http_field *field, int64_t at);
/* Its value alone, quoted; ISO-8859-1 where it is not UTF-8. */
void json_put_field_value(struct output *out, const struct http_field *field);

#endif
