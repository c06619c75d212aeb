/*
 * resolve: lookups of both families, from the hosts file or by DNS.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/dns/resolve.h"
#include "async/net/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define RESOLUTION_DELAY (50 * LOOP_MILLISECOND)

void __real_loop_timer_start(struct loop *loop, struct loop_timer *timer,
    int64_t ns, event_callback_fn fn, void *arg);
void __wrap_loop_timer_start(struct loop *loop, struct loop_timer *timer,
    int64_t ns, event_callback_fn fn, void *arg);

static int64_t delay = RESOLUTION_DELAY; /* what it really is */
static int delays;

void __wrap_loop_timer_start(struct loop *loop, struct loop_timer *timer,
    int64_t ns, event_callback_fn fn, void *arg)
{
    if (ns == RESOLUTION_DELAY) {
        delays++;
        ns = delay;
    }
    __real_loop_timer_start(loop, timer, ns, fn, arg);
}

/* "ok.nx.test": what A and AAAA get. */
static void serve(const struct dns_query *query)
{
    const char *how = query->name;
    if (query->type == DNS_AAAA && strchr(how, '.'))
        how = strchr(how, '.') + 1;
    if (!strncmp(how, "nx.", 3))
        dns_fail(query, DNS_NXDOMAIN);
    else if (!strncmp(how, "servfail.", 9))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strncmp(how, "refused.", 8))
        dns_fail(query, DNS_REFUSED);
    else if (!strncmp(how, "nodata.", 7))
        dns_answer(query, "", 60);
    else if (!strncmp(how, "zero.", 5))
        dns_answer(query, query->type == DNS_A ? "0.0.0.0" : "::", 60);
    else if (!strncmp(how, "mixed.", 6))
        dns_answer(query,
            query->type == DNS_A ? "0.0.0.0 192.0.2.1 0.0.0.0"
                                 : "::ffff:0.0.0.0 2001:db8::1",
            60);
    else if (query->type == DNS_A)
        dns_answer(query, "192.0.2.1 192.0.2.2", 60);
    else
        dns_answer(query, "2001:db8::1 2001:db8::2 2001:db8::3", 60);
}

struct world {
    struct dns dns;
    struct resolver *resolver;
};

static void world_open(struct world *world, dns_serve *how, const char *hosts)
{
    char path[32];
    int fd = text_file(hosts, path);
    dns_open(&world->dns, how);
    struct resolver_config config = {
        .servers = world->dns.server, .hosts_file = path};
    ck_assert_int_eq(
        resolver_create(&world->resolver, loop_running(), &config), 0);
    close(fd);
}

static void world_close(struct world *world)
{
    resolver_destroy(world->resolver);
    dns_close(&world->dns);
}

static void start(
    struct world *world, struct lookup *lookup, const char *name, int family)
{
    struct lookup_name of = {name, family, true};
    ck_assert_int_eq(lookup_start(lookup, world->resolver, &of), 0);
}

static void say_addresses(struct lookup *lookup)
{
    union address address;
    char text[INET6_ADDRSTRLEN];
    while (lookup_has_next(lookup)) {
        ck_assert(lookup_next(lookup, &address));
        inet_ntop(address.sa.sa_family,
            address.sa.sa_family == AF_INET
                ? (const void *)&address.in.sin_addr
                : (const void *)&address.in6.sin6_addr,
            text, sizeof text);
        ck_assert_int_eq(address.in.sin_port, 0);
        say("%s", text);
    }
    ck_assert(!lookup_next(lookup, &address));
}

/* From beginning to end; says the addresses. */
static int look_up(struct world *world, const char *name, int family)
{
    struct lookup lookup;
    start(world, &lookup, name, family);
    int result = lookup_wait(&lookup);
    while (!result && lookup_pending(&lookup))
        task_sleep(0);
    say_addresses(&lookup);
    lookup_stop(&lookup);
    return result;
}

/* --- outcomes --- */

