/*
 * resolve over the search list: which names are asked, and whose addresses
 * are found.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/dns/resolv_conf.h"
#include "async/dns/resolve.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int __wrap_resolv_conf_read(struct resolv_conf *conf, const char *path);
int __real_resolv_conf_read(struct resolv_conf *conf, const char *path);

static const struct dns *system_dns; /* the system's name server */
static const char *system_list; /* and search list */

/* As resolv.conf(5) would say it, but for the port. */
int __wrap_resolv_conf_read(struct resolv_conf *conf, const char *path)
{
    char ours[32];
    const char *port = strchr(system_dns->server, ':') + 1;
    (void)path;
    int fd = text_file(system_list, ours);
    int result = __real_resolv_conf_read(conf, ours);
    close(fd);
    if (!result)
        address_set_port(conf->servers, (uint16_t)atoi(port));
    return result;
}

struct world {
    struct dns dns;
    struct resolver *resolver;
};

static void world_open(struct world *world, dns_serve *serve, const char *list)
{
    dns_open(&world->dns, serve);
    system_dns = &world->dns;
    system_list = list;
    struct resolver_config config = {
        .servers = NULL, .hosts_file = "/dev/null"};
    ck_assert_int_eq(
        resolver_create(&world->resolver, loop_running(), &config), 0);
}

static void world_close(struct world *world)
{
    resolver_destroy(world->resolver);
    dns_close(&world->dns);
}

/* --- the names asked --- */

static char asked_names[400]; /* "NAME/A NAME/AAAA …" */

static void note(const struct dns_query *query)
{
    size_t used = strlen(asked_names);
    snprintf(asked_names + used, sizeof asked_names - used, "%.60s/%s ",
        query->name, query->type == DNS_A ? "A" : "AAAA");
}

static void say_addresses(struct lookup *lookup)
{
    union address address;
    char text[INET6_ADDRSTRLEN];
    while (lookup_next(lookup, &address)) {
        inet_ntop(address.sa.sa_family,
            address.sa.sa_family == AF_INET
                ? (const void *)&address.in.sin_addr
                : (const void *)&address.in6.sin6_addr,
            text, sizeof text);
        say("%s", text);
    }
}

typedef int lookup_how(struct lookup *lookup);

static int look_up(
    struct world *world, const char *name, int family, lookup_how *wait)
{
    struct lookup lookup;
    struct lookup_name of = {name, family, false};
    *asked_names = '\0';
    int result = lookup_start(&lookup, world->resolver, &of);
    if (result)
        return result;
    result = wait(&lookup);
    while (!result && lookup_pending(&lookup))
        task_sleep(LOOP_MILLISECOND);
    say_addresses(&lookup);
    lookup_stop(&lookup);
    return result;
}

static void note_and_deny(const struct dns_query *query)
{
    note(query);
    dns_fail(query, DNS_NXDOMAIN);
}

static int search_onions(void *arg)
{
    static const struct {
        const char *name, *asked;
    } cases[] = {
        {"one", "one.corp.test/A one/A "},
        {"one.two", "one.two/A one.two.corp.test/A "},
        {"one.onion", ""},
        {"one.two.Onion", ""},
        {"one.ONION.", ""},
        {"onion", "onion.corp.test/A onion/A "},
        {"one.onions", "one.onions/A one.onions.corp.test/A "},
        {"oneonion", "oneonion.corp.test/A oneonion/A "},
    };
    struct world world;
    (void)arg;
    world_open(&world, note_and_deny, "search corp.test a.onion\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(look_up(&world, cases[i].name, AF_INET, lookup_wait),
            ASYNC_DNS_NXDOMAIN);
        ck_assert_str_eq(asked_names, cases[i].asked);
    }
    world_close(&world);
    return 0;
}

START_TEST(onion_names_are_asked_of_nobody)
{
    run(search_onions, NULL);
}
END_TEST

static void serve_good(const struct dns_query *query)
{
    if (strstr(query->name, ".broken.test"))
        dns_fail(query, DNS_SERVFAIL);
    else if (strstr(query->name, ".refused.test"))
        dns_fail(query, DNS_REFUSED);
    else if (!strcmp(query->name, "www.good.test"))
        dns_answer(query, query->type == DNS_A ? "192.0.2.1" : "", 60);
    else if (!strcmp(query->name, "empty.good.test"))
        dns_answer(query, "", 60);
    else
        dns_fail(query, DNS_NXDOMAIN);
}

