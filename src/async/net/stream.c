/*
 * stream - sockets awaited.
 *
 * Invariant: `ready` holds an edge until the call that met EAGAIN clears
 * it, so no edge is lost and no system call is made just to ask.
 */
#include "async/net/stream.h"

#include "async/core/annotations.h"
#include "async/core/error.h"
#include "async/net/address_limit.h"
#include "async/tls/tls.h"

#include <assert.h>
#include <errno.h>
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

/* --- closing --- */

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
    /* First: the kernel forgets the registration with the descriptor, and
     * that libevent then finds none (EBADF; ENOENT where another thread has
     * got the number, for each has an epoll of its own) takes it half the
     * time. */
    close(stream->fd);
    annotate_stale_begin();
    event_del(&stream->event);
    annotate_stale_end();
    address_limit_leave(stream->limit);
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
