/*
 * nameserver: one question, one type, all that a server may do.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/dns/nameserver.h"
#include "async/dns/resolv_conf.h"

#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

static bool impatient; /* nobody waits for seconds here */
static int init_fails; /* with this, if not 0 */

int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    if (impatient) {
        options->timeout = 10;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22; 1.32 has a minimum, too */
        options->maxtimeout = 10;
        mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    }
    if (init_fails)
        return init_fails;
    return __real_ares_init_options(channel, options, mask);
}

/* --- one question --- */

struct asked {
    struct future done;
    int calls, said;
    struct dns_answer answer;
};

static void answered(void *arg, const struct dns_answer *answer)
{
    struct asked *asked = arg;
    asked->calls++;
    asked->answer.result = answer->result;
    if (!answer->result)
        asked->answer = *answer;
    future_set(&asked->done, answer->result);
}

static void ask(
    struct nameserver *ns, struct asked *asked, const char *name, int family)
{
    struct nameserver_question question = {name, family};
    *asked = (struct asked){.calls = 0};
    nameserver_ask(ns, &question, &asked->said, answered, asked);
    nameserver_flush(ns);
}

static int ask_and_wait(struct nameserver *ns, const char *name, int family)
{
    struct asked asked;
    ask(ns, &asked, name, family);
    int result = await(&asked.done);
    ck_assert_int_eq(asked.calls, 1);
    return result;
}

/* --- a server that does what the name says --- */

static void send_junk(const struct dns_query *query)
{
    struct dns_query other = *query;
    dns_send(query, "", 0);
    dns_send(query, "junk", 4);
    dns_send(query, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 13);
    dns_send(query, query->message, query->size - 3);
    other.message[0] ^= 0x55;
    dns_answer(&other, "192.0.2.66", 60);
    dns_fail(&other, DNS_NXDOMAIN);
    other.message[0] ^= 0x55;
    other.message[13] ^= 0x01;
    dns_answer(&other, "192.0.2.66", 60);
}

static void send_many(const struct dns_query *query, int count)
{
    char text[1000];
    size_t used = 0;
    for (int i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "192.0.2.%d ", i);
    dns_answer(query, text, 60);
}

static void serve(const struct dns_query *query)
{
    const char *name = query->name;
    if (!strncmp(name, "junk", 4))
        send_junk(query);
    if (!strcmp(name, "nx.test"))
        dns_fail(query, DNS_NXDOMAIN);
    else if (!strcmp(name, "nodata.test"))
        dns_answer(query, "", 60);
    else if (!strcmp(name, "servfail.test"))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strcmp(name, "refused.test"))
        dns_fail(query, DNS_REFUSED);
    else if (!strcmp(name, "notimp.test"))
        dns_fail(query, 4);
    else if (!strcmp(name, "formerr.test"))
        dns_fail(query, 1);
    else if (!strcmp(name, "silent.test"))
        return;
    else if (!strncmp(name, "tc.", 3) && query->tcp < 0)
        dns_truncate(query);
    else if (strstr(name, "notauth.test"))
        dns_fail(query, 9);
    else if (!strcmp(name, "tc.again.test"))
        dns_claim(query, 0x8380, 0);
    else if (strstr(name, "lame.test"))
        dns_claim(query, 0x8100, 0);
    else if (strstr(name, "broken.test"))
        dns_claim(query, 0x8180, 1);
    else if (!strcmp(name, "tc.unloved.test"))
        dns_hang_up_on(query);
    else if (!strcmp(name, "tc.silent.test"))
        return;
    else if (!strcmp(name, "many.test"))
        send_many(query, 40);
    else if (!strcmp(name, "ttl.test"))
        dns_answer(query, "192.0.2.1", 7);
    else if (query->type == DNS_A)
        dns_answer(query, "192.0.2.1 192.0.2.2", 60);
    else
        dns_answer(query, "2001:db8::1", 60);
}

struct world {
    struct dns dns;
    struct resolv_conf conf;
    struct nameserver *ns;
};

static void world_open(struct world *world)
{
    dns_open(&world->dns, serve);
    ck_assert_int_eq(resolv_conf_given(&world->conf, world->dns.server), 0);
    ck_assert_int_eq(
        nameserver_create(&world->ns, loop_running(), &world->conf, 0), 0);
}

static void world_close(struct world *world)
{
    nameserver_destroy(world->ns);
    resolv_conf_fini(&world->conf);
    dns_close(&world->dns);
}