static int search_on(void *arg)
{
    static const struct {
        const char *list, *name;
        int result;
    } cases[] = {
        {"search broken.test good.test\n", "www", 0},
        {"search broken.test good.test\n", "a.broken.test", ASYNC_DNS_SERVFAIL},
        {"search broken.test good.test\n", "empty", ASYNC_DNS_NODATA},
        {"search good.test broken.test\n", "none", ASYNC_DNS_SERVFAIL},
        {"search bad..name good.test\n", "www", 0},
        {"search bad..name good.test\n", "empty", ASYNC_DNS_NODATA},
        {"search bad..name good.test\n", "none", ASYNC_DNS_NXDOMAIN},
        {"search bad..name good.test\n", "a..b", ASYNC_DNS_BAD_NAME},
        {"search refused.test good.test\n", "www", ASYNC_DNS_REFUSED},
    };
    struct world world;
    const int *family = arg;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_open(&world, serve_good, cases[i].list);
        int result = look_up(&world, cases[i].name, *family, lookup_wait);
        ck_assert_msg(result == cases[i].result, "%s%s: %d", cases[i].list,
            cases[i].name, result);
        said(result ? "" : "192.0.2.1");
        world_close(&world);
    }
    return 0;
}

START_TEST(a_zone_that_does_not_work_is_passed_over)
{
    static const int families[] = {AF_INET, AF_UNSPEC};
    for (int i = 0; i < 2; i++)
        run(search_on, (int *)(uintptr_t)&families[i]);
}
END_TEST

/* --- both families of one name --- */

/* "ok.nx.test": what A and AAAA get; in corp.test there is every name. */
static void serve(const struct dns_query *query)
{
    const char *how = query->name;
    note(query);
    if (strstr(query->name, ".corp.test")) {
        dns_answer(
            query, query->type == DNS_A ? "192.0.2.66" : "2001:db8::66", 60);
        return;
    }
    if (query->type == DNS_AAAA)
        how = strchr(how, '.') + 1;
    if (!strncmp(how, "ok", 2))
        dns_answer(
            query, query->type == DNS_A ? "192.0.2.1" : "2001:db8::1", 60);
    else if (!strncmp(how, "nodata", 6))
        dns_answer(query, "", 60);
    else if (!strncmp(how, "nx", 2))
        dns_fail(query, DNS_NXDOMAIN);
    else if (!strncmp(how, "servfail", 8))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strncmp(how, "zero", 4))
        dns_answer(query, query->type == DNS_A ? "0.0.0.0" : "::", 60);
    else if (!strncmp(how, "refused", 7))
        dns_fail(query, DNS_REFUSED);
}

#define FOREIGN "2001:db8::66 192.0.2.66"

static int search_both(void *arg)
{
    static const struct {
        const char *name;
        int family, result;
        const char *addresses;
    } cases[] = {
        {"ok.ok.test", AF_UNSPEC, 0, "2001:db8::1 192.0.2.1"},
        {"ok.nodata.test", AF_UNSPEC, 0, "192.0.2.1"},
        {"nodata.ok.test", AF_UNSPEC, 0, "2001:db8::1"},
        {"ok.nx.test", AF_UNSPEC, 0, "192.0.2.1"},
        {"nx.ok.test", AF_UNSPEC, 0, "2001:db8::1"},
        {"ok.servfail.test", AF_UNSPEC, 0, "192.0.2.1"},
        {"servfail.ok.test", AF_UNSPEC, 0, "2001:db8::1"},
        {"ok.refused.test", AF_UNSPEC, 0, "192.0.2.1"},
        {"zero.nx.test", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        /* Only the family wanted counts. */
        {"ok.nodata.test", AF_INET, 0, "192.0.2.1"},
        {"nodata.ok.test", AF_INET, 0, "192.0.2.66"},
        {"ok.servfail.test", AF_INET6, 0, "2001:db8::66"},
        /* No address at all: the next name. */
        {"nodata.nx.test", AF_UNSPEC, 0, FOREIGN},
        {"nx.nodata.test", AF_UNSPEC, 0, FOREIGN},
        {"servfail.servfail.test", AF_UNSPEC, 0, FOREIGN},
        {"nx.servfail.test", AF_UNSPEC, 0, FOREIGN},
        /* Perhaps there is one. */
        {"refused.nodata.test", AF_UNSPEC, ASYNC_DNS_REFUSED, ""},
        {"nx.refused.test", AF_UNSPEC, ASYNC_DNS_NXDOMAIN, ""},
    };
    struct world world;
    lookup_how *const *how = arg;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_open(&world, serve, "search corp.test\n");
        int result = look_up(&world, cases[i].name, cases[i].family, *how);
        ck_assert_msg(
            result == cases[i].result, "%s: %d", cases[i].name, result);
        said(cases[i].addresses);
        bool walked = strstr(cases[i].addresses, "66") != NULL;
        ck_assert_msg(walked == !!strstr(asked_names, "corp"), "%s: %s",
            cases[i].name, asked_names);
        unsigned questions =
            (walked ? 2u : 1u) * (cases[i].family == AF_UNSPEC ? 2u : 1u);
        ck_assert_uint_ge(world.dns.asked, questions);
        /* A refusal may be a server's "not now": it is asked again. */
        if (!strstr(cases[i].name, "refused"))
            ck_assert_uint_eq(world.dns.asked, questions);
        world_close(&world);
    }
    return 0;
}

