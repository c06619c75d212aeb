/*
 * connect - to the server of a target: its name looked up, connected, directly
 * or through a proxy, TLS started.
 */
#ifndef AFETCH_CONNECT_H
#define AFETCH_CONNECT_H

#include "route/route.h"

#include <stdbool.h>
#include <stdint.h>

struct lookup;
struct timings;
struct proxies;
struct proxy;
struct request_wishes;
struct resolver;
struct result;
struct stream;
struct target;
struct tls;

/* What all targets of a run have in common. */
struct connect_config {
    struct resolver *resolver;
    struct tls *tls;
    struct route_rules routes;
    const struct proxies *proxies;
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
    int64_t timeout; /* ns for all of it */
    bool tried; /* record in the result which addresses were tried */
};

/*
 * Starts the lookup of the addresses that a route leads to, or of those that it
 * has.  As lookup_start and lookup_given.
 */
int connect_lookup(const struct connect_config *config,
    const struct route *route, struct lookup *lookup);

struct request_turn;

/* The proxy and tunnel of a turn, by its target: whom its request would be
 * sent to.  Looks nothing up. */
void connect_find_turn(
    const struct connect_config *config, struct request_turn *turn);
/* The proxy's URL; NULL: none. */
const char *connect_proxy_url(const struct request_turn *turn);

struct connect {
    const struct connect_config *config;
    const struct target *target;
    const struct request_wishes *wishes; /* a proxy gets these, too */
    size_t max_header_size; /* bytes, of a proxy's reply */
    struct timings *phases;
    struct result *result; /* gets remote, proxy, tried and tls */
    /* The outcome: */
    struct stream *stream; /* the caller's to close; NULL: none */
    const struct proxy *proxy; /* what the stream leads to; NULL: the target */
    bool tunnel; /* … and through that to the target */
    bool has_content; /* of it, so the proxy announced: it may be no proxy */
};

/*
 * Awaits.  0; RESULT_FAILED: the result says what is wrong; or a negative
 * result of the runtime in the phase that is now.  There may be a stream
 * even then.
 */
int connect_server(struct connect *connect);

#endif
