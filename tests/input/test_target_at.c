/*
 * target_at: a target at one of its addresses, and where that leads.
 */
#include "input/target.h"

#include "http/location.h"
#include "route/route.h"
#include "run.h"

#include <arpa/inet.h>
#include <string.h>

static struct target *parse(const char *text)
{
    struct target *target;
    const char *reason;
    ck_assert_int_eq(target_parse(text, strlen(text), &target, &reason), 0);
    return target;
}

/* `line` at this address; the original is gone. */
static struct target *at(const char *line, const char *ip)
{
    struct target *target = parse(line);
    union address address = {.sa.sa_family = AF_INET};
    if (inet_pton(AF_INET, ip, &address.in.sin_addr) != 1) {
        address.sa.sa_family = AF_INET6;
        ck_assert_int_eq(inet_pton(AF_INET6, ip, &address.in6.sin6_addr), 1);
    }
    struct target *made = target_at(target, &address.sa);
    ck_assert_ptr_nonnull(made);
    target_destroy(target);
    return made;
}

static const struct {
    const char *line, *ip, *input, *host, *url, *path;
    unsigned port;
} cases[] = {
    {"a.test", "192.0.2.7", "a.test[192.0.2.7]", "a.test", "http://a.test/",
        "/", 80},
    {"https://A.test:8/b?c#d", "2001:db8::1",
        "https://A.test:8/b?c#d[2001:db8::1]", "A.test", "https://A.test:8/b?c",
        "/b?c", 8},
    {"a.test 192.0.2.9", "192.0.2.7", "a.test[192.0.2.7]", "a.test",
        "http://a.test/", "/", 80},
    {"[::1]:81", "::1", "[::1]:81[::1]", "::1", "http://[::1]:81/", "/", 81},
};

START_TEST(table)
{
    char ip[TARGET_IP_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct target *target = at(cases[i].line, cases[i].ip);
        ck_assert_str_eq(target->input, cases[i].input);
        ck_assert_str_eq(target->host, cases[i].host);
        ck_assert_str_eq(target->url, cases[i].url);
        ck_assert_str_eq(target->path, cases[i].path);
        ck_assert_str_eq(target_ip(target, ip), cases[i].ip);
        ck_assert(target->has_address && target->routed);
        ck_assert_uint_eq(target->port, cases[i].port);
        ck_assert_uint_eq(ntohs(target->address.in.sin_port), cases[i].port);
        target_destroy(target);
    }
}
END_TEST

/* Rules have led to the address already; the port they still say. */
START_TEST(rules_lead_nowhere_else)
{
    static struct connect_rule to = {.to_host = "b.test", .to_port = 81};
    struct route_rules rules = {.connect = &to, .connect_count = 1};
    struct target *target = at("a.test", "192.0.2.7");
    struct route route;
    route_find(&rules, target, &route);
    ck_assert_ptr_null(route.name);
    ck_assert_uint_eq(route.count, 1);
    ck_assert_uint_eq(ntohl(route.addresses->in.sin_addr.s_addr), 0xc0000207);
    ck_assert_uint_eq(route.port, 81);
    target_destroy(target);
}
END_TEST

/* A redirect within the host stays at the address. */
START_TEST(redirects)
{
    static const struct {
        const char *line, *location;
        bool stays;
    } hops[] = {
        {"a.test", "/b", true},
        {"a.test", "https://A.test/", true},
        {"a.test", "https://b.test/", false},
        {"192.0.2.8", "https://192.0.2.8/", true},
    };
    for (size_t i = 0; i < sizeof hops / sizeof *hops; i++) {
        struct target *base = at(hops[i].line, "192.0.2.7"), *next;
        struct span value = {hops[i].location, strlen(hops[i].location)};
        const char *reason;
        ck_assert_int_eq(location_resolve(base, value, &next, &reason), 0);
        ck_assert_int_eq(next->routed, hops[i].stays);
        ck_assert_int_eq(next->has_address, hops[i].stays);
        if (hops[i].stays)
            ck_assert_uint_eq(
                ntohl(next->address.in.sin_addr.s_addr), 0xc0000207);
        target_destroy(next);
        target_destroy(base);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "target_at", (const TTest *const[]){
                         table, rules_lead_nowhere_else, redirects, NULL});
}
