/*
 * channel_sockets - a channel's sockets in the loop's hands: those that
 * c-ares opens, their events, what they send and receive.  Only channel uses
 * this.
 */
#ifndef ASYNC_CHANNEL_SOCKETS_H
#define ASYNC_CHANNEL_SOCKETS_H

#include "async/core/address.h"
#include "async/core/loop.h"
#include "async/dns/response_codes.h"

#include <sys/queue.h>

struct ares_channeldata;
struct resolv_conf;

struct channel_sockets {
    struct loop *loop;
    struct ares_channeldata *ares;
    const union address *servers; /* in c-ares's order; the configuration's */
    size_t server_count;
    int error; /* of the last socket that could not be made, or 0 */
    LIST_HEAD(, channel_socket) all;
    struct response_codes verdicts;
};

/* To the servers of `conf`, which must live as long. */
void channel_sockets_init(struct channel_sockets *sockets, struct loop *loop,
    const struct resolv_conf *conf);
/* From now on they are `ares`'s; until it is destroyed. */
void channel_sockets_serve(
    struct channel_sockets *sockets, struct ares_channeldata *ares);

/* What c-ares takes for the address of the i-th server, if that is an IPv6
 * one: of those that lead nowhere (RFC 6666). */
struct in6_addr channel_sockets_alias(size_t i);

/* Sends what c-ares has asked, in batches. */
void channel_sockets_flush(struct channel_sockets *sockets);

/* c-ares's sock_state_cb, whose arg is the sockets. */
void channel_sockets_state(void *arg, int fd, int readable, int writable);

#endif
