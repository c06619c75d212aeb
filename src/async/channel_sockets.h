/*
 * channel_sockets - a channel's sockets in the loop's hands: those that
 * c-ares opens, their events, what they send and receive.  Only channel uses
 * this.
 */
#ifndef ASYNC_CHANNEL_SOCKETS_H
#define ASYNC_CHANNEL_SOCKETS_H

#include "loop.h"
#include "verdicts.h"

#include <sys/queue.h>

struct ares_channeldata;

struct channel_sockets {
    struct loop *loop;
    struct ares_channeldata *ares;
    int error; /* of the last socket that could not be made, or 0 */
    LIST_HEAD(, channel_socket) all;
    struct verdicts verdicts; /* of what went by UDP */
};

void channel_sockets_init(struct channel_sockets *sockets, struct loop *loop);
/* From now on they are `ares`'s; until it is destroyed. */
void channel_sockets_serve(
    struct channel_sockets *sockets, struct ares_channeldata *ares);

/* Sends what c-ares has asked, in batches. */
void channel_sockets_flush(struct channel_sockets *sockets);

/* c-ares's sock_state_cb, whose arg is the sockets. */
void channel_sockets_state(void *arg, int fd, int readable, int writable);

#endif
