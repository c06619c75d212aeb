/* The life of a connection: read a request, find out what its name asks
 * for, wait, answer, end. One of these is under way at a time; during all
 * of them a client that leaves is noticed. */
#include "conn.h"

#include "script.h"
#include "tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* After the wire is closed. */
static void conn_free(struct conn *c, const char *end)
{
    conn_note_end(c, end);
    TAILQ_REMOVE(&c->http->conns, c, link);
    answer_fini(&c->answer);
    buf_free(&c->in);
    free(c->host);
    free(c->name);
    free(c->path);
    free(c);
}

static void conn_disarm(struct conn *c)
{
    event_del(&c->readable);
    event_del(&c->writable);
    evtimer_del(&c->timer);
}

void conn_close(struct conn *c, const char *end)
{
    conn_disarm(c);
    wire_close(&c->wire, !c->behaviour.no_notify);
    conn_free(c, end);
}

void conn_reset(struct conn *c)
{
    c->http->lab->stats->totals.resets_sent++;
    conn_disarm(c);
    wire_reset(&c->wire);
    conn_free(c, "reset");
}

void conn_lost(struct conn *c, ssize_t err)
{
    struct totals *t = &c->http->lab->stats->totals;

    if (err == -ECONNRESET || err == -EPIPE)
        t->resets_seen++;
    if (err == -EPROTO)
        t->tls_failures++;
    conn_close(c, err ? "lost" : "left");
}

/* /lab/as/NAME stands for a request of NAME; other /lab/ paths are ours. */
static void take_path(struct conn *c, struct request *r)
{
    static const char as[] = "/lab/as/";
    size_t n = sizeof as - 1;

    if (r->target.n < 5 || memcmp(r->target.p, as, 5))
        return;
    if (r->target.n > n && !memcmp(r->target.p, as, n))
        r->name = (struct text){r->target.p + n, r->target.n - n};
    else
        c->path = lab_strndup(r->target.p, r->target.n);
}

static unsigned delay_of(const struct conn *c)
{
    if (c->path)
        return 0;
    return c->behaviour.ttfb_ms + (c->tls ? 0 : c->behaviour.accept_ms);
}

static void conn_request(struct conn *c, struct request *r, struct text raw)
{
    take_path(c, r);
    conn_note_request(c, r, raw);
    conn_name(c, r->name);
    if (c->counts && conn_outlived(c, ++c->counts->requests))
        behaviour_ordinary(&c->behaviour, c->http->lab->script);
    c->host = lab_strndup(r->host.p, r->host.n);
    c->head_only = text_is(r->method, "HEAD");
    c->has_body = r->has_body;
    c->stage = WAITING;
    if (delay_of(c))
        conn_wait(c, delay_of(c));
    else
        conn_answer(c);
}

/* What is no request, or too long to be one, is answered 400. */
static void conn_malformed(struct conn *c, struct text raw)
{
    struct request none = {.name = TEXT("")};

    c->http->lab->stats->totals.malformed++;
    conn_note_request(c, &none, raw);
    conn_name(c, none.name);
    c->behaviour.status = 400;
    c->has_body = true;
    conn_answer(c);
}

/* The request is mostly whole at once, and then never copied. */
static void conn_input(struct conn *c, const char *p, size_t n)
{
    struct text raw = {p, n};
    struct request r;
    long length;

    if (c->in.len) {
        buf_add(&c->in, p, n);
        raw = (struct text){c->in.p, c->in.len};
    }
    length = request_read(&r, raw.p, raw.n);
    if (length > 0)
        conn_request(c, &r, raw);
    else if (length < 0 || raw.n >= RAW_MAX)
        conn_malformed(c, raw);
    else if (!c->in.len)
        buf_add(&c->in, p, n);
}

/* Past the request, input is only read to see the client leave. */
static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    ssize_t n = wire_read(&c->wire, c->http->input, sizeof c->http->input);

    (void)fd;
    (void)what;
    if (n == -EINPROGRESS)
        conn_handshake(c);
    else if (n > 0 && c->stage == READING)
        conn_input(c, c->http->input, (size_t)n);
    else if (n <= 0 && n != -EAGAIN)
        conn_lost(c, n);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    conn_send(arg);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;

    if (c->stage == READING) {
        c->greeted = true;
        event_add(&c->readable, NULL);
        on_readable(fd, what, c);
    } else if (c->stage == SENDING) {
        conn_send(c);
    } else {
        conn_answer(c);
    }
}

void conn_open(struct listener *from, int fd)
{
    struct event_base *base = from->http->lab->base;
    struct conn *c = lab_alloc(sizeof *c);

    c->http = from->http;
    c->wire.fd = fd;
    c->counted = from->counted;
    c->tls = from->tls;
    c->stage = from->door == DOOR_LIVE ? READING : HOLDING;
    TAILQ_INSERT_TAIL(&c->http->conns, c, link);
    conn_note_open(c);
    event_assign(&c->readable, base, fd, EV_READ | EV_PERSIST, on_readable, c);
    event_assign(&c->writable, base, fd, EV_WRITE, on_writable, c);
    evtimer_assign(&c->timer, base, on_timer, c);
    event_add(&c->readable, NULL);
    if (c->tls && c->stage == READING &&
        tls_start(c->http->lab->tls, &c->wire, c))
        conn_close(c, "lost");
    else if (from->door == DOOR_CLOSE)
        wire_shut(&c->wire, false);
}

void conns_close(struct http *http)
{
    struct conn *c;

    while ((c = TAILQ_FIRST(&http->conns)))
        conn_close(c, "stopped");
}