static int look_up_all(void *arg)
{
    static const struct {
        const char *name;
        int family, result;
        const char *addresses;
    } cases[] = {
        {"ok.ok.test", AF_UNSPEC, 0,
            "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 2001:db8::3"},
        {"ok.ok.test", AF_INET, 0, "192.0.2.1 192.0.2.2"},
        {"ok.ok.test", AF_INET6, 0, "2001:db8::1 2001:db8::2 2001:db8::3"},
        {"ok.nodata.test", AF_UNSPEC, 0, "192.0.2.1 192.0.2.2"},
        {"ok.servfail.test", AF_UNSPEC, 0, "192.0.2.1 192.0.2.2"},
        {"nodata.ok.test", AF_UNSPEC, 0, "2001:db8::1 2001:db8::2 2001:db8::3"},
        {"refused.ok.test", AF_UNSPEC, 0,
            "2001:db8::1 2001:db8::2 2001:db8::3"},
        {"nodata.nodata.test", AF_UNSPEC, ASYNC_DNS_NODATA, ""},
        {"nx.nx.test", AF_UNSPEC, ASYNC_DNS_NXDOMAIN, ""},
        {"nx.nx.test", AF_INET, ASYNC_DNS_NXDOMAIN, ""},
        {"nodata.servfail.test", AF_UNSPEC, ASYNC_DNS_SERVFAIL, ""},
        {"servfail.nodata.test", AF_UNSPEC, ASYNC_DNS_SERVFAIL, ""},
        {"refused.refused.test", AF_UNSPEC, ASYNC_DNS_REFUSED, ""},
        {"nx.nodata.test", AF_UNSPEC, ASYNC_DNS_NXDOMAIN, ""},
        {"a..test", AF_UNSPEC, ASYNC_DNS_BAD_NAME, ""},
        {"zero.zero.test", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"zero.zero.test", AF_INET, ASYNC_DNS_UNSPECIFIED, ""},
        {"zero.nodata.test", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"nodata.zero.test", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"zero.ok.test", AF_UNSPEC, 0, "2001:db8::1 2001:db8::2 2001:db8::3"},
        {"ok.zero.test", AF_UNSPEC, 0, "192.0.2.1 192.0.2.2"},
        {"mixed.mixed.test", AF_UNSPEC, 0, "2001:db8::1 192.0.2.1"},
    };
    struct world world;
    (void)arg;
    world_open(&world, serve, "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int result = look_up(&world, cases[i].name, cases[i].family);
        ck_assert_msg(
            result == cases[i].result, "%s: %d", cases[i].name, result);
        said(cases[i].addresses);
    }
    world_close(&world);
    return 0;
}

START_TEST(either_family_is_enough)
{
    run(look_up_all, NULL);
}
END_TEST

/* --- which answer comes first (RFC 8305 section 3) --- */

static int wait_for_lookup(void *arg)
{
    int result = lookup_wait(arg);
    say("there");
    return result;
}

static int answer_aaaa_first(void *arg)
{
    struct world world;
    struct lookup lookup;
    (void)arg;
    world_open(&world, dns_hold, "");
    start(&world, &lookup, "a.test", AF_UNSPEC);
    struct task *task = spawn(wait_for_lookup, &lookup);
    settle();
    ck_assert_uint_eq(dns_held_count, 2); /* both at once */
    said("");
    dns_answer_held(DNS_AAAA, "2001:db8::1", 60);
    said("there");
    ck_assert(lookup_pending(&lookup));
    say_addresses(&lookup);
    dns_answer_held(DNS_A, "192.0.2.1", 60);
    ck_assert(!lookup_pending(&lookup));
    say_addresses(&lookup);
    said("2001:db8::1 192.0.2.1");
    ck_assert_int_eq(delays, 0);
    ck_assert_int_eq(task_join(task), 0);
    lookup_stop(&lookup);
    world_close(&world);
    return 0;
}

