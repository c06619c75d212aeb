/*
 * connect - see connect.h.
 */
#include "fetch/connect.h"

#include "async/core/error.h"
#include "async/net/connection.h"
#include "async/tls/tls.h"
#include "fetch/doubt.h"
#include "fetch/failure.h"
#include "fetch/quote.h"
#include "fetch/request.h"
#include "fetch/timings.h"
#include "fetch/tunnel.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxies.h"

#include <errno.h>
#include <stdlib.h>

int connect_lookup(const struct connect_config *config,
    const struct route *route, struct lookup *lookup)
{
    int family = route->literal ? AF_UNSPEC : config->family;
    struct lookup_name name = {route->name, family, route->absolute};
    return route->name
               ? lookup_start(lookup, config->resolver, &name)
               : lookup_given(lookup, family, route->addresses, route->count);
}

/* The first addresses. */
static int resolve_target(
    struct connect *r, const struct route *route, struct lookup *lookup)
{
    int error = connect_lookup(r->config, route, lookup);
    if (!error && !route->name)
        return 0;
    timings_begin(r->phases, PHASE_DNS);
    if (!error)
        error = lookup_wait(lookup);
    if (!error)
        return 0;
    if (error == -ECANCELED && lookup_queues(lookup))
        timings_drop(r->phases); /* nothing was asked */
    return failure_lookup(r->result, PHASE_DNS, error, r->config->family);
}

static bool lacks_zone(const union address *address)
{
    return address->sa.sa_family == AF_INET6 &&
           IN6_IS_ADDR_LINKLOCAL(&address->in6.sin6_addr) &&
           address->in6.sin6_scope_id == 0;
}

/* The result has them; without memory it has none. */
static void keep_tried(
    struct response *response, struct connection_notes *notes)
{
    struct response_tried *tried = calloc(notes->count, sizeof *tried);
    for (size_t i = 0; tried && i < notes->count; i++)
        tried[i] =
            (struct response_tried){.address = notes->attempts[i].address,
                .took = notes->attempts[i].took,
                .error = (int)failure_code(notes->attempts[i].error)};
    free(notes->attempts);
    free(response->tried);
    response->tried = tried;
    response->tried_count = tried ? notes->count : 0;
}

/* Who is canceled before the first attempt, for which it may have queued, has
 * not connected at all. */
static int connect_now(struct connect *r, struct lookup *lookup, uint16_t port)
{
    struct connection_notes notes = {.wanted = r->config->tried};
    timings_begin(r->phases, PHASE_CONNECT);
    int error = open_connection_noted(&r->stream, lookup, port, &notes);
    if (notes.count > 0)
        keep_tried(&r->result->response, &notes);
    if (notes.remote.sa.sa_family != AF_UNSPEC)
        r->result->response.remote = notes.remote;
    else if (error == -ECANCELED)
        timings_drop(r->phases);
    if (error == ASYNC_BLACKHOLE && lacks_zone(&notes.remote))
        return result_fail(r->result, PHASE_CONNECT, FETCH_SYSTEM,
            "a link-local address needs a zone, as in fe80::1%%eth0");
    return error;
}

/* To one of the route's addresses. */
static int connect_to(struct connect *r, const struct route *route)
{
    struct lookup lookup;
    int error = resolve_target(r, route, &lookup);
    if (!error)
        error = connect_now(r, &lookup, route->port);
    lookup_stop(&lookup);
    return error;
}

/* The first of the name's addresses, for who is not given names. */
static int resolve_here(struct connect *r, struct route *to)
{
    struct lookup lookup;
    route_resolve(&r->config->routes, to);
    int error = resolve_target(r, to, &lookup);
    if (!error && to->name) {
        lookup_next(&lookup, &to->own);
        to->addresses = &to->own;
        to->count = 1;
        to->name = NULL;
    }
    lookup_stop(&lookup);
    return error;
}

