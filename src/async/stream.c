/*
 * stream - sockets awaited.
 *
 * Invariant: `ready` holds an edge until the call that met EAGAIN clears
 * it, so no edge is lost and no system call is made just to ask.
 */
#include "stream.h"

#include "error.h"
#include "gate.h"
#include "source.h"
#include "tls.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Read at once; a head seldom is larger. */
enum { CHUNK = 16 * 1024 };

/*
 * The buffer that all streams of a loop read into.  Whoever has unread bytes
 * in it is its owner; they move to the owner's own memory when another
 * stream wants to read.
 */
struct shared {
    struct stream *owner;
    char bytes[CHUNK];
};

static void shared_destroy(void *arg)
{
    free(arg);
}

static struct shared *shared_get(struct loop *loop)
{
    struct shared *shared = loop_local(loop, LOOP_LOCAL_STREAMS);
    if (shared)
        return shared;
    shared = malloc(sizeof *shared);
    if (!shared)
        return NULL;
    shared->owner = NULL;
    loop_set_local(loop, LOOP_LOCAL_STREAMS, shared, shared_destroy);
    return shared;
}

/* --- opening and closing --- */

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

/* Makes the socket; connect(2)'s own errors count as its outcome. */
static int socket_connect(const union address *address)
{
    int fd = socket(
        address->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    ack_at_once(fd, false);
    int error = source_bind(fd, address->sa.sa_family);
    if (!error && connect(fd, &address->sa, address_length(address)) &&
        errno != EINPROGRESS)
        error = -errno;
    if (!error)
        return fd;
    close(fd);
    return error;
}

int stream_open(
    struct stream **out, const union address *address, struct future *changed)
{
    int fd = socket_connect(address);
    if (fd < 0)
        return fd;
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        close(fd);
        return -ENOMEM;
    }
    stream->address = *address;
    stream->fd = fd;
    stream->opening = true;
    stream->waiter = changed;
    stream->wanted = EV_READ | EV_WRITE;
    if (stream_register(stream)) {
        close(fd);
        free(stream);
        return -ENOMEM;
    }
    *out = stream;
    return 0;
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

static bool in_is_shared(const struct stream *stream)
{
    struct shared *shared = loop_local(loop_running(), LOOP_LOCAL_STREAMS);
    return shared && stream->in.bytes == shared->bytes;
}

static void in_release(struct stream *stream)
{
    if (in_is_shared(stream))
        shared_get(loop_running())->owner = NULL;
    else
        free(stream->in.bytes);
    stream->in = (struct stream_input){0};
}

void stream_close(struct stream *stream)
{
    if (!stream)
        return;
    in_release(stream);
    free(stream->out.bytes);
    tls_close(stream->tls);
    event_del(&stream->event);
    close(stream->fd);
    gate_leave(stream->gate);
    free(stream);
}

/* --- waiting --- */

int stream_wait(struct stream *stream, short what)
{
    struct future ready;
    future_init(&ready);
    assert(!stream->waiter);
    stream->waiter = &ready;
    stream->wanted = what;
    int result = await(&ready);
    stream->waiter = NULL;
    stream->unpaused = false;
    return result;
}

/* --- reading --- */

/* Moves the unread bytes to memory of the stream's own, of `capacity`. */
static int in_move(struct stream *stream, size_t capacity)
{
    struct stream_input *in = &stream->in;
    size_t unread = in->end - in->start, scanned = in->scanned;
    char *bytes = malloc(capacity);
    if (!bytes)
        return -ENOMEM;
    if (unread)
        memcpy(bytes, in->bytes + in->start, unread);
    in_release(stream);
    *in = (struct stream_input){.bytes = bytes,
        .end = unread,
        .capacity = capacity,
        .scanned = scanned};
    return 0;
}

/* The shared buffer for this stream, which has nothing unread. */
static int in_borrow(struct stream *stream)
{
    struct shared *shared = shared_get(loop_running());
    if (!shared)
        return -ENOMEM;
    struct stream *owner = shared->owner;
    size_t unread = owner ? owner->in.end - owner->in.start : 0;
    if (unread && in_move(owner, unread))
        return -ENOMEM;
    if (owner && !unread)
        in_release(owner);
    shared->owner = stream;
    stream->in.bytes = shared->bytes;
    stream->in.capacity = sizeof shared->bytes;
    return 0;
}

/* Room behind the unread bytes: the shared buffer if there are none, else
 * their own memory, doubled when it is full, then a chunk more each time:
 * a line that is too long is noticed at most a chunk too late. */
static int in_make_room(struct stream *stream)
{
    struct stream_input *in = &stream->in;
    size_t unread = in->end - in->start;
    if (unread == 0)
        return in_borrow(stream);
    if (in->end < in->capacity && !in_is_shared(stream))
        return 0;
    size_t more = unread < CHUNK ? unread : CHUNK;
    return in_move(stream, unread < 256 ? 512 : unread + more);
}

/* A peer that always has bytes must not keep the loop from its timers and
 * other tasks: between two fills there is a wait or a yield. */
static int fill_pause(struct stream *stream)
{
    short needs = stream->tls ? tls_needs(stream->tls) : EV_READ;
    if (!(stream->ready & needs))
        return stream_wait(stream, needs);
    if (stream->unpaused)
        return task_sleep(0);
    return 0;
}

/* A count, 0 at the end, -EAGAIN or another -errno. */
static ssize_t receive_now(struct stream *stream, char *bytes, size_t size)
{
    ssize_t n;
    if (stream->tls)
        return tls_read(stream->tls, bytes, size);
    do
        n = recv(stream->fd, bytes, size, 0);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    int error = errno;
    if (error == EAGAIN)
        stream->ready &= (short)~EV_READ;
    return -error;
}

int stream_fill(struct stream *stream)
{
    for (;;) {
        if (stream->in.start == stream->in.end)
            in_release(stream);
        int result = fill_pause(stream);
        if (!result)
            result = in_make_room(stream);
        if (result)
            return result;
        struct stream_input *in = &stream->in;
        ssize_t n =
            receive_now(stream, in->bytes + in->end, in->capacity - in->end);
        stream->unpaused = true;
        if (n > 0) {
            in->end += (size_t)n;
            return 0;
        }
        if (n == 0)
            return ASYNC_EOF;
        if (n != -EAGAIN)
            return (int)n;
    }
}

const char *stream_peek(const struct stream *stream, size_t *size)
{
    *size = stream->in.end - stream->in.start;
    return *size ? stream->in.bytes + stream->in.start : "";
}

int stream_fill_to(struct stream *stream, size_t size)
{
    struct stream_input *in = &stream->in;
    while (in->end - in->start < size) {
        int result = stream_fill(stream);
        if (result == ASYNC_EOF && in->end > in->start)
            return ASYNC_EOF_IN_LINE;
        if (result)
            return result;
    }
    return 0;
}

void stream_take(struct stream *stream, size_t size)
{
    struct stream_input *in = &stream->in;
    assert(size <= in->end - in->start);
    in->start += size;
    in->scanned -= size < in->scanned ? size : in->scanned;
}

/* A whole line among the unread bytes; false if there is none yet. */
static bool in_take_line(struct stream_input *in, struct stream_line *line)
{
    size_t unread = in->end - in->start;
    if (unread == in->scanned)
        return false; /* without a buffer, too */
    char *start = in->bytes + in->start;
    char *lf = memchr(start + in->scanned, '\n', unread - in->scanned);
    in->scanned = unread;
    if (!lf)
        return false;
    line->bytes = start;
    line->wire = (size_t)(lf - start) + 1;
    line->len = line->wire - 1;
    if (line->len && start[line->len - 1] == '\r')
        line->len--;
    in->start += line->wire;
    in->scanned = 0;
    return true;
}

/* No line end so far: can it still become a line of at most max bytes? */
static bool in_too_long(const struct stream_input *in, size_t max)
{
    size_t unread = in->end - in->start;
    return unread > max + 1 || (unread > max && in->bytes[in->end - 1] != '\r');
}

int stream_readline(struct stream *stream, size_t max, struct stream_line *line)
{
    while (!in_take_line(&stream->in, line)) {
        if (in_too_long(&stream->in, max))
            return ASYNC_LINE_TOO_LONG;
        int result = stream_fill(stream);
        if (result == ASYNC_EOF && stream->in.end > stream->in.start)
            return ASYNC_EOF_IN_LINE;
        if (result)
            return result;
    }
    return line->len > max ? ASYNC_LINE_TOO_LONG : 0;
}