START_TEST(aaaa_waits_for_nothing)
{
    run(answer_aaaa_first, NULL);
}
END_TEST

/* A comes, then AAAA with these addresses; who waits goes on by then. */
static void answer_a_first(const char *aaaa, const char *expected)
{
    struct world world;
    struct lookup lookup;
    delays = 0;
    world_open(&world, dns_hold, "");
    start(&world, &lookup, "a.test", AF_UNSPEC);
    struct task *task = spawn(wait_for_lookup, &lookup);
    settle();
    dns_answer_held(DNS_A, "192.0.2.1 192.0.2.2", 60);
    ck_assert_int_eq(delays, 1);
    if (delay <= 1)
        task_sleep(LOOP_MILLISECOND);
    said(delay > 1 ? "" : "there");
    if (delay <= 1) {
        union address address;
        ck_assert(lookup_next(&lookup, &address));
        ck_assert_int_eq(address.sa.sa_family, AF_INET);
    }
    dns_answer_held(DNS_AAAA, aaaa, 60);
    say_addresses(&lookup);
    said(expected);
    ck_assert_int_eq(task_join(task), 0);
    lookup_stop(&lookup);
    world_close(&world);
}

static int answer_a_first_each(void *arg)
{
    (void)arg;
    delay = 1000 * LOOP_SECOND;
    answer_a_first("2001:db8::1", "there 2001:db8::1 192.0.2.1 192.0.2.2");
    answer_a_first("", "there 192.0.2.1 192.0.2.2");
    delay = 1;
    answer_a_first("2001:db8::1", "2001:db8::1 192.0.2.2");
    answer_a_first("", "192.0.2.2");
    delay = RESOLUTION_DELAY;
    return 0;
}

START_TEST(a_waits_a_little_for_aaaa)
{
    run(answer_a_first_each, NULL);
}
END_TEST

static int cancel_in_delay(void *arg)
{
    struct world world;
    struct lookup lookup;
    (void)arg;
    delay = 1000 * LOOP_SECOND;
    world_open(&world, dns_hold, "");
    start(&world, &lookup, "a.test", AF_UNSPEC);
    struct task *task = spawn(wait_for_lookup, &lookup);
    settle();
    dns_answer_held(DNS_A, "192.0.2.1", 60);
    task_cancel(task);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    lookup_stop(&lookup);
    world_close(&world);
    delay = RESOLUTION_DELAY;
    return 0;
}

START_TEST(the_delay_can_be_canceled)
{
    run(cancel_in_delay, NULL);
    said("there");
}
END_TEST

/* --- many --- */

static int look_up_same(void *arg)
{
    struct world *world = arg;
    struct lookup lookup;
    start(world, &lookup, "same.test", AF_UNSPEC);
    int result = lookup_wait(&lookup);
    ck_assert(result || lookup_has_next(&lookup));
    lookup_stop(&lookup);
    return result;
}

enum { MANY = 1000 };

static int look_up_many(void *arg)
{
    static struct task *tasks[MANY];
    struct world world;
    (void)arg;
    world_open(&world, dns_hold, "");
    for (int i = 0; i < MANY; i++)
        tasks[i] = spawn(look_up_same, &world);
    settle();
    ck_assert_uint_eq(world.dns.asked, 2);
    for (int i = 0; i < MANY; i += 3)
        task_cancel(tasks[i]);
    settle();
    dns_answer_held(DNS_AAAA, "2001:db8::1", 60);
    dns_answer_held(DNS_A, "192.0.2.1", 60);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(task_join(tasks[i]), i % 3 ? 0 : -ECANCELED);
    ck_assert_int_eq(look_up_same(&world), 0);
    ck_assert_uint_eq(world.dns.asked, 2);
    world_close(&world);
    return 0;
}

START_TEST(a_thousand_lookups_ask_once)
{
    run(look_up_many, NULL);
}
END_TEST

/* --- silence, and late answers --- */