static int connect_to_proxy(struct connect *r)
{
    struct route route;
    route_find_proxy(&r->config->routes, r->proxy->server, &route);
    r->result->response.proxy = r->proxy->url;
    int error = connect_to(r, &route);
    return error ? failure_at_proxy(r->result, r->phases->now, error, NULL) : 0;
}

static int connect_go_on(struct connect *r, const struct route *to)
{
    struct tunnel tunnel = {
        .stream = r->stream,
        .proxy = r->proxy,
        .to = to,
        .wishes = r->wishes,
        .max_header_size = r->max_header_size,
        .result = r->result,
        .has_content = &r->has_content,
    };
    return tunnel_open(&tunnel);
}

/* An http proxy is asked itself for what is plain http and where the URL
 * says. */
static bool needs_tunnel(const struct proxy *proxy, const struct target *target,
    const struct route *to)
{
    return proxy->kind != PROXY_HTTP || to->elsewhere ||
           target->scheme == TARGET_HTTPS;
}

void connect_find_turn(
    const struct connect_config *config, struct request_turn *turn)
{
    struct route to;
    turn->proxy = proxies_find(config->proxies, turn->target);
    turn->tunnel = false;
    if (!turn->proxy)
        return;
    route_find_end(&config->routes, turn->target, &to);
    turn->tunnel = needs_tunnel(turn->proxy, turn->target, &to);
}

const char *connect_proxy_url(const struct request_turn *turn)
{
    return turn->proxy ? turn->proxy->url : NULL;
}

static int connect_through_proxy(struct connect *r)
{
    struct route to;
    int error = 0;
    route_find_end(&r->config->routes, r->target, &to);
    if (r->proxy->kind == PROXY_SOCKS5)
        error = resolve_here(r, &to);
    if (!error)
        error = connect_to_proxy(r);
    r->tunnel = needs_tunnel(r->proxy, r->target, &to);
    return error || !r->tunnel ? error : connect_go_on(r, &to);
}

static int connect_directly(struct connect *r)
{
    struct route route;
    route_find(&r->config->routes, r->target, &route);
    return connect_to(r, &route);
}

/* What has come through a tunnel ahead of all TLS. */
static int fail_early(struct connect *r)
{
    size_t size;
    stream_peek(r->stream, &size);
    if (size == 0)
        return 0;
    return quote_peer(r->stream, r->result, PHASE_TLS, FETCH_TLS_NOT_TLS);
}

static int start_tls(struct connect *r)
{
    struct tls_peer peer = {r->target->host, r->target->port};
    timings_begin(r->phases, PHASE_TLS);
    int error = fail_early(r);
    if (error)
        return error;
    r->result->response.tls = calloc(1, sizeof *r->result->response.tls);
    if (!r->result->response.tls)
        return -ENOMEM;
    return stream_start_tls(
        r->stream, r->config->tls, &peer, r->result->response.tls);
}

/* Nothing that is TLS has come. */
static bool is_no_tls(const struct result *result)
{
    return result->error == FETCH_TLS_NOT_TLS || result->error == FETCH_RESET ||
           (result->error == FETCH_TLS_HANDSHAKE &&
               result->response.tls->closed);
}

/* TLS with the target; what a proxy sends instead is the proxy's fault. */
static int secure_target(struct connect *r)
{
    int error = start_tls(r);
    if (!error || !r->has_content)
        return error;
    error = failure_tell(r->result, PHASE_TLS, error);
    return is_no_tls(r->result) ? doubt_tunnel(r->result, r->phases) : error;
}

int connect_server(struct connect *r)
{
    struct wait_for timeout;
    r->proxy = proxies_find(r->config->proxies, r->target);
    wait_for_enter(&timeout, r->config->timeout);
    int error = r->proxy ? connect_through_proxy(r) : connect_directly(r);
    if (!error && r->target->scheme == TARGET_HTTPS)
        error = secure_target(r);
    return wait_for_leave(&timeout, error);
}
