/*
 * stream_write - the sending half of a stream.
 *
 * Invariant: `out` holds what send(2) has not taken yet, in order; nothing
 * overtakes it.
 */
#include "async/net/stream.h"

#include "async/tls/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static ssize_t send_now(struct stream *stream, const char *bytes, size_t size)
{
    ssize_t n;
    if (stream->tls) {
        n = tls_write(stream->tls, bytes, size);
        return n == -EAGAIN ? 0 : n;
    }
    do
        n = send(stream->fd, bytes, size, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    if (errno != EAGAIN)
        return -errno;
    stream->ready &= (short)~EV_WRITE;
    return 0;
}

static int out_keep(struct stream_output *out, const char *bytes, size_t size)
{
    size_t pending = out->end - out->start;
    char *kept = malloc(pending + size);
    if (!kept)
        return -ENOMEM;
    if (pending)
        memcpy(kept, out->bytes + out->start, pending);
    memcpy(kept + pending, bytes, size);
    free(out->bytes);
    *out = (struct stream_output){.bytes = kept, .end = pending + size};
    return 0;
}

int stream_write(struct stream *stream, const void *bytes, size_t size)
{
    size_t sent = 0;
    if (stream->out.start == stream->out.end) {
        ssize_t n = send_now(stream, bytes, size);
        if (n < 0)
            return (int)n;
        sent = (size_t)n;
    }
    if (sent == size)
        return 0;
    return out_keep(&stream->out, (const char *)bytes + sent, size - sent);
}

int stream_drain(struct stream *stream)
{
    struct stream_output *out = &stream->out;
    while (out->start < out->end) {
        int result =
            stream->ready & EV_WRITE ? 0 : stream_wait(stream, EV_WRITE);
        if (result)
            return result;
        ssize_t n =
            send_now(stream, out->bytes + out->start, out->end - out->start);
        if (n < 0)
            return (int)n;
        out->start += (size_t)n;
    }
    free(out->bytes);
    *out = (struct stream_output){0};
    return 0;
}
