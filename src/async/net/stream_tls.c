/*
 * stream_tls - a stream that goes on in TLS.
 */
#include "async/core/error.h"
#include "async/net/stream.h"
#include "async/tls/tls.h"

#include <assert.h>
#include <errno.h>

/* What the peer says instead of TLS is waited for a little, so that segments
 * make no other message. */
static void wait_for_words(struct stream *stream)
{
    struct wait_for a_second;
    wait_for_enter(&a_second, LOOP_SECOND);
    while (tls_quote(stream->tls) == -EAGAIN && !stream_wait(stream, EV_READ))
        ;
    wait_for_leave(&a_second, 0);
}

int stream_start_tls(struct stream *stream, struct tls *tls,
    const struct tls_peer *peer, struct tls_info *info)
{
    struct tls_link link = {stream->fd, &stream->address, &stream->ready, info};
    assert(!stream->tls && stream->in.start == stream->in.end);
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
    if (result == ASYNC_TLS_NOT_TLS)
        wait_for_words(stream);
    return result;
}
