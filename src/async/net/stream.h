/*
 * stream - a TCP connection as asyncio's StreamReader and StreamWriter in
 * one: connect, readline, write, drain, close; plain or TLS (start_tls).
 *
 * One edge-triggered registration per connection, made by stream_open and
 * unmade by stream_close.  A read buffer exists only while it holds bytes.
 * Results: 0 or a count, -errno, enum async_error.
 */
#ifndef ASYNC_STREAM_H
#define ASYNC_STREAM_H

#include "async/core/address.h"
#include "async/core/task.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct tls;
struct tls_info;
struct tls_peer;

struct stream {
    struct event event;
    union address address; /* the peer's */
    int fd;
    short ready; /* EV_READ, EV_WRITE: an edge seen and not used up */
    short wanted; /* what the waiter waits for */
    bool opening; /* connect(2) has not ended */
    bool unpaused; /* filled since it last suspended: must yield first */
    struct future *waiter;
    struct stream_input {
        char *bytes; /* heap, or the loop's shared buffer */
        size_t start, end, capacity; /* unread: [start, end) */
        size_t scanned; /* from start: no LF in these */
    } in;
    struct stream_output {
        char *bytes; /* what send(2) did not take */
        size_t start, end;
    } out;
    struct tls_connection *tls; /* NULL: plain */
    struct address_limit *limit; /* the place it takes there, or NULL */
    SLIST_ENTRY(stream) link; /* the owner's */
};

/*
 * Begins to connect; the outcome is told by stream_opened.  Each change
 * completes `changed` (the caller's, until stream_adopt).  For clients that
 * send first: the handshake's last ACK goes with the first bytes written
 * (tcp(7), TCP_QUICKACK), or after 200 ms.  0 or -errno.
 */
int stream_open(
    struct stream **out, const union address *address, struct future *changed);
/* -EINPROGRESS, 0: connected, or the -errno that connecting ended with. */
int stream_opened(struct stream *stream);
/* Is the stream connected to itself?  If nobody listens on a port of this
 * machine, the system may pick that port as the local one of a connection to
 * it, and a simultaneous open succeeds (RFC 9293 section 3.5). */
bool stream_is_looped(const struct stream *stream);
/* The future given to stream_open is not needed any more. */
void stream_adopt(struct stream *stream);

/* Awaits.  stream_open and its outcome in one, whoever speaks first. */
int stream_connect(struct stream **out, const union address *address);

/*
 * Awaits.  From here on the stream is TLS, to the server of this name or
 * address.  Nothing may be unread or unsent.  `info` is filled as far
 * as the handshake gets, and must live as long as the stream.
 * Returns 0; ASYNC_TLS_… with info->why; -ECONNRESET, …; then the stream can
 * only be closed.  Later calls may return ASYNC_TLS_ALERT and _BROKEN; an end
 * without close_notify is an ordinary ASYNC_EOF: the caller must see by the
 * bytes whether all have arrived.
 */
int stream_start_tls(struct stream *stream, struct tls *tls,
    const struct tls_peer *peer, struct tls_info *info);

/* Closes at once and frees; what is unread or unsent is dropped.
 * NULL-safe. */
void stream_close(struct stream *stream);

/* Sends what can be sent now and keeps the rest for stream_drain.  Returns
 * 0, -ENOMEM, or the -errno of send(2). */
int stream_write(struct stream *stream, const void *bytes, size_t size);
/* Awaits.  All that was written has gone to the kernel. */
int stream_drain(struct stream *stream);

struct stream_line {
    const char *bytes; /* valid until the next call on this stream or await */
    size_t len; /* without the line end, which is LF or CRLF */
    size_t wire; /* with it */
};

/*
 * Awaits.  The next line, of any bytes but LF, at most max bytes long.
 * Returns 0; ASYNC_LINE_TOO_LONG, having read little more than max;
 * ASYNC_EOF; ASYNC_EOF_IN_LINE; -ECONNRESET, …
 */
int stream_readline(
    struct stream *stream, size_t max, struct stream_line *line);

/* Awaits.  Reads at least one more byte behind what is unread. */
int stream_fill(struct stream *stream);
/* Awaits.  Until the descriptor is ready for EV_READ or EV_WRITE; to be called
 * after EAGAIN. */
int stream_wait(struct stream *stream, short what);
/* What is unread; valid as a line is. */
const char *stream_peek(const struct stream *stream, size_t *size);
/* Awaits.  Until so many bytes are unread.  0; ASYNC_EOF; ASYNC_EOF_IN_LINE:
 * only fewer came; -ECONNRESET, … */
int stream_fill_to(struct stream *stream, size_t size);
/* Consumes so many of the unread bytes. */
void stream_take(struct stream *stream, size_t size);

#endif
