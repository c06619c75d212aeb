/*
 * route: where a target is connected to, by rules and targets in tables.
 */
#include "route/route.h"

#include "input/target.h"
#include "run.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static union address addresses[] = {
    {.in = {.sin_family = AF_INET, .sin_addr.s_addr = 0x0100007f}},
    {.in6 = {.sin6_family = AF_INET6, .sin6_addr.s6_addr[15] = 1}},
};

static struct resolve_rule resolve_rules[] = {
    {.host = "*", .port = 8080, .addresses = addresses + 1, .count = 1},
    {.host = "a.test", .port = 80, .addresses = addresses, .count = 2},
    {.host = "a.test", .port = 8080, .addresses = addresses, .count = 1},
    {.host = "192.0.2.50", .port = 80, .addresses = addresses, .count = 1},
    {.host = "2001:db8::50", .port = 80, .addresses = addresses, .count = 1},
};

static struct connect_rule connect_rules[] = {
    {.from_host = "b.test", .from_port = 80, .to_host = "a.test"},
    {.from_host = "b.test", .to_port = 9},
    {.from_host = "c.test", .to_host = "192.0.2.7", .to_port = 81},
    {.from_host = "d.test", .to_host = "2001:db8::1"},
    {.from_port = 443, .to_host = "e.test"},
    {.from_host = "192.0.2.9", .to_host = "f.test"},
    {.from_host = "g.test", .to_host = "192.0.2.50"},
};

static const struct route_rules rules = {
    .resolve = resolve_rules,
    .resolve_count = sizeof resolve_rules / sizeof *resolve_rules,
    .connect = connect_rules,
    .connect_count = sizeof connect_rules / sizeof *connect_rules,
};

/* "NAME:PORT", or "ADDRESS,ADDRESS:PORT" where nobody is asked. */
static const char *describe(const struct route *route)
{
    static char text[200];
    size_t len = 0;
    if (route->name)
        len = (size_t)snprintf(text, sizeof text, "%s", route->name);
    for (size_t i = 0; i < route->count; i++) {
        char one[INET6_ADDRSTRLEN];
        const union address *a = &route->addresses[i];
        const void *bytes = a->sa.sa_family == AF_INET6
                                ? (const void *)&a->in6.sin6_addr
                                : (const void *)&a->in.sin_addr;
        inet_ntop(a->sa.sa_family, bytes, one, sizeof one);
        len += (size_t)snprintf(
            text + len, sizeof text - len, "%s%s", i ? "," : "", one);
    }
    snprintf(text + len, sizeof text - len, ":%u", route->port);
    return text;
}

static const struct {
    const char *target, *route;
} cases[] = {
    {"x.test", "x.test:80"},
    {"x.test:81", "x.test:81"},
    {"a.test", "127.0.0.1,::1:80"},
    {"A.TEST", "127.0.0.1,::1:80"},
    {"a.test:8080", "127.0.0.1:8080"},
    {"x.test:8080", "::1:8080"},
    {"b.test", "127.0.0.1,::1:80"}, /* renamed, then resolved */
    {"b.test:7", "b.test:9"},
    {"c.test", "192.0.2.7:81"},
    {"d.test:5", "2001:db8::1:5"},
    {"https://x.test/", "e.test:443"},
    {"192.0.2.8", "192.0.2.8:80"},
    {"192.0.2.9", "f.test:80"},
    {"[2001:db8::2]:82", "2001:db8::2:82"},
    {"x.test 192.0.2.10", "192.0.2.10:80"},
    {"a.test 192.0.2.10", "192.0.2.10:80"}, /* its own address first */
    {"192.0.2.50", "127.0.0.1:80"},
    {"192.0.2.50:81", "192.0.2.50:81"},
    {"[2001:DB8:0::50]", "127.0.0.1:80"},
    {"192.0.2.51:8080", "::1:8080"},
    {"192.0.2.50 192.0.2.10", "192.0.2.10:80"},
    {"g.test", "127.0.0.1:80"},
    {"x.test 192.0.2.50", "192.0.2.50:80"},
};

