/*
 * route: where a target is connected to, by rules and targets in tables.
 */
#include "route.h"

#include "run.h"
#include "target.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static union address addresses[] = {
    {.in = {.sin_family = AF_INET, .sin_addr.s_addr = 0x0100007f}},
    {.in6 = {.sin6_family = AF_INET6, .sin6_addr.s6_addr[15] = 1}},
};

static struct resolve_rule resolve_rules[] = {
    {.host = "*", .port = 8080, .addresses = addresses + 1, .count = 1},
    {.host = "a.test", .port = 80, .addresses = addresses, .count = 2},
    {.host = "a.test", .port = 8080, .addresses = addresses, .count = 1},
};

static struct connect_rule connect_rules[] = {
    {.from_host = "b.test", .from_port = 80, .to_host = "a.test"},
    {.from_host = "b.test", .to_port = 9},
    {.from_host = "c.test", .to_host = "192.0.2.7", .to_port = 81},
    {.from_host = "d.test", .to_host = "2001:db8::1"},
    {.from_port = 443, .to_host = "e.test"},
    {.from_host = "192.0.2.9", .to_host = "f.test"},
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
    {"x.test", "x.test:80"}, {"x.test:81", "x.test:81"},
    {"a.test", "127.0.0.1,::1:80"}, {"A.TEST", "127.0.0.1,::1:80"},
    {"a.test:8080", "127.0.0.1:8080"}, {"x.test:8080", "::1:8080"},
    {"b.test", "127.0.0.1,::1:80"}, /* renamed, then resolved */
    {"b.test:7", "b.test:9"}, {"c.test", "192.0.2.7:81"},
    {"d.test:5", "2001:db8::1:5"}, {"https://x.test/", "e.test:443"},
    {"192.0.2.8", "192.0.2.8:80"}, {"192.0.2.9", "f.test:80"},
    {"[2001:db8::2]:82", "2001:db8::2:82"},
    {"x.test 192.0.2.10", "192.0.2.10:80"},
    {"a.test 192.0.2.10", "192.0.2.10:80"}, /* its own address first */
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
                     a_trailing_dot_is_remembered, NULL});
}
