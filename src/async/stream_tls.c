/*
 * stream_tls - a stream that goes on in TLS.
 */
#include "stream.h"
#include "tls.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>

/* Our last flight and the request go out at once, not one round trip apart
 * (RFC 896's rule and a peer that delays its ACKs). */
static void send_at_once(struct stream *stream)
{
    int on = 1;
    setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int stream_start_tls(struct stream *stream, struct tls *tls,
    const struct tls_peer *peer, struct tls_info *info)
{
    struct tls_link link = {stream->fd, &stream->ready, info};
    assert(!stream->tls && stream->in.start == stream->in.end);
    send_at_once(stream);
    int result = tls_open(&stream->tls, tls, peer, &link);
    if (result)
        return result;
    while ((result = tls_handshake(stream->tls)) == -EAGAIN) {
        short needs = tls_needs(stream->tls);
        result =
            stream->ready & needs ? task_sleep(0) : stream_wait(stream, needs);
        if (result)
            return result;
    }
    return result;
}
