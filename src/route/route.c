/*
 * route - rules against one target: --connect-to first, since it renames
 * what is connected to, then --resolve for the new name.
 */
#include "route/route.h"

#include "input/target.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool connect_matches(
    const struct connect_rule *rule, const struct target *target)
{
    if (rule->from_host && strcasecmp(rule->from_host, target->host))
        return false;
    return !rule->from_port || rule->from_port == target->port;
}

static const struct connect_rule *connect_find(
    const struct route_rules *rules, const struct target *target)
{
    for (size_t i = 0; i < rules->connect_count; i++)
        if (connect_matches(&rules->connect[i], target))
            return &rules->connect[i];
    return NULL;
}

static bool route_literal(const char *host, union address *address)
{
    *address = (union address){0};
    address->sa.sa_family = AF_INET;
    if (inet_pton(AF_INET, host, &address->in.sin_addr) == 1)
        return true;
    address->sa.sa_family = AF_INET6;
    return inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1;
}

/* Is it the address that the host is called by? */
static bool is_at(const char *host, const union address *address)
{
    union address own;
    if (!route_literal(host, &own) || own.sa.sa_family != address->sa.sa_family)
        return false;
    if (own.sa.sa_family == AF_INET)
        return own.in.sin_addr.s_addr == address->in.sin_addr.s_addr;
    return memcmp(&own.in6.sin6_addr, &address->in6.sin6_addr,
               sizeof own.in6.sin6_addr) == 0;
}

/* An address may be written in many ways. */
static bool is_rule_of(
    const struct resolve_rule *rule, const struct route *route)
{
    return route->name ? !strcasecmp(rule->host, route->name)
                       : is_at(rule->host, &route->own);
}

static const struct resolve_rule *resolve_find(
    const struct route_rules *rules, const struct route *route)
{
    const struct resolve_rule *any = NULL;
    for (size_t i = 0; i < rules->resolve_count; i++) {
        const struct resolve_rule *rule = &rules->resolve[i];
        if (rule->port != route->port)
            continue;
        if (is_rule_of(rule, route))
            return rule;
        if (!strcmp(rule->host, "*"))
            any = rule;
    }
    return any;
}

static const char *address_text(
    const union address *address, char text[INET6_ADDRSTRLEN])
{
    if (address->sa.sa_family == AF_INET)
        return inet_ntop(
            AF_INET, &address->in.sin_addr, text, INET6_ADDRSTRLEN);
    return inet_ntop(AF_INET6, &address->in6.sin6_addr, text, INET6_ADDRSTRLEN);
}

static void route_address(struct route *route)
{
    route->addresses = &route->own;
    route->count = 1;
}

static void route_target(struct route *route, const struct target *target)
{
    route->name = target->host;
    route->absolute = target->absolute;
    route->port = target->port;
    if (!target->has_address)
        return;
    if (target->address.sa.sa_family == AF_INET6)
        route->own.in6 = target->address.in6;
    else
        route->own.in = target->address.in;
    route->literal = target->literal;
    route_address(route);
    route->elsewhere = !is_at(target->host, &route->own);
    route->pinned = route->elsewhere || target->routed;
}

static void route_connect(struct route *route, const struct target *target,
    const struct connect_rule *rule)
{
    if (rule->to_port)
        route->port = rule->to_port;
    route->elsewhere |= rule->to_port || rule->to_host;
    if (!rule->to_host || target->routed)
        return;
    route->name = rule->to_host;
    route->absolute = false;
    route->addresses = NULL;
    route->count = 0;
    route->pinned = false;
    route->literal = route_literal(rule->to_host, &route->own);
    if (route->literal)
        route_address(route);
}

/* Also for a host that is an address, as with curl. */
void route_resolve(const struct route_rules *rules, struct route *route)
{
    const struct resolve_rule *resolve =
        route->pinned ? NULL : resolve_find(rules, route);
    if (resolve) {
        route->addresses = resolve->addresses;
        route->count = resolve->count;
        route->literal = false;
    }
    if (route->addresses)
        route->name = NULL;
}

void route_find_end(const struct route_rules *rules,
    const struct target *target, struct route *route)
{
    const struct connect_rule *connect = connect_find(rules, target);
    *route = (struct route){0};
    route_target(route, target);
    if (connect)
        route_connect(route, target, connect);
    if (route->addresses)
        route->name = NULL;
}

void route_find(const struct route_rules *rules, const struct target *target,
    struct route *route)
{
    route_find_end(rules, target, route);
    route_resolve(rules, route);
}

void route_find_proxy(const struct route_rules *rules,
    const struct target *server, struct route *route)
{
    *route = (struct route){0};
    route_target(route, server);
    route_resolve(rules, route);
}

char *route_text(const struct route *route)
{
    char address[INET6_ADDRSTRLEN];
    const char *host = route->name;
    char *text;
    if (!host)
        host = address_text(route->addresses, address);
    bool brackets = strchr(host, ':');
    if (asprintf(&text, brackets ? "[%s]:%u" : "%s:%u", host, route->port) < 0)
        return NULL;
    return text;
}
