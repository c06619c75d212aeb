/*
 * fetch - the seed's wget: look the name up, connect (and start TLS), send the
 * request, read header lines to the blank one, close.
 *
 * Invariant: `phase` is the one that is going on, and each phase begun has
 * its time in the result, whether it ended well or not.
 */
#include "fetch.h"

#include "async/connection.h"
#include "async/error.h"
#include "async/tls.h"
#include "failure.h"
#include "http.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct fetch {
    const struct fetch_config *config;
    const struct target *target;
    struct result *result;
    struct lookup lookup;
    struct stream *stream;
    struct http_head head;
    enum phase phase;
    int64_t phase_began;
    uint16_t port;
    int send_error; /* the peer would not read; it may have answered */
    bool interim; /* the head being read is a 1xx */
};

/* A failure that the result tells already. */
enum { FAILED = 1 };

static int64_t phase_end(struct fetch *f)
{
    int64_t now = loop_time();
    f->result->timings[f->phase] = now - f->phase_began;
    return now;
}

static void phase_begin(struct fetch *f, enum phase phase)
{
    f->phase_began = f->phase == PHASE_INPUT ? loop_time() : phase_end(f);
    f->phase = phase;
}

/* --- resolve, connect, TLS --- */

static int resolve(struct fetch *f, const struct route *route)
{
    if (!route->name) {
        lookup_given(&f->lookup, route->addresses, route->count);
        return 0;
    }
    phase_begin(f, PHASE_DNS);
    struct lookup_name name = {route->name, f->config->family, route->absolute};
    int error = lookup_start(&f->lookup, f->config->resolver, &name);
    return error ? error : lookup_wait(&f->lookup);
}

static int connect_stream(struct fetch *f, uint16_t port)
{
    union address remote = {.sa.sa_family = AF_UNSPEC};
    phase_begin(f, PHASE_CONNECT);
    int error = open_connection(&f->stream, &f->lookup, port, &remote);
    memcpy(&f->result->remote, &remote, sizeof remote);
    return error;
}

static int start_tls(struct fetch *f)
{
    struct tls_peer peer = {f->target->host, f->target->port};
    phase_begin(f, PHASE_TLS);
    f->result->tls = calloc(1, sizeof *f->result->tls);
    if (!f->result->tls)
        return -ENOMEM;
    return stream_start_tls(f->stream, f->config->tls, &peer, f->result->tls);
}

static int reach(struct fetch *f)
{
    struct wait_for connect_timeout;
    struct route route;
    route_find(&f->config->routes, f->target, &route);
    f->result->attempts = 1;
    wait_for_enter(&connect_timeout, f->config->connect_timeout);
    int error = resolve(f, &route);
    if (!error)
        error = connect_stream(f, route.port);
    if (!error && f->target->scheme == TARGET_HTTPS)
        error = start_tls(f);
    lookup_stop(&f->lookup);
    return wait_for_leave(&connect_timeout, error);
}

/* --- send the request --- */

static int send_request(struct fetch *f)
{
    size_t len;
    phase_begin(f, PHASE_SEND);
    char *bytes = request_write(&f->config->request, f->target, &len);
    if (!bytes)
        return -ENOMEM;
    int error = stream_write(f->stream, bytes, len);
    free(bytes);
    if (!error)
        error = stream_drain(f->stream);
    if (error != -EPIPE && error != -ECONNRESET)
        return error;
    f->send_error = error;
    return 0;
}

/* --- read the head --- */

/* An answer that is not HTTP: what it begins with, for the message.  It is
 * waited for a little, and one byte beyond the quote, so that segments make
 * no other message. */
static int not_http(struct fetch *f)
{
    size_t size;
    const char *bytes = stream_peek(f->stream, &size);
    struct wait_for a_second;
    wait_for_enter(&a_second, LOOP_SECOND);
    while (size <= FAILURE_QUOTED && !memchr(bytes, '\n', size)) {
        int error = stream_fill(f->stream);
        bytes = stream_peek(f->stream, &size); /* even a failure moves them */
        if (error)
            break;
    }
    wait_for_leave(&a_second, 0);
    failure_not_http(f->result, f->phase, bytes, size);
    return FAILED;
}

