/* Where connections come in: the serving addresses, and the doors that are
 * rude before a byte is read. */
#include "http.h"

#include "stats.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ACCEPTS_IN_A_ROW = 256, BACKLOG = 65535, PAUSE_MS = 20 };

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;

    (void)fd;
    (void)what;
    event_add(l->acceptable, NULL);
}

/* Out of descriptors: let some be given back first. */
static void listener_pause(struct listener *l)
{
    struct timeval wait = {0, PAUSE_MS * 1000};

    event_del(l->acceptable);
    evtimer_add(l->pause, &wait);
}

static void reset_at_once(struct listener *l, int fd)
{
    struct totals *t = &l->http->lab->stats->totals;
    struct wire wire = {fd, NULL};

    t->accepted++;
    t->resets_sent++;
    wire_reset(&wire);
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;

    (void)what;
    for (int i = 0; i < ACCEPTS_IN_A_ROW; i++) {
        int accepted = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (accepted >= 0 && l->door == DOOR_RESET)
            reset_at_once(l, accepted);
        else if (accepted >= 0)
            conn_open(l, accepted);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
            return listener_pause(l);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

static int listener_open(
    struct http *h, const struct address *at, struct listener how)
{
    struct listener *l = &h->listeners[h->listener_count];

    how.fd = door_open(SOCK_STREAM, at, BACKLOG);
    if (how.fd < 0)
        return how.fd;
    *l = how;
    l->http = h;
    l->acceptable =
        event_new(h->lab->base, l->fd, EV_READ | EV_PERSIST, on_acceptable, l);
    l->pause = evtimer_new(h->lab->base, on_pause_over, l);
    event_add(l->acceptable, NULL);
    h->listener_count++;
    return 0;
}

static int open_v4(
    struct http *h, enum door door, uint16_t port, struct listener how)
{
    struct address at = address_v4(door_v4(door, 0), port);

    how.door = door;
    return listener_open(h, &at, how);
}

/* All doors of one port; `*v6` stays true while there is an IPv6. */
static int doors_open(
    struct http *h, uint16_t *port, struct listener how, bool *v6)
{
    static const enum door rude[] = {DOOR_RESET, DOOR_CLOSE, DOOR_MUTE};
    int err = open_v4(h, DOOR_LIVE, *port, how);
    struct address at;

    if (err)
        return err;
    *port = door_port(h->listeners[h->listener_count - 1].fd);
    for (size_t i = 0; i < 3 && !err; i++)
        err = open_v4(h, rude[i], *port, how);
    at = address_v6(door_v6(DOOR_LIVE, 0), *port);
    if (!err)
        err = listener_open(h, &at, how);
    if (err == -EADDRNOTAVAIL || err == -EAFNOSUPPORT) {
        *v6 = false;
        err = 0;
    }
    return err ? err : door_open_hole(*port, h->holes[how.tls]);
}

static void fd_close(int *fd)
{
    if (*fd > 0)
        close(*fd);
    *fd = 0;
}

static void listeners_close(struct http *h)
{
    for (unsigned i = 0; i < h->listener_count; i++) {
        event_free(h->listeners[i].acceptable);
        event_free(h->listeners[i].pause);
        close(h->listeners[i].fd);
    }
    h->listener_count = 0;
    for (int i = 0; i < 2 * HOLES; i++) {
        fd_close(&h->holes[0][i]);
        fd_close(&h->holes[1][i]);
    }
}

static int ports_try(struct http *h, struct http_ports *ports)
{
    struct listener plain = {.counted = true};
    struct listener tls = {.counted = true, .tls = true};
    struct listener stats = {.counted = false};
    int err;

    ports->v6 = true;
    err = doors_open(h, &ports->http, plain, &ports->v6);
    if (!err)
        err = doors_open(h, &ports->https, tls, &ports->v6);
    if (!err)
        err = open_v4(h, DOOR_LIVE, ports->stats, stats);
    if (!err)
        ports->stats = door_port(h->listeners[h->listener_count - 1].fd);
    return err;
}

/* A chosen port may be taken on one of the other addresses: choose again. */
int http_open(struct lab *lab, struct http_ports *ports)
{
    struct http *h = lab->http = lab_alloc(sizeof *h);
    int err = -EADDRINUSE;

    h->lab = lab;
    TAILQ_INIT(&h->conns);
    for (int tries = 0; tries < 20 && err == -EADDRINUSE; tries++) {
        struct http_ports chosen = *ports;

        listeners_close(h);
        err = ports_try(h, &chosen);
        if (!err)
            *ports = chosen;
    }
    return err;
}

void http_close(struct http *h)
{
    if (!h)
        return;
    conns_close(h);
    listeners_close(h);
    buf_free(&h->scratch);
    free(h);
}