/* A is refused or has no address; AAAA is silent. */
static void serve_a(const struct dns_query *query)
{
    if (query->type == DNS_A)
        serve(query);
}

static int time_out_beside(const char *name)
{
    struct world world;
    struct lookup lookup;
    struct wait_for scope;
    world_open(&world, serve_a, "");
    start(&world, &lookup, name, AF_UNSPEC);
    wait_for_enter(&scope, 300 * LOOP_MILLISECOND);
    int result = wait_for_leave(&scope, lookup_wait(&lookup));
    lookup_stop(&lookup);
    world_close(&world);
    return result;
}

static int time_out_beside_each(void *arg)
{
    (void)arg;
    ck_assert_int_eq(time_out_beside("nodata.test"), -ETIMEDOUT);
    ck_assert_int_eq(time_out_beside("refused.test"), ASYNC_DNS_REFUSED);
    ck_assert_int_eq(time_out_beside("nx.test"), ASYNC_DNS_NXDOMAIN);
    return 0;
}

START_TEST(a_refusal_says_more_than_silence)
{
    run(time_out_beside_each, NULL);
}
END_TEST

/* Its address has refused, and AAAA is silent. */
static void serve_loopback(const struct dns_query *query)
{
    if (query->type == DNS_A)
        dns_answer(query, "127.0.0.1", 60);
}

static int connect_beside_silence(void *arg)
{
    struct world world;
    struct lookup lookup;
    struct wait_for scope;
    struct stream *stream;
    union address closed, remote;
    (void)arg;
    int fd = bound_to("127.0.0.1", &closed);
    world_open(&world, serve_loopback, "");
    start(&world, &lookup, "a.test", AF_UNSPEC);
    wait_for_enter(&scope, 300 * LOOP_MILLISECOND);
    int result = lookup_wait(&lookup);
    if (!result)
        result = open_connection(
            &stream, &lookup, ntohs(closed.in.sin_port), &remote);
    result = wait_for_leave(&scope, result);
    ck_assert(lookup_pending(&lookup));
    lookup_stop(&lookup);
    world_close(&world);
    close(fd);
    ck_assert_int_eq(remote.in.sin_port, closed.in.sin_port);
    return result;
}

START_TEST(a_refused_connection_says_more_than_silence)
{
    ck_assert_int_eq(run(connect_beside_silence, NULL), -ECONNREFUSED);
}
END_TEST

static int time_out(void *arg)
{
    struct world world;
    struct wait_for scope;
    (void)arg;
    world_open(&world, dns_hold, "");
    wait_for_enter(&scope, 20 * slower() * LOOP_MILLISECOND);
    int result = wait_for_leave(&scope, look_up_same(&world));
    ck_assert_int_eq(result, -ETIMEDOUT);
    ck_assert_uint_eq(world.dns.asked, 2);
    dns_answer_held(DNS_A, "192.0.2.1", 60);
    dns_answer_held(DNS_AAAA, "", 60);
    ck_assert_int_eq(look_up(&world, "same.test", AF_UNSPEC), 0);
    ck_assert_uint_eq(world.dns.asked, 2);
    said("192.0.2.1");
    world_close(&world);

    world_open(&world, dns_hold, "");
    wait_for_enter(&scope, LOOP_MILLISECOND);
    look_up_same(&world);
    wait_for_leave(&scope, 0);
    world_close(&world); /* both are open */
    return 0;
}

START_TEST(silence_ends_with_the_callers_patience)
{
    run(time_out, NULL);
}
END_TEST

/* --- without DNS --- */

static const char hosts[] = "192.0.2.1 two four\n"
                            "192.0.2.2 two\n"
                            "2001:db8::1 two six\n"
                            "2001:db8::2 two\n"
                            "2001:db8::3 two\n"
                            "192.0.2.9 Four.localhost\n"
                            "0.0.0.0 ads blocked half\n"
                            ":: ads\n"
                            "::ffff:0.0.0.0 mapped\n"
                            "2001:db8::9 half\n";