/* The first bytes decide whether a status line can come at all. */
static int expect_http(struct fetch *f)
{
    size_t size;
    const char *bytes = stream_peek(f->stream, &size);
    while (http_status_possible(bytes, size)) {
        if (size >= strlen("HTTP/"))
            return 0;
        int error = stream_fill(f->stream);
        if (error)
            return error;
        bytes = stream_peek(f->stream, &size);
    }
    return not_http(f);
}

static int keep_line(struct result *result, const struct stream_line *line)
{
    char *head = realloc(result->head, result->head_len + line->len + 1);
    if (!head)
        return -ENOMEM;
    memcpy(head + result->head_len, line->bytes, line->len);
    result->head = head;
    result->head_len += line->len;
    result->head[result->head_len++] = '\n';
    return 0;
}

static int take_line(struct fetch *f, const struct stream_line *line)
{
    const struct fetch_config *config = f->config;
    if (config->line)
        config->line(
            config->line_arg, f->result, f->interim, line->bytes, line->len);
    return config->keep_head && !f->interim ? keep_line(f->result, line) : 0;
}

static void take_status(struct fetch *f)
{
    const struct http_status *status = &f->head.status;
    f->interim = http_status_interim(status);
    if (f->interim)
        return;
    f->result->http_major = status->major;
    f->result->http_minor = status->minor;
    f->result->status = status->code;
}

static int bad_head(
    struct fetch *f, enum http_head_event event, const struct stream_line *line)
{
    if (event == HTTP_HEAD_BAD_STATUS)
        failure_not_http(f->result, f->phase, line->bytes, line->len);
    else
        failure_head(f->result, f->phase, event, f->head.max_bytes);
    return FAILED;
}

/* A line that the rest of the head has room for. */
static int read_line(struct fetch *f, struct stream_line *line)
{
    size_t room = f->head.max_bytes - f->head.bytes;
    size_t max = room < HTTP_LINE_MAX ? room : HTTP_LINE_MAX;
    int error = stream_readline(f->stream, max, line);
    if (error != ASYNC_LINE_TOO_LONG || max == HTTP_LINE_MAX)
        return error;
    return bad_head(f, HTTP_HEAD_TOO_LARGE, line);
}

/* 0: the blank line was read. */
static int read_lines(struct fetch *f)
{
    struct stream_line line;
    for (;;) {
        int error = read_line(f, &line);
        if (error)
            return error;
        enum http_head_event event =
            http_head_line(&f->head, line.bytes, line.len, line.wire);
        f->result->header_bytes = f->head.bytes;
        if (event == HTTP_HEAD_END)
            return 0;
        if (event == HTTP_HEAD_STATUS)
            take_status(f);
        else if (event != HTTP_HEAD_FIELD)
            return bad_head(f, event, &line);
        error = take_line(f, &line);
        if (error)
            return error;
    }
}

/* Heads up to the first that is final. */
static int read_heads(struct fetch *f)
{
    for (int interim = 0; interim <= HTTP_INTERIM_MAX; interim++) {
        http_head_init(&f->head, f->config->max_header_size);
        int error = expect_http(f);
        if (!error)
            error = read_lines(f);
        if (error || !f->interim)
            return error;
    }
    failure_interim(f->result, f->phase);
    return FAILED;
}

static int read_answer(struct fetch *f)
{
    phase_begin(f, PHASE_WAIT);
    int error = stream_fill(f->stream);
    if (error)
        return f->send_error ? f->send_error : error;
    phase_begin(f, PHASE_RECEIVE);
    error = read_heads(f);
    return error == ASYNC_EOF ? ASYNC_EOF_IN_LINE : error;
}

/* --- the whole --- */

static int wget(struct fetch *f)
{
    int error = reach(f);
    if (!error)
        error = send_request(f);
    if (!error)
        error = read_answer(f);
    /* Ignore the body, close the socket. */
    stream_close(f->stream);
    return error;
}

void fetch(const struct fetch_config *config, const struct target *target,
    struct result *result)
{
    struct fetch f = {.config = config, .target = target, .result = result};
    struct wait_for max_time;
    clock_gettime(CLOCK_REALTIME, &result->started_at);
    int64_t began = loop_time();
    wait_for_enter(&max_time, config->max_time);
    int error = wait_for_leave(&max_time, wget(&f));
    result->timings[PHASE_TOTAL] = phase_end(&f) - began;
    if (error && error != FAILED)
        failure_tell(result, f.phase, error);
    if (!error)
        result->hint = request_hint(&config->request, result->status);
}
