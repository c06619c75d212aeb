/*
 * http_request - the head of a request, written; see http.h.
 *
 * Invariant: what goes between two line ends holds none, so that no option
 * or target can begin a field, or a request, of its own.  That is looked at
 * in the bytes themselves, in every kind of build, whoever let it in.
 */
#include "http/http.h"

#include "text/span.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static bool is_value_byte(char c)
{
    return ((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t';
}

bool http_token_valid(const char *text, size_t len)
{
    return len > 0 && span_is((struct span){text, len}, byte_is_token);
}

bool http_value_valid(const char *text, size_t len)
{
    return span_is((struct span){text, len}, is_value_byte);
}

const char *http_wish_parse(
    const char *text, size_t len, struct http_field *out)
{
    struct span line = {text, len};
    bool colon = span_has(line, ':');
    size_t name_len = span_until(line, colon ? ":" : ";");
    if (!http_value_valid(text, len))
        return "contains a control character";
    if (name_len == len || !http_token_valid(text, name_len))
        return "is not \"Name: value\", \"Name;\" or \"Name:\"";
    http_field_parse(text, len, out);
    if (colon) {
        out->kind = out->value_len > 0 ? HTTP_FIELD : HTTP_BARE;
        return NULL;
    }
    struct span rest = {text + name_len + 1, len - name_len - 1};
    *out = (struct http_field){
        HTTP_FIELD, text, name_len, text + len, 0}; /* "Name;" */
    return span_is(rest, byte_is_blank) ? NULL : "has a value after \"Name;\"";
}

/* A text being written.  `len` counts on when `size` is used up. */
struct text {
    char *buf;
    size_t size, len;
    size_t lines; /* ended by put_line_end */
};

static void put_bytes(struct text *text, const char *bytes, size_t len)
{
    if (len > 0 && text->len + len <= text->size)
        memcpy(text->buf + text->len, bytes, len);
    text->len += len;
}

static inline void put_span(struct text *text, const char *string)
{
    put_bytes(text, string, strlen(string));
}

static void put_line_end(struct text *text)
{
    put_bytes(text, "\r\n", 2);
    text->lines++;
}

static size_t count_size(const struct text *text, char byte)
{
    const char *at = text->buf, *end = at + text->len;
    size_t found = 0;
    for (; (at = memchr(at, byte, (size_t)(end - at))); at++)
        found++;
    return found;
}

/* Another line end would be a second request of somebody else's making. */
static bool has_own_line_ends_only(const struct text *text)
{
    return count_size(text, '\r') == text->lines &&
           count_size(text, '\n') == text->lines;
}

/* What http_request_write returns of it. */
static long text_finish(const struct text *text)
{
    if (text->len > text->size)
        return -ENOSPC;
    return has_own_line_ends_only(text) ? (long)text->len : -EINVAL;
}

static void put_number(struct text *text, unsigned number)
{
    char digits[16];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    put_bytes(text, digits + at, sizeof digits - at);
}

static bool is_named(const struct http_field *field, const char *name)
{
    return field->name_len == strlen(name) &&
           strncasecmp(field->name, name, field->name_len) == 0;
}

/* What nobody but the host that the user meant may see. */
static bool is_credential(const struct http_field *field)
{
    return is_named(field, "Authorization") || is_named(field, "Cookie") ||
           is_named(field, "Proxy-Authorization");
}

static bool is_left_out(
    const struct http_request *rq, const struct http_field *field)
{
    if (rq->without & HTTP_WITHOUT_HOST && is_named(field, "Host"))
        return true;
    if (rq->without & HTTP_WITHOUT_PROXY_CREDENTIALS &&
        is_named(field, "Proxy-Authorization"))
        return true;
    return rq->without & HTTP_WITHOUT_CREDENTIALS && is_credential(field);
}

/* The user's first wish about the field of this name; NULL: none. */
static const struct http_field *wish_find(
    const struct http_request *rq, const char *name)
{
    for (size_t i = 0; i < rq->field_count; i++)
        if (is_named(&rq->fields[i], name) && !is_left_out(rq, &rq->fields[i]))
            return &rq->fields[i];
    return NULL;
}

static void put_wish(struct text *text, const struct http_field *field)
{
    if (field->kind == HTTP_BARE)
        return;
    put_bytes(text, field->name, field->name_len);
    put_span(text, field->value_len > 0 ? ": " : ":");
    put_bytes(text, field->value, field->value_len);
    put_line_end(text);
}

/* All but Host, which has gone first. */
static void put_wishes(struct text *text, const struct http_request *rq)
{
    for (size_t i = 0; i < rq->field_count; i++) {
        const struct http_field *field = &rq->fields[i];
        if (!is_named(field, "Host") && !is_left_out(rq, field))
            put_wish(text, field);
    }
}

static void put_request_field(
    struct text *text, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    put_span(text, name);
    put_span(text, ": ");
    put_span(text, value);
    put_line_end(text);
}

static void put_default(struct text *text, const struct http_request *rq,
    const char *name, const char *value)
{
    if (!wish_find(rq, name))
        put_request_field(text, name, value);
}

/* uri-host [ ":" port ], RFC 9110 section 7.2. */
static void put_host(struct text *text, const struct http_request *rq)
{
    const struct http_field *wish = wish_find(rq, "Host");
    if (wish) {
        put_wish(text, wish);
        return;
    }
    put_span(text, "Host: ");
    put_span(text, rq->host_is_v6 ? "[" : "");
    put_span(text, rq->host);
    put_span(text, rq->host_is_v6 ? "]" : "");
    if (rq->port != rq->default_port) {
        put_span(text, ":");
        put_number(text, rq->port);
    }
    put_line_end(text);
}

static void put_request_line(struct text *text, const struct http_request *rq)
{
    put_span(text, rq->method);
    put_span(text, " ");
    put_span(text, rq->target);
    put_span(text, rq->http11 ? " HTTP/1.1" : " HTTP/1.0");
    put_line_end(text);
}

static void put_request(struct text *text, const struct http_request *rq)
{
    put_request_line(text, rq);
    put_host(text, rq);
    put_default(text, rq, "Proxy-Authorization", rq->proxy_authorization);
    if (!(rq->without & HTTP_WITHOUT_CREDENTIALS))
        put_default(text, rq, "Authorization", rq->authorization);
    put_default(text, rq, "User-Agent", rq->user_agent);
    put_default(text, rq, "Accept", "*/*");
    put_default(text, rq, "Connection", rq->http11 ? "close" : NULL);
    put_wishes(text, rq);
    put_line_end(text);
}

long http_request_write(char *buf, size_t size, const struct http_request *rq)
{
    struct text text = {.buf = buf, .size = size};
    put_request(&text, rq);
    return text_finish(&text);
}

size_t http_request_size(const struct http_request *rq)
{
    struct text text = {0};
    put_request(&text, rq);
    return text.len;
}

/* RFC 9112 section 3.2.3.  In HTTP/1.1, which all proxies know: some refuse
 * 1.0. */
static void put_connect(struct text *text, const struct http_connect *connect)
{
    put_span(text, "CONNECT ");
    put_span(text, connect->authority);
    put_span(text, " HTTP/1.1");
    put_line_end(text);
    put_request_field(text, "Host", connect->authority);
    put_request_field(
        text, "Proxy-Authorization", connect->proxy_authorization);
    put_request_field(text, "User-Agent", connect->user_agent);
    put_line_end(text);
}

long http_connect_write(
    char *buf, size_t size, const struct http_connect *connect)
{
    struct text text = {.buf = buf, .size = size};
    put_connect(&text, connect);
    return text_finish(&text);
}

size_t http_connect_size(const struct http_connect *connect)
{
    struct text text = {0};
    put_connect(&text, connect);
    return text.len;
}