START_TEST(an_address_of_either_family_ends_the_search)
{
    static lookup_how *const hows[] = {lookup_wait, lookup_wait_all};
    for (int i = 0; i < 2; i++)
        run(search_both, (void *)(uintptr_t)&hows[i]);
}
END_TEST

/* --- an answer that comes late --- */

static void hold(const struct dns_query *query)
{
    note(query);
    dns_hold(query);
}

static int wait_all(void *arg)
{
    int result = lookup_wait_all(arg);
    say("there");
    return result;
}

/* This family's answer has come, without an address; then the other's. */
static void answer_late(int first, int second, const char *addresses)
{
    struct world world;
    struct lookup lookup;
    struct lookup_name of = {"a.test", AF_UNSPEC, false};
    *asked_names = '\0';
    world_open(&world, hold, "search corp.test\n");
    ck_assert_int_eq(lookup_start(&lookup, world.resolver, &of), 0);
    struct task *task = spawn(wait_all, &lookup);
    settle();
    dns_answer_held(first, "", 60);
    ck_assert_uint_eq(world.dns.asked, 2);
    said("");
    dns_answer_held(second, addresses, 60);
    if (*addresses) {
        said("there");
        ck_assert_uint_eq(world.dns.asked, 2);
    } else {
        said("");
        ck_assert_uint_eq(world.dns.asked, 4);
        ck_assert_ptr_nonnull(strstr(asked_names, " a.test.corp.test/"));
        task_cancel(task);
    }
    ck_assert_int_eq(task_join(task), *addresses ? 0 : -ECANCELED);
    said(*addresses ? "" : "there");
    lookup_stop(&lookup);
    world_close(&world);
}

static int answer_late_each(void *arg)
{
    (void)arg;
    answer_late(DNS_AAAA, DNS_A, "192.0.2.1");
    answer_late(DNS_A, DNS_AAAA, "2001:db8::1");
    answer_late(DNS_AAAA, DNS_A, "");
    return 0;
}

START_TEST(the_late_family_is_waited_for)
{
    run(answer_late_each, NULL);
}
END_TEST

/* Names of the list are asked once for all who search, and kept. */
static int search_twice(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, serve, "search corp.test\n");
    ck_assert_int_eq(
        look_up(&world, "nx.nx.test", AF_UNSPEC, lookup_wait_all), 0);
    ck_assert_uint_eq(world.dns.asked, 4);
    ck_assert_int_eq(
        look_up(&world, "nx.nx.test", AF_UNSPEC, lookup_wait_all), 0);
    ck_assert_uint_eq(world.dns.asked, 4);
    said(FOREIGN " " FOREIGN);
    world_close(&world);
    return 0;
}

START_TEST(what_was_asked_is_known)
{
    run(search_twice, NULL);
}
END_TEST

SUITE("search", onion_names_are_asked_of_nobody,
    a_zone_that_does_not_work_is_passed_over,
    an_address_of_either_family_ends_the_search, the_late_family_is_waited_for,
    what_was_asked_is_known)