static int ask_all(void *arg)
{
    static const struct {
        const char *name;
        int result;
    } cases[] = {
        {"good.test", 0},
        {"nx.test", ASYNC_DNS_NXDOMAIN},
        {"nodata.test", ASYNC_DNS_NODATA},
        {"servfail.test", ASYNC_DNS_SERVFAIL},
        {"refused.test", ASYNC_DNS_REFUSED},
        {"notimp.test", ASYNC_DNS_NOTIMP},
        {"formerr.test", ASYNC_DNS_FORMERR},
        {"notauth.test", ASYNC_DNS_NOTAUTH},
        {"lame.test", ASYNC_DNS_BAD_ANSWER},
        {"broken.test", ASYNC_DNS_BAD_ANSWER},
        {"tc.test", 0},
        {"tc.notauth.test", ASYNC_DNS_NOTAUTH},
        {"tc.lame.test", ASYNC_DNS_BAD_ANSWER},
        {"tc.broken.test", ASYNC_DNS_BAD_ANSWER},
        {"tc.again.test", ASYNC_DNS_BAD_ANSWER},
        {"a..b", ASYNC_DNS_BAD_NAME},
        {"good.test", 0},
    };
    struct world world;
    (void)arg;
    world_open(&world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int v4 = ask_and_wait(world.ns, cases[i].name, AF_INET);
        int v6 = ask_and_wait(world.ns, cases[i].name, AF_INET6);
        ck_assert_msg(v4 == cases[i].result && v6 == cases[i].result,
            "%s: A %d, AAAA %d", cases[i].name, v4, v6);
    }
    world_close(&world);
    return 0;
}

START_TEST(every_outcome_is_told_apart)
{
    run(ask_all, NULL);
}
END_TEST

static int ask_in_vain(void *arg)
{
    struct world world;
    (void)arg;
    impatient = true;
    world_open(&world);
    ck_assert_int_eq(
        ask_and_wait(world.ns, "silent.test", AF_INET), ASYNC_DNS_TIMEOUT);
    ck_assert_uint_ge(world.dns.asked, 3); /* two may get lost */
    ck_assert_uint_le(world.dns.asked, 5);
    world_close(&world);
    impatient = false;
    return 0;
}

START_TEST(silence_ends_after_some_tries)
{
    run(ask_in_vain, NULL);
}
END_TEST

static int ask_for_addresses(void *arg)
{
    struct world world;
    struct asked asked;
    char text[INET6_ADDRSTRLEN];
    (void)arg;
    world_open(&world);
    ask(world.ns, &asked, "good.test", AF_INET);
    ck_assert_int_eq(await(&asked.done), 0);
    ck_assert_uint_eq(asked.answer.count, 2);
    ck_assert_int_eq(asked.answer.ttl, 60);
    inet_ntop(AF_INET, &asked.answer.addresses.in[1], text, sizeof text);
    ck_assert_str_eq(text, "192.0.2.2");
    ask(world.ns, &asked, "good.test", AF_INET6);
    ck_assert_int_eq(await(&asked.done), 0);
    ck_assert_uint_eq(asked.answer.count, 1);
    inet_ntop(AF_INET6, &asked.answer.addresses.in6[0], text, sizeof text);
    ck_assert_str_eq(text, "2001:db8::1");
    ask(world.ns, &asked, "ttl.test", AF_INET);
    ck_assert_int_eq(await(&asked.done), 0);
    ck_assert_int_eq(asked.answer.ttl, 7);
    ask(world.ns, &asked, "many.test", AF_INET);
    ck_assert_int_eq(await(&asked.done), 0);
    ck_assert_uint_eq(asked.answer.count, DNS_ANSWER_ADDRESSES_MAX);
    world_close(&world);
    return 0;
}

START_TEST(addresses_come_in_the_servers_order)
{
    run(ask_for_addresses, NULL);
}
END_TEST

static int ask_through_junk(void *arg)
{
    struct world world;
    struct asked asked;
    (void)arg;
    world_open(&world);
    ask(world.ns, &asked, "junk.test", AF_INET);
    ck_assert_int_eq(await(&asked.done), 0);
    ck_assert_uint_eq(asked.answer.count, 2);
    ck_assert_uint_eq(world.dns.asked, 1); /* the junk broke nothing */
    world_close(&world);
    return 0;
}

START_TEST(junk_before_the_answer_is_ignored)
{
    run(ask_through_junk, NULL);
}
END_TEST

/* --- TCP --- */

static int ask_by_tcp(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world);
    ck_assert_int_eq(ask_and_wait(world.ns, "tc.test", AF_INET), 0);
    ck_assert_uint_eq(world.dns.asked_by_tcp, 1);
    ck_assert_uint_eq(world.dns.asked, 2);
    dns_close_tcp(&world.dns);
    ck_assert_int_eq(ask_and_wait(world.ns, "good.test", AF_INET), 0);
    world_close(&world);

    world_open(&world);
    dns_close_tcp(&world.dns);
    ck_assert_int_eq(
        ask_and_wait(world.ns, "tc.test", AF_INET), ASYNC_DNS_NO_TCP);
    ck_assert_int_eq(ask_and_wait(world.ns, "good.test", AF_INET), 0);
    world_close(&world);
    return 0;
}

START_TEST(what_was_truncated_is_asked_by_tcp)
{
    run(ask_by_tcp, NULL);
}
END_TEST

/* --- servers --- */

