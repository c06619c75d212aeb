/*
 * reach - to the server of a target: its name looked up, connected, TLS
 * started.
 */
#ifndef AFETCH_REACH_H
#define AFETCH_REACH_H

#include "route.h"

#include <stdint.h>

struct phases;
struct resolver;
struct result;
struct stream;
struct target;
struct tls;

/* What all targets of a run have in common. */
struct reach_config {
    struct resolver *resolver;
    struct tls *tls;
    struct route_rules routes;
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
    int64_t timeout; /* ns for all of it */
};

struct reach {
    const struct reach_config *config;
    const struct target *target;
    struct phases *phases;
    struct result *result; /* gets remote and tls */
    struct stream *stream; /* the outcome, the caller's to close; NULL: none */
};

/*
 * Awaits.  0, or a negative result of the runtime in the phase that is now;
 * there may be a stream even then.
 */
int reach_server(struct reach *reach);

#endif
