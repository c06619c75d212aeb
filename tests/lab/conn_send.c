/* Answering: builds the bytes, sends them at the asked pace, ends as asked.
 * An answer that goes out at once is never copied. */
#include "conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>

enum { SEND_BUFFER_ENDLESS = 65536, SENDS_IN_A_ROW = 64 };

void conn_wait(struct conn *c, unsigned ms)
{
    struct timeval wait = {ms / 1000, ms % 1000 * 1000};

    evtimer_add(&c->timer, &wait);
}

/* The answer is out. A close with unread input would be a reset, so a
 * request that brought a body is waited out. */
static void conn_end(struct conn *c)
{
    const struct behaviour *b = &c->behaviour;

    if (b->end == END_RESET)
        return conn_reset(c);
    if (b->end == END_CLOSE && !c->has_body)
        return conn_close(c, "closed");
    if (b->end != END_KEEP)
        wire_shut(&c->wire, !b->no_notify);
    c->stage = HOLDING;
}

/* True if at least a part of the piece went out. */
static bool send_piece(struct conn *c, struct text piece)
{
    ssize_t n = wire_write(&c->wire, piece.p, piece.n);

    if (n == -EAGAIN) {
        answer_keep(&c->answer);
        event_add(&c->writable, NULL);
        return false;
    }
    if (n <= 0) {
        conn_lost(c, n);
        return false;
    }
    conn_note_sent(c, (size_t)n);
    return true;
}

/* Sends on until a pause, a full socket, the end, or another's turn. */
void conn_send(struct conn *c)
{
    unsigned ms = 0;

    for (int i = 0; c->sent < c->answer.total; i++) {
        if (i == SENDS_IN_A_ROW ||
            pace_pause(&c->pace, &c->behaviour, &c->answer, c->sent, &ms)) {
            answer_keep(&c->answer);
            conn_wait(c, ms);
            return;
        }
        if (!send_piece(c, pace_piece(&c->behaviour, &c->answer, c->sent)))
            return;
    }
    conn_end(c);
}

static const char *date_now(struct http *h)
{
    time_t now = time(NULL);
    struct tm tm;

    if (now != h->date_of) {
        gmtime_r(&now, &tm);
        strftime(h->date, sizeof h->date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
        h->date_of = now;
    }
    return h->date;
}

/* A small send buffer keeps the count of what an endless answer could send
 * close to what the client took. */
static void buffer_narrow(struct conn *c)
{
    int size = SEND_BUFFER_ENDLESS;

    if (c->answer.unit)
        setsockopt(c->wire.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

void conn_answer(struct conn *c)
{
    struct asker to = {.host = text_of(c->host ? c->host : c->name),
        .name = text_of(c->name),
        .head_only = c->head_only,
        .tls = c->wire.ssl != NULL,
        .date = date_now(c->http)};

    c->stage = SENDING;
    if (!c->path || !control_answer(c->http, text_of(c->path), &c->answer)) {
        answer_build(&c->answer, &c->http->scratch, &c->behaviour, &to);
        buffer_narrow(c);
    }
    conn_send(c);
}
