/*
 * plan_request - see plan_request.h.
 */
#include "report/plan_request.h"

#include "http/http.h"

#include <string.h>

static bool is_secret(const struct http_field *field)
{
    return http_field_is(field, "Authorization") ||
           http_field_is(field, "Proxy-Authorization") ||
           http_field_is(field, "Cookie");
}

bool plan_next_line(struct span *head, struct plan_line *out)
{
    const char *stop = memmem(head->at, head->len, "\r\n", 2);
    size_t len = stop ? (size_t)(stop - head->at) : head->len;
    struct http_field field;
    if (len == 0)
        return false;
    struct span line = span_take(head, len);
    span_take(head, stop ? 2 : 0);
    http_field_parse(line.at, line.len, &field);
    *out = (struct plan_line){line, ""};
    if (is_secret(&field))
        *out = (struct plan_line){{field.name, field.name_len}, ": ***"};
    return true;
}
