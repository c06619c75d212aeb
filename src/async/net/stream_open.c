/*
 * stream_open - sockets that connect.
 *
 * Invariant: a stream is registered once, from stream_open to stream_close;
 * each event of its is kept in `ready`.
 */
#include "async/net/stream.h"

#include "async/core/error.h"
#include "async/net/source.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

static void stream_event(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    struct stream *stream = arg;
    stream->ready |= what;
    if (stream->waiter && what & stream->wanted)
        future_set(stream->waiter, 0);
}

static int stream_register(struct stream *stream)
{
    struct event_base *base = loop_base(loop_running());
    event_assign(&stream->event, base, stream->fd,
        EV_READ | EV_WRITE | EV_ET | EV_PERSIST, stream_event, stream);
    return event_add(&stream->event, NULL) ? -ENOMEM : 0;
}

/* Whether the handshake's last ACK is sent at once, or waits (200 ms at most)
 * for our first bytes and goes with them: a segment less.  Advice only. */
static void ack_at_once(int fd, int yes)
{
#ifdef TCP_QUICKACK
    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
#else
    (void)fd, (void)yes;
#endif
}

/* Is there an own address that leads to this one?  A datagram socket needs
 * one, too, but its ports are others'; connecting it sends nothing. */
static bool has_source(const union address *address)
{
    int family = address->sa.sa_family;
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true; /* for all that is known */
    bool found = source_bind(fd, family) ||
                 !connect(fd, &address->sa, address_length(address)) ||
                 errno != EADDRNOTAVAIL;
    close(fd);
    return found;
}

/* What connect(2) says where routes or rules of this machine are what is
 * wrong; without an address of the family it speaks of ports. */
static int connect_error(int error, const union address *address)
{
    switch (error) {
    case EADDRNOTAVAIL:
        return has_source(address) ? -error : ASYNC_NO_SOURCE;
    case EINVAL:
        return ASYNC_BLACKHOLE;
    case EACCES:
    case EPERM:
        return ASYNC_PROHIBITED;
    default:
        return -error;
    }
}

/* connect(2)'s own errors count as its outcome. */
static int socket_connect(int fd, const union address *address)
{
    ack_at_once(fd, false);
    int error = source_bind(fd, address->sa.sa_family);
    if (!error && connect(fd, &address->sa, address_length(address)) &&
        errno != EINPROGRESS)
        error = connect_error(errno, address);
    return error;
}

static int open_now(struct stream *stream)
{
    stream->fd = socket(stream->address.sa.sa_family,
        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (stream->fd < 0)
        return -errno;
    int error = socket_connect(stream->fd, &stream->address);
    if (!error)
        error = stream_register(stream);
    if (error)
        close(stream->fd);
    return error;
}

struct call {
    struct stream *stream;
    int result;
};

static void call_open(void *arg)
{
    struct call *call = arg;
    call->result = open_now(call->stream);
}

/* The kernel reads arguments from the stack: the loop's, which it has read
 * before, rather than a page that may be new to it and cost a fault. */
int stream_open(
    struct stream **out, const union address *address, struct future *changed)
{
    struct stream *stream = malloc(sizeof *stream);
    if (!stream)
        return -ENOMEM;
    *stream = (struct stream){
        .address = *address,
        .opening = true,
        .waiter = changed,
        .wanted = EV_READ | EV_WRITE,
    };
    struct call call = {.stream = stream};
    task_on_loop_stack(call_open, &call);
    if (call.result)
        free(stream);
    else
        *out = stream;
    return call.result;
}

int stream_opened(struct stream *stream)
{
    if (!stream->opening)
        return 0;
    if (!stream->ready)
        return -EINPROGRESS;
    /* Writable alone is connected.  Readable too is a peer that spoke first
     * or an error: ask. */
    if (stream->ready & EV_READ) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error)
            return -error;
    }
    stream->opening = false;
    return 0;
}

bool stream_is_looped(const struct stream *stream)
{
    union address own = {0};
    const union address *peer = &stream->address;
    socklen_t length = sizeof own;
    if (getsockname(stream->fd, &own.sa, &length) ||
        own.sa.sa_family != peer->sa.sa_family)
        return false;
    if (own.sa.sa_family == AF_INET6)
        return own.in6.sin6_port == peer->in6.sin6_port &&
               IN6_ARE_ADDR_EQUAL(&own.in6.sin6_addr, &peer->in6.sin6_addr);
    return own.in.sin_port == peer->in.sin_port &&
           own.in.sin_addr.s_addr == peer->in.sin_addr.s_addr;
}

void stream_adopt(struct stream *stream)
{
    stream->waiter = NULL;
}

int stream_connect(struct stream **out, const union address *address)
{
    struct future changed;
    struct stream *stream;
    future_init(&changed);
    int result = stream_open(&stream, address, &changed);
    if (result)
        return result;
    result = await(&changed);
    stream_adopt(stream);
    if (!result)
        result = stream_opened(stream);
    if (result) {
        stream_close(stream);
        return result;
    }
    ack_at_once(stream->fd, true);
    *out = stream;
    return 0;
}
