/*
 * verdicts: what is said when none of several name servers was of use.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/error.h"
#include "async/nameserver.h"

#include <ares.h>
#include <stdio.h>
#include <string.h>

int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

/* Nobody waits for seconds here. */
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    options->timeout = 10;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22; 1.32 has a minimum, too */
    options->maxtimeout = 10;
    mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    return __real_ares_init_options(channel, options, mask);
}

/* --- two servers --- */

/* The more telling before the less. */
enum kind { GOOD, SERVFAIL, REFUSED, NOTIMP, SILENT, CLOSED, KINDS };

static const struct {
    const char *name;
    int code, result;
} kinds[KINDS] = {
    [GOOD] = {"good", 0, 0},
    [SERVFAIL] = {"SERVFAIL", DNS_SERVFAIL, ASYNC_DNS_SERVFAIL},
    [REFUSED] = {"REFUSED", DNS_REFUSED, ASYNC_DNS_REFUSED},
    [NOTIMP] = {"NOTIMP", 4, ASYNC_DNS_NOTIMP},
    [SILENT] = {"silent", 0, ASYNC_DNS_TIMEOUT},
    [CLOSED] = {"closed", 0, ASYNC_DNS_UNREACHABLE},
};

/* Does as its `arg`, a kind's code, says. */
static void serve(const struct dns_query *query)
{
    const int *code = query->dns->arg;
    if (*code)
        dns_fail(query, *code);
    else
        dns_answer(query, "192.0.2.1", 60);
}

static void keep_silent(const struct dns_query *query)
{
    (void)query;
}

/* A socket that takes nothing but its own is closed to others. */
static void close_to_others(const struct dns *dns)
{
    union address own;
    socklen_t length = sizeof own;
    ck_assert_int_eq(getsockname(dns->udp, &own.sa, &length), 0);
    ck_assert_int_eq(connect(dns->udp, &own.sa, length), 0);
}

struct world {
    enum kind two[2];
    int codes[2];
    struct dns dns[2];
    struct nameserver *ns;
};

static void server_open(struct world *world, int i)
{
    enum kind kind = world->two[i];
    struct dns *dns = &world->dns[i];
    dns_open(dns, kind == SILENT ? keep_silent : serve);
    world->codes[i] = kinds[kind].code;
    dns->arg = &world->codes[i];
    if (kind == CLOSED)
        close_to_others(dns);
}

static void world_open(struct world *world, enum kind first, enum kind second)
{
    char servers[80];
    world->two[0] = first;
    world->two[1] = second;
    server_open(world, 0);
    server_open(world, 1);
    snprintf(servers, sizeof servers, "%.31s,%.31s", world->dns[0].server,
        world->dns[1].server);
    ck_assert_int_eq(nameserver_create(&world->ns, loop_running(), servers), 0);
}

static void world_close(struct world *world)
{
    nameserver_destroy(world->ns);
    dns_close(&world->dns[0]);
    dns_close(&world->dns[1]);
}

/* --- one question --- */

struct asked {
    struct future done;
    int said, result;
};

static void answered(void *arg, const struct nameserver_answer *answer)
{
    struct asked *asked = arg;
    asked->result = answer->result;
    future_set(&asked->done, answer->result);
}

static void ask(struct nameserver *ns, struct asked *asked, const char *name)
{
    struct nameserver_question question = {name, AF_INET, true};
    *asked = (struct asked){.said = 0};
    nameserver_ask(ns, &question, &asked->said, answered, asked);
    nameserver_flush(ns);
}

/* --- what is said --- */

static bool is_right(int result, enum kind first, enum kind second)
{
    enum kind telling = first < second ? first : second;
    if (telling == SILENT && result == ASYNC_DNS_UNREACHABLE)
        return first != second; /* as good a word, where one is closed */
    return result == kinds[telling].result;
}

static int ask_all_pairs(void *arg)
{
    enum { PAIRS = KINDS * KINDS };
    static struct world worlds[PAIRS];
    struct asked asked[PAIRS];
    (void)arg;
    for (int i = 0; i < PAIRS; i++) {
        world_open(&worlds[i], (enum kind)(i / KINDS), (enum kind)(i % KINDS));
        ask(worlds[i].ns, &asked[i], "a.test");
    }
    for (int i = 0; i < PAIRS; i++) {
        const enum kind *two = worlds[i].two;
        int result = await(&asked[i].done);
        ck_assert_msg(is_right(result, two[0], two[1]), "%s, %s: %s",
            kinds[two[0]].name, kinds[two[1]].name,
            result ? async_strerror(result) : "fine");
        world_close(&worlds[i]);
    }
    return 0;
}

START_TEST(the_more_telling_of_two_servers_counts)
{
    run(ask_all_pairs, NULL);
}
END_TEST

/* Each question knows of its own; the first server is silent about one. */
static void serve_by_name(const struct dns_query *query)
{
    if (!strcmp(query->name, "servfail.test"))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strcmp(query->name, "refused.test"))
        dns_fail(query, DNS_REFUSED);
}

static int ask_three(void *arg)
{
    struct world world;
    struct asked servfail, refused, silent;
    (void)arg;
    world_open(&world, SILENT, SILENT);
    world.dns[0].serve = serve_by_name;
    ask(world.ns, &servfail, "servfail.test");
    ask(world.ns, &silent, "silent.test");
    ask(world.ns, &refused, "refused.test");
    while (world.dns[1].asked < 2)
        ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    ck_assert_int_eq(servfail.said, ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(refused.said, ASYNC_DNS_REFUSED);
    ck_assert_int_eq(silent.said, 0);
    ck_assert_int_eq(await(&servfail.done), ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(await(&refused.done), ASYNC_DNS_REFUSED);
    ck_assert_int_eq(await(&silent.done), ASYNC_DNS_TIMEOUT);
    world_close(&world);
    return 0;
}

START_TEST(it_is_known_before_all_have_failed)
{
    run(ask_three, NULL);
}
END_TEST

SUITE("verdicts", the_more_telling_of_two_servers_counts,
    it_is_known_before_all_have_failed)
