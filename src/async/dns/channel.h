/*
 * channel - one c-ares channel on the loop: its sockets, their events, its
 * clock.  Only nameserver uses this.
 *
 * UDP and TCP have a channel each: c-ares takes a socket that breaks for a
 * server that is gone, and asks all its questions again or ends them; so one
 * name whose answer needs a TCP that is refused would fail all others.
 */
#ifndef ASYNC_CHANNEL_H
#define ASYNC_CHANNEL_H

#include "async/core/loop.h"

#include <stddef.h>

struct channel;
struct resolv_conf;

enum channel_kind {
    CHANNEL_UDP, /* truncated answers come as they are */
    CHANNEL_TCP,
    CHANNEL_TCP_BRIEF, /* others wait for their turn: 1 s */
};

/* As `conf` has it, which must live as long.  0; -ENOMEM; -EIO: c-ares cannot
 * read the system's configuration. */
int channel_create(struct channel **out, struct loop *loop,
    enum channel_kind kind, const struct resolv_conf *conf);
/* Every question that is still open ends with -ECANCELED.  NULL-safe. */
void channel_destroy(struct channel *channel);

/* result: 0 or enum async_error, -EMFILE, -ENOMEM, …; the answer's bytes, or
 * NULL where there was none. */
typedef void channel_done(
    void *arg, int result, const unsigned char *answer, int size);

struct channel_question {
    const char *name; /* lives until it is answered */
    int type; /* of the records (RFC 1035 section 3.2.2) */
};

/* Calls done exactly once, perhaps before it returns.  channel_flush must
 * follow. */
void channel_ask(struct channel *channel,
    const struct channel_question *question, channel_done *done, void *arg);
/* Sends what was asked, in batches. */
void channel_flush(struct channel *channel);

#endif
