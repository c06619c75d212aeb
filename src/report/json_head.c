/*
 * json_head - see json_head.h.
 *
 * Invariant: the n-th time of a response is that of the n-th line kept, those
 * of 1xx heads first.
 */
#include "report/json_head.h"

#include "http/http.h"
#include "output/buffer.h"
#include "record/members.h"
#include "record/response.h"
#include "report/json_field.h"
#include "report/json_member.h"
#include "report/json_write.h"
#include "text/span.h"

#include <inttypes.h>
#include <string.h>

static size_t count_lines(const char *from, const char *to)
{
    size_t lines = 0;

    while ((from = memchr(from, '\n', (size_t)(to - from)))) {
        lines++;
        from++;
    }
    return lines;
}

/* When the line was read; negative: nobody wants to know. */
static int64_t time_of(const struct response *response, size_t line)
{
    return response->times ? response_time(response, line) : -1;
}

/* The fields of one head, whose first line is this one of those kept. */
static void put_fields(struct output *out, const struct response *response,
    struct span head, size_t line)
{
    struct http_fields fields;
    struct http_field field;
    const char *at = head.at;

    http_fields_init(&fields, head.at, head.len);
    while (http_fields_next(&fields, &field)) {
        if (at != head.at)
            JSON_PUT(out, ",");
        line += count_lines(at, field.name);
        at = field.name;
        json_put_field(out, &field, time_of(response, line));
    }
}

void json_put_headers(struct output *out, const struct response *response)
{
    struct http_status status;

    JSON_PUT(out, "[");
    if (response_status_line(response, &status))
        put_fields(out, response,
            (struct span){response->head, response->head_len},
            response->times ? response_interim_lines(response) : 0);
    JSON_PUT(out, "]");
}

/* The next head, without the empty line behind it. */
static struct span take_head(struct span *heads)
{
    size_t len = 0;

    while (len < heads->len && heads->at[len] != '\n')
        len +=
            span_until((struct span){heads->at + len, heads->len - len}, "\n") +
            1;
    if (len > heads->len)
        len = heads->len;
    struct span head = span_take(heads, len);
    span_take(heads, heads->len > 0);
    return head;
}

static void put_status(struct output *out, struct span head)
{
    struct http_status status;

    if (http_status_parse(head.at, span_until(head, "\n"), &status)) {
        JSON_PUT(out, MEMBER("status") "null," MEMBER("reason") "null,");
        return;
    }
    output_printf(out, MEMBER("status") "%d," MEMBER("reason"), status.code);
    json_put_string(out, status.reason, status.reason_len);
    JSON_PUT(out, ",");
}

void json_put_interim(struct output *out, const struct response *response)
{
    struct span heads = {
        response->interim ? response->interim : "", response->interim_len};
    size_t line = 0;

    JSON_PUT(out, "[");
    while (heads.len > 0) {
        struct span head = take_head(&heads);
        output_puts(out, line > 0 ? ",{" : "{");
        put_status(out, head);
        JSON_PUT(out, MEMBER(MEMBER_HEADERS) "[");
        put_fields(out, response, head, line);
        JSON_PUT(out, "]}");
        line += count_lines(head.at, head.at + head.len);
    }
    JSON_PUT(out, "]");
}
