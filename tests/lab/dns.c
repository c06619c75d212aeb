/* DNS by UDP. Questions are drained in batches and answered in batches: a
 * hundred thousand may come at once, and each one lost costs its asker a
 * second. */
#include "dns.h"

#include "door.h"
#include "stats.h"

#include <errno.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

enum { BATCH = 64, QUESTION_MAX = 1024, RECEIVE_BUFFER = 64 << 20 };
enum { DELAYED_MAX = 200000 };

/* One datagram in and the one that answers it. */
struct slot {
    struct address from;
    uint8_t asked[QUESTION_MAX];
    size_t length;
    struct message answer;
};

struct udp {
    struct lab *lab;
    struct event *readable;
    int fd;
    int stranger; /* another port, for answers from a wrong source */
    unsigned ready;
    struct slot *slots;
    struct mmsghdr in[BATCH], out[BATCH];
    struct iovec in_iov[BATCH], out_iov[BATCH];
};

struct dns {
    struct udp *udp[FAMILIES];
    struct dns_tcp *tcp[FAMILIES];
    TAILQ_HEAD(, delayed) delayed;
    unsigned delayed_count;
};

/* An answer that waits for its time. */
struct delayed {
    TAILQ_ENTRY(delayed) link;
    struct dns *dns;
    struct event timer;
    struct address to;
    int fd;
    size_t length;
    uint8_t bytes[];
};

const struct dns_plan *dns_plan_of(
    const struct question *q, const struct behaviour *b)
{
    if (q->type == QTYPE_A)
        return &b->dns[V4];
    return q->type == QTYPE_AAAA ? &b->dns[V6] : NULL;
}

static unsigned ask_kind(const struct question *q)
{
    if (q->type == QTYPE_A)
        return ASK_A;
    return q->type == QTYPE_AAAA ? ASK_AAAA : ASK_OTHER;
}

void dns_decide(
    struct lab *lab, const struct question *q, bool tcp, struct behaviour *b)
{
    struct text name = {q->name, q->name_length};
    struct name_stats *counts = stats_name(lab->stats, name);
    unsigned kind = ask_kind(q);

    lab->stats->totals.asked[kind]++;
    lab->stats->totals.dns_tcp += tcp;
    if (counts)
        counts->asked[kind]++;
    stats_log(lab->stats, tcp ? "dns-tcp" : "dns", name, TEXT(""), q->type);
    behaviour_of(b, lab->script, name, NULL);
    if (b->first && (!counts || counts->asked[kind] > b->first))
        behaviour_ordinary(b, lab->script);
}

static void delayed_free(struct delayed *d)
{
    TAILQ_REMOVE(&d->dns->delayed, d, link);
    d->dns->delayed_count--;
    evtimer_del(&d->timer);
    free(d);
}

static void on_delay_over(evutil_socket_t fd, short what, void *arg)
{
    struct delayed *d = arg;

    (void)fd;
    (void)what;
    sendto(d->fd, d->bytes, d->length, 0, &d->to.sa, d->to.length);
    delayed_free(d);
}

static void answer_later(struct udp *u, const struct slot *s, unsigned ms)
{
    struct timeval wait = {ms / 1000, ms % 1000 * 1000};
    struct dns *dns = u->lab->dns;
    struct delayed *d;

    if (dns->delayed_count == DELAYED_MAX)
        return;
    d = lab_alloc(sizeof *d + s->answer.n);
    d->dns = dns;
    d->to = s->from;
    d->fd = u->fd;
    d->length = s->answer.n;
    memcpy(d->bytes, s->answer.p, s->answer.n);
    evtimer_assign(&d->timer, u->lab->base, on_delay_over, d);
    evtimer_add(&d->timer, &wait);
    TAILQ_INSERT_TAIL(&dns->delayed, d, link);
    dns->delayed_count++;
}

static void send_to(int fd, const struct slot *s, const void *p, size_t n)
{
    sendto(fd, p, n, 0, &s->from.sa, s->from.length);
}

/* What a careful asker must look past, ahead of the real answer. */
static void send_junk(struct udp *u, const struct slot *s,
    const struct question *q, unsigned junk)
{
    struct question other = *q;
    struct message lie;

    if (junk & JUNK_EMPTY)
        send_to(u->fd, s, "", 0);
    if (junk & JUNK_GARBAGE)
        send_to(u->fd, s, "\xff\xfe no DNS message", 18);
    answer_write_false(&lie, q, s->asked);
    if (junk & JUNK_SOURCE)
        send_to(u->stranger, s, lie.p, lie.n);
    other.id = (uint16_t)(q->id + 1);
    answer_write_false(&lie, &other, s->asked);
    if (junk & JUNK_ID)
        send_to(u->fd, s, lie.p, lie.n);
}

static void answer_now(struct udp *u, struct slot *s)
{
    unsigned i = u->ready++;

    u->out_iov[i] = (struct iovec){s->answer.p, s->answer.n};
    u->out[i].msg_hdr = (struct msghdr){.msg_name = &s->from.sa,
        .msg_namelen = s->from.length,
        .msg_iov = &u->out_iov[i],
        .msg_iovlen = 1};
}

