/*
 * route - rules against one target: --connect-to first, since it renames
 * what is connected to, then --resolve for the new name.
 */
#include "route.h"

#include "target.h"

#include <arpa/inet.h>
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

static const struct resolve_rule *resolve_find(
    const struct route_rules *rules, const char *host, uint16_t port)
{
    const struct resolve_rule *any = NULL;
    for (size_t i = 0; i < rules->resolve_count; i++) {
        const struct resolve_rule *rule = &rules->resolve[i];
        if (rule->port != port)
            continue;
        if (!strcasecmp(rule->host, host))
            return rule;
        if (!strcmp(rule->host, "*"))
            any = rule;
    }
    return any;
}

static bool literal(const char *host, union address *address)
{
    *address = (union address){0};
    address->sa.sa_family = AF_INET;
    if (inet_pton(AF_INET, host, &address->in.sin_addr) == 1)
        return true;
    address->sa.sa_family = AF_INET6;
    return inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1;
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
    route_address(route);
}

static void route_connect(struct route *route, const struct target *target,
    const struct connect_rule *rule)
{
    if (rule->to_port)
        route->port = rule->to_port;
    if (!rule->to_host || target->routed)
        return;
    route->name = rule->to_host;
    route->absolute = false;
    route->addresses = NULL;
    route->count = 0;
    if (literal(rule->to_host, &route->own))
        route_address(route);
}

void route_find(const struct route_rules *rules, const struct target *target,
    struct route *route)
{
    *route = (struct route){0};
    route_target(route, target);
    const struct connect_rule *connect = connect_find(rules, target);
    if (connect)
        route_connect(route, target, connect);
    const struct resolve_rule *resolve =
        route->addresses ? NULL : resolve_find(rules, route->name, route->port);
    if (resolve) {
        route->addresses = resolve->addresses;
        route->count = resolve->count;
    }
    if (route->addresses)
        route->name = NULL;
}