static int look_up_local(void *arg)
{
    static const struct {
        const char *name;
        int family, result;
        const char *addresses;
    } cases[] = {
        {"two", AF_UNSPEC, 0,
            "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 2001:db8::3"},
        {"TWO", AF_INET, 0, "192.0.2.1 192.0.2.2"},
        {"two", AF_INET6, 0, "2001:db8::1 2001:db8::2 2001:db8::3"},
        {"four", AF_UNSPEC, 0, "192.0.2.1"},
        {"four", AF_INET6, ASYNC_DNS_NODATA, ""},
        {"six", AF_INET, ASYNC_DNS_NODATA, ""},
        {"localhost", AF_UNSPEC, 0, "::1 127.0.0.1"},
        {"LocalHost", AF_INET, 0, "127.0.0.1"},
        {"a.b.localhost", AF_INET6, 0, "::1"},
        {"four.localhost", AF_UNSPEC, 0, "192.0.2.9"},
        {"ads", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"blocked", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"blocked", AF_INET6, ASYNC_DNS_NODATA, ""},
        {"mapped", AF_UNSPEC, ASYNC_DNS_UNSPECIFIED, ""},
        {"half", AF_UNSPEC, 0, "2001:db8::9"},
        {"half", AF_INET, ASYNC_DNS_UNSPECIFIED, ""},
    };
    struct world world;
    (void)arg;
    world_open(&world, dns_hold, hosts);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int result = look_up(&world, cases[i].name, cases[i].family);
        ck_assert_msg(
            result == cases[i].result, "%s: %d", cases[i].name, result);
        said(cases[i].addresses);
    }
    settle();
    ck_assert_uint_eq(world.dns.asked, 0);
    world.dns.serve = serve;
    ck_assert_int_eq(look_up(&world, "nolocalhost", AF_INET), 0);
    ck_assert_uint_eq(world.dns.asked, 1);
    said("192.0.2.1 192.0.2.2");
    world_close(&world);
    return 0;
}

START_TEST(the_hosts_file_and_localhost_come_before_dns)
{
    run(look_up_local, NULL);
}
END_TEST

static int look_up_given(void *arg)
{
    struct lookup lookup;
    union address given = {.sa.sa_family = AF_INET};
    (void)arg;
    given.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    lookup_given(&lookup, AF_UNSPEC, &given, 1);
    ck_assert_int_eq(lookup_wait(&lookup), 0);
    say_addresses(&lookup);
    said("127.0.0.1");
    lookup_stop(&lookup);
    lookup_given(&lookup, AF_INET, NULL, 0);
    ck_assert_int_eq(lookup_wait(&lookup), ASYNC_DNS_NODATA);
    lookup_stop(&lookup);
    return 0;
}

START_TEST(a_given_answer_is_the_answer)
{
    run(look_up_given, NULL);
}
END_TEST

static int create_badly(void *arg)
{
    struct resolver *resolver = NULL;
    struct resolver_config config = {
        .servers = "nonsense", .hosts_file = "/dev/null"};
    (void)arg;
    ck_assert_int_eq(
        resolver_create(&resolver, loop_running(), &config), -EINVAL);
    ck_assert_ptr_null(resolver);
    resolver_destroy(resolver);
    return 0;
}

START_TEST(bad_servers_make_no_resolver)
{
    run(create_badly, NULL);
}
END_TEST

SUITE("resolve", either_family_is_enough, aaaa_waits_for_nothing,
    a_waits_a_little_for_aaaa, the_delay_can_be_canceled,
    a_thousand_lookups_ask_once, a_refusal_says_more_than_silence,
    a_refused_connection_says_more_than_silence,
    silence_ends_with_the_callers_patience,
    the_hosts_file_and_localhost_come_before_dns, a_given_answer_is_the_answer,
    bad_servers_make_no_resolver)
