/* DNS by TCP (RFC 7766): frames of a length and a message, as many on one
 * connection as the client likes, answered each in its own time. */
#include "dns.h"

#include "stats.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAME_MAX = 4096, IDLE_S = 120 };

struct dns_tcp {
    struct lab *lab;
    struct evconnlistener *listener;
    TAILQ_HEAD(, client) clients;
};

struct client {
    TAILQ_ENTRY(client) link;
    struct dns_tcp *server;
    struct bufferevent *bev;
    struct event *timer; /* while an answer waits, no more are read */
    struct message answer;
};

static void client_free(struct client *c)
{
    TAILQ_REMOVE(&c->server->clients, c, link);
    event_free(c->timer);
    bufferevent_free(c->bev);
    free(c);
}

static void client_reset(struct client *c)
{
    struct linger now = {1, 0};

    setsockopt(
        bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    client_free(c);
}

static void send_answer(struct client *c)
{
    uint8_t length[2] = {(uint8_t)(c->answer.n >> 8), (uint8_t)c->answer.n};

    bufferevent_write(c->bev, length, 2);
    bufferevent_write(c->bev, c->answer.p, c->answer.n);
}

/* False if nothing more is to be read now, or ever. */
static bool on_frame(struct client *c, const uint8_t *p, size_t n)
{
    const struct dns_plan *plan;
    struct behaviour b;
    struct question q;

    if (question_read(&q, p, n)) {
        c->server->lab->stats->totals.dns_malformed++;
        client_free(c);
        return false;
    }
    dns_decide(c->server->lab, &q, true, &b);
    plan = dns_plan_of(&q, &b);
    if (b.tc == TC_RESET) {
        client_reset(c);
        return false;
    }
    if (b.tc == TC_SILENT || (plan && plan->kind == DNS_SILENT))
        return true;
    answer_write(&c->answer, &q, p, &b);
    if (plan && plan->delay_ms) {
        struct timeval wait = {
            plan->delay_ms / 1000, plan->delay_ms % 1000 * 1000};

        bufferevent_disable(c->bev, EV_READ);
        evtimer_add(c->timer, &wait);
        return false;
    }
    send_answer(c);
    return true;
}

static void on_data(struct bufferevent *bev, void *arg)
{
    struct evbuffer *in = bufferevent_get_input(bev);
    uint8_t frame[2 + FRAME_MAX];
    struct client *c = arg;
    bool more = true;

    while (more && evbuffer_copyout(in, frame, 2) == 2) {
        size_t n = (size_t)(frame[0] << 8 | frame[1]);

        if (n > FRAME_MAX) {
            client_free(c);
            return;
        }
        if (evbuffer_get_length(in) < n + 2)
            return;
        evbuffer_remove(in, frame, n + 2);
        more = on_frame(c, frame + 2, n);
    }
}

static void on_delay_over(evutil_socket_t fd, short what, void *arg)
{
    struct client *c = arg;

    (void)fd;
    (void)what;
    send_answer(c);
    bufferevent_enable(c->bev, EV_READ);
    on_data(c->bev, c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    (void)what;
    client_free(arg);
}

static void on_client(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *from, int length, void *arg)
{
    struct timeval idle = {IDLE_S, 0};
    struct dns_tcp *t = arg;
    struct client *c = lab_alloc(sizeof *c);

    (void)listener;
    (void)from;
    (void)length;
    c->server = t;
    c->bev = bufferevent_socket_new(t->lab->base, fd, BEV_OPT_CLOSE_ON_FREE);
    c->timer = evtimer_new(t->lab->base, on_delay_over, c);
    TAILQ_INSERT_TAIL(&t->clients, c, link);
    bufferevent_setcb(c->bev, on_data, NULL, on_event, c);
    bufferevent_set_timeouts(c->bev, &idle, &idle);
    bufferevent_setwatermark(c->bev, EV_READ, 0, 4 * FRAME_MAX);
    bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

struct dns_tcp *dns_tcp_open(struct lab *lab, int fd)
{
    struct dns_tcp *t = lab_alloc(sizeof *t);

    t->lab = lab;
    TAILQ_INIT(&t->clients);
    t->listener = evconnlistener_new(
        lab->base, on_client, t, LEV_OPT_CLOSE_ON_FREE, 0, fd);
    return t;
}

void dns_tcp_close(struct dns_tcp *t)
{
    struct client *c;

    if (!t)
        return;
    while ((c = TAILQ_FIRST(&t->clients)))
        client_free(c);
    evconnlistener_free(t->listener);
    free(t);
}
