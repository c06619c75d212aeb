/*
 * route - where a target is really connected to: --connect-to, --resolve,
 * and the address that it brings along.
 */
#ifndef AFETCH_ROUTE_H
#define AFETCH_ROUTE_H

#include "async/core/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

/* --resolve HOST:PORT:ADDR[,ADDR] (curl's meaning).  No two rules have both
 * host and port in common; a rule for a name takes precedence over one for "*".
 */
struct resolve_rule {
    char *host; /* lower case, no brackets or trailing dot; "*": any */
    uint16_t port; /* never 0 */
    union address *addresses; /* port 0 */
    size_t count; /* at least 1 */
    char *text; /* what host points into */
};

/* --connect-to HOST1:PORT1:HOST2:PORT2 (curl's meaning: the first rule that
 * matches counts).  NULL or 0 matches any on the left, keeps the target's
 * own on the right. */
struct connect_rule {
    char *from_host; /* lower case, no brackets or trailing dot */
    uint16_t from_port;
    char *to_host; /* as written, no brackets */
    uint16_t to_port;
    char *text; /* what the hosts point into */
};

struct route_rules {
    const struct resolve_rule *resolve;
    size_t resolve_count;
    const struct connect_rule *connect;
    size_t connect_count;
};

struct route {
    const char *name; /* to be looked up; NULL: the addresses are known */
    bool absolute;
    const union address *addresses; /* of a rule, or own */
    size_t count;
    union address own;
    uint16_t port;
    bool literal; /* the address is what the user named, of either family */
    bool pinned; /* the address was chosen already: no --resolve */
    bool elsewhere; /* not to what the target's URL says */
};

/* The route of one target; refers to the rules and the target. */
void route_find(const struct route_rules *rules, const struct target *target,
    struct route *route);

/* As route_find, but leaves the lookup to a proxy: without --resolve. */
void route_find_end(const struct route_rules *rules,
    const struct target *target, struct route *route);

/* The route to a proxy, which --connect-to is not about. */
void route_find_proxy(const struct route_rules *rules,
    const struct target *server, struct route *route);

/* --resolve, for a route whose host is looked up here after all. */
void route_resolve(const struct route_rules *rules, struct route *route);

/* "host:port" of where it leads, an IPv6 address in brackets.  The caller
 * frees it; NULL: no memory. */
char *route_text(const struct route *route);

#endif
