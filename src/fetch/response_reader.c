/*
 * response_reader - see response_reader.h.
 *
 * Invariant: a line is shown and kept when it is whole, and only of a head
 * that began with a status line.
 */
#include "fetch/response_reader.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "fetch/failure.h"
#include "fetch/quote.h"
#include "fetch/redirect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The first bytes decide whether a status line can come at all. */
static int expect_http(struct response_reader *a)
{
    size_t size;
    const char *bytes = stream_peek(a->stream, &size);
    while (http_status_possible(bytes, size)) {
        if (size >= strlen("HTTP/"))
            return 0;
        int error = stream_fill(a->stream);
        if (error)
            return error;
        bytes = stream_peek(a->stream, &size);
    }
    return quote_peer(a->stream, a->result, PHASE_RECEIVE, FETCH_NOT_HTTP);
}

static int keep_line(
    struct response_reader *a, const struct response_line *line)
{
    struct response *response = &a->result->response;
    int error =
        response_keep_line(response, line->interim, line->bytes, line->len);
    return error || !a->times ? error : response_keep_time(response, line->at);
}

static void show_line(
    struct response_reader *a, const struct response_line *line)
{
    if (a->line)
        a->line(a->line_arg, a->result, line);
}

/* Ahead of a head that is not the target's first. */
static void show_apart(struct response_reader *a, int64_t at)
{
    const struct response_line empty = {.bytes = "", .at = at};
    if (a->apart)
        show_line(a, &empty);
}

static int64_t time_now(const struct response_reader *a)
{
    return a->times ? task_time() - a->sent_at : 0;
}

static void await_room(struct response_reader *a)
{
    if (a->room)
        a->room(a->line_arg);
}

static bool keeps_head(const struct response_reader *a)
{
    return a->keep || a->hold ||
           (a->keep_redirect && redirect_status(a->result->response.status)) ||
           (a->keep_error && a->result->response.status >= 400);
}

static int head_take_line(
    struct response_reader *a, const struct stream_line *line)
{
    const struct response_line shown = {
        line->bytes, line->len, a->interim, time_now(a)};
    if (!a->hold || a->interim)
        show_line(a, &shown);
    return (a->interim ? a->keep : keeps_head(a)) ? keep_line(a, &shown) : 0;
}

/* An empty line behind each, so that they can be told apart. */
static int end_interim(struct response_reader *a)
{
    return a->interim && a->keep
               ? response_keep_line(&a->result->response, true, "", 0)
               : 0;
}

static void take_status(struct response_reader *a)
{
    const struct http_status *status = &a->head.status;
    a->interim = http_status_interim(status);
    if (a->interim)
        return;
    a->result->response.http_major = status->major;
    a->result->response.http_minor = status->minor;
    a->result->response.status = status->code;
    if (!a->hold)
        show_apart(a, time_now(a));
}

static int bad_head(struct response_reader *a, enum http_head_event event,
    const struct stream_line *line)
{
    struct failure_quote quote = {FETCH_NOT_HTTP, line->bytes, line->len};
    if (event == HTTP_HEAD_BAD_STATUS)
        return failure_quote(a->result, PHASE_RECEIVE, &quote);
    if (event == HTTP_HEAD_TOO_LARGE && a->chain_bytes)
        return failure_chain(a->result, PHASE_RECEIVE, a->chain_bytes);
    return failure_head(a->result, PHASE_RECEIVE, event, a->head.max_bytes);
}

/* A line that the rest of the head has room for. */
static int read_line(struct response_reader *a, struct stream_line *line)
{
    size_t room = a->head.max_bytes - a->head.bytes;
    size_t max = room < HTTP_LINE_MAX ? room : HTTP_LINE_MAX;
    int error = stream_readline(a->stream, max, line);
    if (error != ASYNC_LINE_TOO_LONG || max == HTTP_LINE_MAX)
        return error;
    return bad_head(a, HTTP_HEAD_TOO_LARGE, line);
}

/* 0: the blank line was read. */
static int head_read_lines(struct response_reader *a)
{
    struct stream_line line;
    for (;;) {
        int error = read_line(a, &line);
        if (error)
            return error;
        enum http_head_event event =
            http_head_line(&a->head, line.bytes, line.len, line.wire);
        if (event == HTTP_HEAD_STATUS)
            take_status(a);
        if (!a->interim)
            a->result->response.header_bytes = a->head.bytes;
        if (event == HTTP_HEAD_END)
            return end_interim(a);
        if (event != HTTP_HEAD_STATUS && event != HTTP_HEAD_FIELD)
            return bad_head(a, event, &line);
        error = head_take_line(a, &line);
        if (error)
            return error;
        await_room(a);
    }
}

static int head_read(struct response_reader *a)
{
    http_head_init(&a->head, a->max_bytes);
    a->interim = false;
    int error = expect_http(a);
    return error ? error : head_read_lines(a);
}

/* Heads up to the first that is final.  Those before it have one limit
 * together. */
static int read_heads(struct response_reader *a)
{
    size_t bytes = 0;
    for (int interim = 0; interim <= HTTP_INTERIM_MAX; interim++) {
        int error = head_read(a);
        if (error || !a->interim)
            return error;
        bytes += a->head.bytes;
        if (bytes > a->max_bytes)
            return failure_interim_bytes(
                a->result, PHASE_RECEIVE, a->max_bytes);
    }
    return failure_interim(a->result, PHASE_RECEIVE);
}

int response_read(struct response_reader *a)
{
    int error = read_heads(a);
    return error == ASYNC_EOF ? ASYNC_EOF_IN_LINE : error;
}

void response_show(struct response_reader *a)
{
    const char *line = a->result->response.head,
               *end = line + a->result->response.head_len;
    const struct response *response = &a->result->response;
    size_t i = response_interim_lines(response);
    if (line)
        show_apart(a, response_time(response, i));
    while (line < end) {
        const char *lf = memchr(line, '\n', (size_t)(end - line));
        const struct response_line shown = {
            line, (size_t)(lf - line), false, response_time(response, i++)};
        show_line(a, &shown);
        await_room(a);
        line = lf + 1;
    }
}