START_TEST(targets_go_where_the_rules_say)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct target *target;
        struct route route;
        const char *reason, *line = cases[i].target;
        ck_assert_int_eq(target_parse(line, strlen(line), &target, &reason), 0);
        route_find(&rules, target, &route);
        ck_assert_msg(!strcmp(describe(&route), cases[i].route),
            "%s goes to %s, not %s", line, describe(&route), cases[i].route);
        target_destroy(target);
    }
}
END_TEST

/* What a proxy is asked for: no --resolve, and whether the URL says so. */
static const struct {
    const char *target, *text;
    bool elsewhere;
} ends[] = {
    {"x.test", "x.test:80", false},
    {"https://x.test:81", "x.test:81", false},
    {"a.test", "a.test:80", false}, /* there is a --resolve rule for it */
    {"b.test", "a.test:80", true},
    {"b.test:9", "b.test:9", true},
    {"c.test", "192.0.2.7:81", true},
    {"d.test:5", "[2001:db8::1]:5", true},
    {"192.0.2.8", "192.0.2.8:80", false},
    {"[2001:DB8:0::2]:82", "[2001:db8::2]:82", false},
    {"x.test 192.0.2.10", "192.0.2.10:80", true},
    {"192.0.2.8 192.0.2.10", "192.0.2.10:80", true},
    {"192.0.2.8 2001:db8::2", "[2001:db8::2]:80", true},
    {"192.0.2.8 192.0.2.8", "192.0.2.8:80", false},
    {"192.0.2.50", "192.0.2.50:80", false},
};

static void find(const char *line, struct target **target, struct route *route,
    void (*how)(
        const struct route_rules *, const struct target *, struct route *))
{
    const char *reason;
    ck_assert_int_eq(target_parse(line, strlen(line), target, &reason), 0);
    how(&rules, *target, route);
}

START_TEST(proxies_are_asked_for_what_the_rules_say)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct target *target;
        struct route route;
        find(ends[i].target, &target, &route, route_find_end);
        char *text = route_text(&route);
        ck_assert_msg(!strcmp(text, ends[i].text), "%s goes to %s, not %s",
            ends[i].target, text, ends[i].text);
        ck_assert_int_eq(route.elsewhere, ends[i].elsewhere);
        free(text);
        target_destroy(target);
    }
}
END_TEST

/* A proxy's own name: no --connect-to. */
START_TEST(proxies_are_where_they_are)
{
    static const char *const servers[][2] = {{"b.test:80", "b.test:80"},
        {"a.test:80", "127.0.0.1,::1:80"}, {"x.test:443", "x.test:443"},
        {"192.0.2.9:81", "192.0.2.9:81"}};
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct target *target;
        struct route route;
        find(servers[i][0], &target, &route, route_find_proxy);
        ck_assert_str_eq(describe(&route), servers[i][1]);
        target_destroy(target);
    }
}
END_TEST

/* What --resolve gives is of a family that -4 and -6 choose from; where it
 * has led, it does not lead on. */
START_TEST(resolved_once)
{
    struct target *target, *there;
    struct route route;
    find("192.0.2.50", &target, &route, route_find);
    ck_assert(!route.literal);
    find("192.0.2.8", &there, &route, route_find);
    ck_assert(route.literal);
    target_destroy(there);
    union address address = {.in = {.sin_family = AF_INET}};
    ck_assert(inet_pton(AF_INET, "192.0.2.50", &address.in.sin_addr));
    there = target_at(target, &address.sa);
    route_find(&rules, there, &route);
    ck_assert_str_eq(describe(&route), "192.0.2.50:80");
    target_destroy(there);
    target_destroy(target);
}
END_TEST

START_TEST(a_trailing_dot_is_remembered)
{
    static const struct route_rules none;
    struct target *target;
    struct route route;
    const char *reason;
    ck_assert_int_eq(target_parse("x.test.", 7, &target, &reason), 0);
    route_find(&none, target, &route);
    ck_assert(route.absolute);
    ck_assert_str_eq(route.name, "x.test");
    target_destroy(target);
}
END_TEST

int main(void)
{
    return run_tests(
        "route", (const TTest *const[]){targets_go_where_the_rules_say,
                     proxies_are_asked_for_what_the_rules_say,
                     proxies_are_where_they_are, resolved_once,
                     a_trailing_dot_is_remembered, NULL});
}
