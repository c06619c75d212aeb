/*
 * resolve: all the addresses of a name.
 */
#include "dns.h"
#include "harness.h"

#include "async/core/error.h"
#include "async/dns/resolve.h"

#include <errno.h>
#include <string.h>

/* "ok.nodata.test": what A and AAAA get. */
static void serve(const struct dns_query *query)
{
    const char *how = query->name;
    if (query->type == DNS_AAAA)
        how = strchr(how, '.') + 1;
    if (!strncmp(how, "nx.", 3))
        dns_fail(query, DNS_NXDOMAIN);
    else if (!strncmp(how, "servfail.", 9))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strncmp(how, "nodata.", 7))
        dns_answer(query, "", 60);
    else
        dns_answer(
            query, query->type == DNS_A ? "192.0.2.1" : "2001:db8::1", 60);
}

struct world {
    struct dns dns;
    struct resolver *resolver;
};

static void world_open(struct world *world, dns_serve *how)
{
    dns_open(&world->dns, how);
    struct resolver_config config = {
        .servers = world->dns.server, .hosts_file = "/dev/null"};
    ck_assert_int_eq(
        resolver_create(&world->resolver, loop_running(), &config), 0);
}

static void world_close(struct world *world)
{
    resolver_destroy(world->resolver);
    dns_close(&world->dns);
}

static void start(struct world *world, struct lookup *lookup, const char *name)
{
    struct lookup_name of = {name, AF_UNSPEC, true};
    ck_assert_int_eq(lookup_start(lookup, world->resolver, &of), 0);
}

static size_t count_rest(struct lookup *lookup)
{
    union address address;
    size_t count = 0;
    while (lookup_next(lookup, &address))
        count++;
    return count;
}

static int wait_for_all(void *arg)
{
    int result = lookup_wait_all(arg);
    say("there");
    return result;
}

static int answer_one_by_one(void *arg)
{
    struct world world;
    struct lookup lookup;
    (void)arg;
    world_open(&world, dns_hold);
    start(&world, &lookup, "a.test");
    struct task *task = spawn(wait_for_all, &lookup);
    settle();
    dns_answer_held(DNS_AAAA, "2001:db8::1", 60);
    said("");
    ck_assert(!lookup_is_whole(&lookup));
    dns_answer_held(DNS_A, "192.0.2.1 192.0.2.2", 60);
    said("there");
    ck_assert_int_eq(task_join(task), 0);
    ck_assert(lookup_is_whole(&lookup));
    ck_assert_uint_eq(count_rest(&lookup), 3);
    lookup_stop(&lookup);
    world_close(&world);
    return 0;
}

START_TEST(the_last_answer_is_waited_for)
{
    run(answer_one_by_one, NULL);
}
END_TEST

static int answer_one_only(void *arg)
{
    struct world world;
    struct lookup lookup;
    (void)arg;
    world_open(&world, dns_hold);
    start(&world, &lookup, "a.test");
    struct task *task = spawn(wait_for_all, &lookup);
    settle();
    dns_answer_held(DNS_A, "192.0.2.1", 60);
    task_cancel(task);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    said("there");
    ck_assert(!lookup_is_whole(&lookup));
    ck_assert_uint_eq(count_rest(&lookup), 1);
    lookup_stop(&lookup);
    world_close(&world);
    return 0;
}

START_TEST(interrupted_it_leaves_what_has_come)
{
    run(answer_one_only, NULL);
}
END_TEST

static int look_up_all(void *arg)
{
    static const struct {
        const char *name;
        int result;
        bool whole;
        size_t count;
    } cases[] = {
        {"ok.ok.test", 0, true, 2},
        {"ok.nodata.test", 0, true, 1},
        {"nodata.ok.test", 0, true, 1},
        {"ok.nx.test", 0, true, 1},
        {"ok.servfail.test", 0, false, 1},
        {"servfail.ok.test", 0, false, 1},
        {"nodata.nodata.test", ASYNC_DNS_NODATA, true, 0},
        {"nx.nx.test", ASYNC_DNS_NXDOMAIN, true, 0},
        {"servfail.servfail.test", ASYNC_DNS_SERVFAIL, false, 0},
        {"localhost", 0, true, 2},
    };
    struct world world;
    (void)arg;
    world_open(&world, serve);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lookup lookup;
        start(&world, &lookup, cases[i].name);
        ck_assert_int_eq(lookup_wait_all(&lookup), cases[i].result);
        ck_assert_int_eq(lookup_is_whole(&lookup), cases[i].whole);
        ck_assert_uint_eq(count_rest(&lookup), cases[i].count);
        lookup_stop(&lookup);
    }
    world_close(&world);
    return 0;
}

START_TEST(who_failed_may_have_more)
{
    run(look_up_all, NULL);
}
END_TEST

SUITE("resolve_all", the_last_answer_is_waited_for,
    interrupted_it_leaves_what_has_come, who_failed_may_have_more)
