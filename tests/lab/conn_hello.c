/* The part of a connection's life before HTTP: what is done to a
 * ClientHello. Called by tls.c out of wire_read. */
#include "conn.h"

#include "script.h"
#include "tls.h"

#include <arpa/inet.h>
#include <string.h>

/* Without SNI the name is the address that was connected to. */
static void name_of_address(const struct conn *c, char name[64])
{
    struct address at = {.length = sizeof at.v6};

    strcpy(name, "");
    if (getsockname(c->wire.fd, &at.sa, &at.length))
        return;
    if (at.sa.sa_family == AF_INET)
        inet_ntop(AF_INET, &at.v4.sin_addr, name, 64);
    else
        inet_ntop(AF_INET6, &at.v6.sin6_addr, name, 64);
}

static void hello_first(struct conn *c, struct text sni)
{
    struct stats *s = c->http->lab->stats;
    char address[64];

    name_of_address(c, address);
    conn_name(c, sni.n ? sni : text_of(address));
    s->totals.tls_hellos++;
    stats_log(s, "hello", text_of(c->name), sni, 0);
    if (c->counts && conn_outlived(c, ++c->counts->hellos))
        behaviour_ordinary(&c->behaviour, c->http->lab->script);
}

const struct behaviour *conn_hello(struct conn *c, struct text sni)
{
    const struct behaviour *b = &c->behaviour;

    if (!c->name)
        hello_first(c, sni);
    if (!c->greeted && b->accept_ms + b->tls_ms)
        return NULL;
    switch (b->tls) {
    case TLS_GOOD:
    case TLS_ALERT:
    case TLS_OLD:
        return b;
    default:
        return NULL;
    }
}

struct text conn_hello_name(const struct conn *c)
{
    return text_of(c->name);
}

/* One byte of a TLS record, or none, and then silence. */
static void hold(struct conn *c, size_t n)
{
    wire_write(&c->wire, "\x16", n);
    c->stage = HOLDING;
}

void conn_handshake(struct conn *c)
{
    const struct behaviour *b = &c->behaviour;

    if (!c->greeted && b->accept_ms + b->tls_ms) {
        /* OpenSSL would not read on, and the loop call it for ever. */
        event_del(&c->readable);
        conn_wait(c, b->accept_ms + b->tls_ms);
        return;
    }
    tls_drop(&c->wire);
    if (b->tls == TLS_PLAIN)
        conn_answer(c);
    else if (b->tls == TLS_CLOSE)
        conn_close(c, "closed");
    else if (b->tls == TLS_RESET)
        conn_reset(c);
    else
        hold(c, b->tls == TLS_BYTE);
}
