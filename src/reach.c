/*
 * reach - see reach.h.
 */
#include "reach.h"

#include "async/connection.h"
#include "async/tls.h"
#include "phases.h"
#include "result.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>

static int resolve(
    struct reach *r, const struct route *route, struct lookup *lookup)
{
    if (!route->name) {
        lookup_given(lookup, route->addresses, route->count);
        return 0;
    }
    phases_begin(r->phases, PHASE_DNS);
    struct lookup_name name = {route->name, r->config->family, route->absolute};
    int error = lookup_start(lookup, r->config->resolver, &name);
    return error ? error : lookup_wait(lookup);
}

/* To one of the route's addresses. */
static int connect_to(struct reach *r, const struct route *route)
{
    struct lookup lookup;
    int error = resolve(r, route, &lookup);
    if (!error) {
        phases_begin(r->phases, PHASE_CONNECT);
        error = open_connection(
            &r->stream, &lookup, route->port, &r->result->remote);
    }
    lookup_stop(&lookup);
    return error;
}

static int start_tls(struct reach *r)
{
    struct tls_peer peer = {r->target->host, r->target->port};
    phases_begin(r->phases, PHASE_TLS);
    r->result->tls = calloc(1, sizeof *r->result->tls);
    if (!r->result->tls)
        return -ENOMEM;
    return stream_start_tls(r->stream, r->config->tls, &peer, r->result->tls);
}

int reach_server(struct reach *r)
{
    struct wait_for timeout;
    struct route route;
    route_find(&r->config->routes, r->target, &route);
    wait_for_enter(&timeout, r->config->timeout);
    int error = connect_to(r, &route);
    if (!error && r->target->scheme == TARGET_HTTPS)
        error = start_tls(r);
    return wait_for_leave(&timeout, error);
}