static void on_question(struct udp *u, struct slot *s)
{
    const struct dns_plan *plan;
    struct behaviour b;
    struct question q;

    if (question_read(&q, s->asked, s->length)) {
        u->lab->stats->totals.dns_malformed++;
        return;
    }
    dns_decide(u->lab, &q, false, &b);
    plan = dns_plan_of(&q, &b);
    if (b.junk)
        send_junk(u, s, &q, b.junk);
    if (plan && plan->kind == DNS_SILENT)
        return;
    answer_write(&s->answer, &q, s->asked, &b);
    answer_truncate(&s->answer, &q, b.tc != TC_NO);
    if (plan && plan->delay_ms)
        answer_later(u, s, plan->delay_ms);
    else
        answer_now(u, s);
}

static int receive_batch(struct udp *u)
{
    for (unsigned i = 0; i < BATCH; i++) {
        struct slot *s = &u->slots[i];

        u->in_iov[i] = (struct iovec){s->asked, sizeof s->asked};
        u->in[i].msg_hdr = (struct msghdr){.msg_name = &s->from.sa,
            .msg_namelen = sizeof s->from.v6,
            .msg_iov = &u->in_iov[i],
            .msg_iovlen = 1};
    }
    return recvmmsg(u->fd, u->in, BATCH, MSG_DONTWAIT, NULL);
}

/* A full send buffer loses the rest, as networks do. */
static void send_batch(struct udp *u)
{
    unsigned sent = 0;
    int n;

    while (sent < u->ready) {
        n = sendmmsg(u->fd, u->out + sent, u->ready - sent, 0);
        sent += n > 0 ? (unsigned)n : 1;
    }
    u->ready = 0;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct udp *u = arg;
    int n;

    (void)fd;
    (void)what;
    do {
        n = receive_batch(u);
        for (int i = 0; i < n; i++) {
            u->slots[i].from.length = u->in[i].msg_hdr.msg_namelen;
            u->slots[i].length = u->in[i].msg_len;
            on_question(u, &u->slots[i]);
        }
        send_batch(u);
    } while (n == BATCH);
}

static void buffer_widen(int fd)
{
    int size = RECEIVE_BUFFER;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

static void udp_close(struct udp *u)
{
    if (!u)
        return;
    if (u->readable)
        event_free(u->readable);
    if (u->fd >= 0)
        close(u->fd);
    if (u->stranger >= 0)
        close(u->stranger);
    free(u->slots);
    free(u);
}

static struct address loopback(int family, uint16_t port)
{
    if (family == V4)
        return address_v4(door_v4(DOOR_LIVE, 0), port);
    return address_v6(door_v6(DOOR_LIVE, 0), port);
}

static int udp_open(struct lab *lab, int family, uint16_t port)
{
    struct udp *u = lab->dns->udp[family] = lab_alloc(sizeof *u);
    struct address at = loopback(family, port);
    struct address any = loopback(family, 0);

    u->lab = lab;
    u->slots = lab_alloc(BATCH * sizeof *u->slots);
    u->stranger = door_open(SOCK_DGRAM, &any, 0);
    u->fd = door_open(SOCK_DGRAM, &at, 0);
    if (u->fd < 0)
        return u->fd;
    buffer_widen(u->fd);
    u->readable =
        event_new(lab->base, u->fd, EV_READ | EV_PERSIST, on_readable, u);
    return event_add(u->readable, NULL) ? -ENOMEM : 0;
}

static int family_open(struct lab *lab, int family, uint16_t *port, bool tcp)
{
    struct address at;
    int err, fd;

    err = udp_open(lab, family, *port);
    if (err)
        return err;
    *port = door_port(lab->dns->udp[family]->fd);
    if (!tcp)
        return 0;
    at = loopback(family, *port);
    fd = door_open(SOCK_STREAM, &at, 4096);
    if (fd < 0)
        return fd;
    lab->dns->tcp[family] = dns_tcp_open(lab, fd);
    return 0;
}

/* One try at the same port for both families and both transports. */
static int dns_try(struct lab *lab, uint16_t *port, bool tcp)
{
    int err;

    lab->dns = lab_alloc(sizeof *lab->dns);
    TAILQ_INIT(&lab->dns->delayed);
    err = family_open(lab, V4, port, tcp);
    if (!err)
        err = family_open(lab, V6, port, tcp);
    if (err == -EADDRNOTAVAIL || err == -EAFNOSUPPORT) {
        udp_close(lab->dns->udp[V6]);
        lab->dns->udp[V6] = NULL;
        err = 0;
    }
    return err;
}

int dns_open(struct lab *lab, uint16_t *port, bool tcp)
{
    int err = -EADDRINUSE;

    for (int tries = 0; tries < 20 && err == -EADDRINUSE; tries++) {
        uint16_t chosen = *port;

        dns_close(lab->dns);
        err = dns_try(lab, &chosen, tcp);
        if (!err)
            *port = chosen;
    }
    return err;
}

void dns_close(struct dns *dns)
{
    if (!dns)
        return;
    while (!TAILQ_EMPTY(&dns->delayed))
        delayed_free(TAILQ_FIRST(&dns->delayed));
    for (int f = V4; f < FAMILIES; f++) {
        udp_close(dns->udp[f]);
        dns_tcp_close(dns->tcp[f]);
    }
    free(dns);
}