static int ask_nobody(void *arg)
{
    struct nameserver *ns;
    struct resolv_conf conf;
    union address address;
    char server[32];
    (void)arg;
    int fd = bound_to("127.0.0.1", &address); /* for TCP: UDP has nobody */
    snprintf(server, sizeof server, "127.0.0.1:%u", ntohs(address.in.sin_port));
    ck_assert_int_eq(resolv_conf_given(&conf, server), 0);
    ck_assert_int_eq(nameserver_create(&ns, loop_running(), &conf, 0), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(
            ask_and_wait(ns, "a.test", AF_INET), ASYNC_DNS_UNREACHABLE);
    nameserver_destroy(ns);
    resolv_conf_fini(&conf);
    close(fd);
    return 0;
}

START_TEST(the_port_of_no_server_is_unreachable)
{
    run(ask_nobody, NULL);
}
END_TEST

static int create_with(void *arg)
{
    struct resolv_conf conf = {0};
    struct nameserver *ns = NULL;
    ck_assert_int_eq(resolv_conf_given(&conf, arg), 0);
    int result = nameserver_create(&ns, loop_running(), &conf, 0);
    ck_assert((result == 0) == (ns != NULL));
    nameserver_destroy(ns);
    resolv_conf_fini(&conf);
    return result;
}

START_TEST(only_a_lack_of_memory_is_told_as_one)
{
    init_fails = ARES_ENOMEM;
    ck_assert_int_eq(run(create_with, "192.0.2.1"), -ENOMEM);
    init_fails = ARES_EFILE;
    ck_assert_int_eq(run(create_with, "192.0.2.1"), -EIO);
    init_fails = 0;
}
END_TEST

/* --- the end --- */

static int destroy_while_open(void *arg)
{
    enum { OPEN = 10 };
    struct world world;
    struct asked asked[OPEN];
    (void)arg;
    world_open(&world);
    for (int i = 0; i < OPEN; i++)
        ask(world.ns, &asked[i], "silent.test", i % 2 ? AF_INET : AF_INET6);
    settle();
    ck_assert_uint_eq(world.dns.asked, OPEN);
    world_close(&world);
    for (int i = 0; i < OPEN; i++) {
        ck_assert_int_eq(asked[i].calls, 1);
        ck_assert_int_eq(asked[i].answer.result, -ECANCELED);
    }
    return 0;
}

START_TEST(open_questions_end_canceled)
{
    run(destroy_while_open, NULL);
}
END_TEST

/* Of all that were on a connection, only the one for which the server closes
 * it fails, wherever it stood. */
static int ask_beside_unloved(void *arg)
{
    enum { MANY = 24 };
    struct world world;
    struct asked asked[MANY];
    (void)arg;
    for (int unloved = 0; unloved < MANY; unloved += 11) {
        world_open(&world);
        for (int i = 0; i < MANY; i++)
            ask(world.ns, &asked[i],
                i == unloved ? "tc.unloved.test" : "tc.test", AF_INET);
        for (int i = 0; i < MANY; i++) {
            ck_assert_int_eq(
                await(&asked[i].done), i == unloved ? ASYNC_DNS_NO_TCP : 0);
            ck_assert_int_eq(asked[i].calls, 1);
        }
        world_close(&world);
    }
    return 0;
}

START_TEST(only_the_unloved_question_fails)
{
    run(ask_beside_unloved, NULL);
}
END_TEST

/* A server that wants a connection for each question. */
static void serve_once(const struct dns_query *query)
{
    serve(query);
    if (query->tcp >= 0)
        dns_hang_up_on(query);
}

static int ask_once_per_connection(void *arg)
{
    enum { MANY = 24 };
    struct world world;
    struct asked asked[MANY];
    (void)arg;
    world_open(&world);
    world.dns.serve = serve_once;
    for (int i = 0; i < MANY; i++)
        ask(world.ns, &asked[i], "tc.test", AF_INET);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(await(&asked[i].done), 0);
    world_close(&world);
    return 0;
}

START_TEST(each_question_may_take_a_connection)
{
    run(ask_once_per_connection, NULL);
}
END_TEST

/* Some are alone, some wait for that, when all ends. */
static int destroy_while_lost(void *arg)
{
    enum { MANY = 10 };
    struct world world;
    struct asked asked[MANY];
    (void)arg;
    world_open(&world);
    for (int i = 0; i < MANY; i++)
        ask(world.ns, &asked[i], i ? "tc.silent.test" : "tc.unloved.test",
            AF_INET);
    ck_assert_int_eq(await(&asked[0].done), ASYNC_DNS_NO_TCP);
    world_close(&world);
    for (int i = 1; i < MANY; i++) {
        ck_assert_int_eq(asked[i].calls, 1);
        ck_assert_int_eq(asked[i].answer.result, -ECANCELED);
    }
    return 0;
}

START_TEST(lost_questions_end_canceled)
{
    run(destroy_while_lost, NULL);
}
END_TEST

SUITE("nameserver", every_outcome_is_told_apart, silence_ends_after_some_tries,
    addresses_come_in_the_servers_order, junk_before_the_answer_is_ignored,
    what_was_truncated_is_asked_by_tcp, only_the_unloved_question_fails,
    each_question_may_take_a_connection, lost_questions_end_canceled,
    the_port_of_no_server_is_unreachable, only_a_lack_of_memory_is_told_as_one,
    open_questions_end_canceled)
