/*
 * question_servers: whom a question is put to, and what is said when none of
 * several name servers was of use.
 */
#include "dns.h"
#include "harness.h"
#include "pair.h"

#include "async/core/error.h"
#include "async/dns/question.h"

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

static int64_t later; /* what the clock is ahead */

int64_t __real_loop_time(void);
int64_t __wrap_loop_time(void);
int64_t __wrap_loop_time(void)
{
    return __real_loop_time() + later;
}

/* --- two servers --- */

/* The more telling before the less. */
enum kind {
    GOOD,
    SERVFAIL,
    REFUSED,
    BARE,
    NOTIMP,
    FORMERR,
    ALIAS,
    REFERRAL,
    NOTAUTH,
    UNKNOWN,
    LAME,
    LAME_RD,
    BROKEN,
    SILENT,
    CLOSED,
    KINDS
};

static const struct {
    const char *name;
    unsigned flags, answers;
    int result;
} kinds[KINDS] = {
    [GOOD] = {"good", 0, 0, 0},
    [SERVFAIL] = {"SERVFAIL", 0x8182, 0, ASYNC_DNS_SERVFAIL},
    [REFUSED] = {"REFUSED", 0x8185, 0, ASYNC_DNS_REFUSED},
    [BARE] = {"REFUSED, bare", 0x8105, 0, ASYNC_DNS_REFUSED},
    [NOTIMP] = {"NOTIMP", 0x8184, 0, ASYNC_DNS_NOTIMP},
    [FORMERR] = {"FORMERR", 0x8181, 0, ASYNC_DNS_FORMERR},
    [ALIAS] = {"alias", 0x8500, 0, ASYNC_DNS_ALIAS},
    [REFERRAL] = {"referral", 0x8100, 0, ASYNC_DNS_REFERRAL},
    [NOTAUTH] = {"NOTAUTH", 0x8189, 0, ASYNC_DNS_NOTAUTH},
    [UNKNOWN] = {"15", 0x818f, 0, ASYNC_DNS_BAD_ANSWER},
    [LAME] = {"lame", 0x8000, 0, ASYNC_DNS_BAD_ANSWER},
    [LAME_RD] = {"lame, RD", 0x8100, 0, ASYNC_DNS_BAD_ANSWER},
    [BROKEN] = {"broken", 0x8180, 1, ASYNC_DNS_BAD_ANSWER},
    [SILENT] = {"silent", 0, 0, ASYNC_DNS_TIMEOUT},
    [CLOSED] = {"closed", 0, 0, ASYNC_DNS_UNREACHABLE},
};

/* The header, without the question. */
static void send_bare(const struct dns_query *query, unsigned flags)
{
    unsigned char header[12] = {query->message[0], query->message[1],
        (unsigned char)(flags >> 8), (unsigned char)flags};
    dns_send(query, header, sizeof header);
}

/* One record that names another name, in this section (1: answers). */
static void send_name(
    const struct dns_query *query, unsigned flags, int section, int type)
{
    const unsigned char record[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0,
        0, 0, 60, 0, 7, 5, 'o', 't', 'h', 'e', 'r', 0};
    unsigned char reply[DNS_MESSAGE_MAX];
    memcpy(reply, query->message, query->size);
    reply[2] = (unsigned char)(flags >> 8);
    reply[3] = (unsigned char)flags;
    reply[5 + 2 * section] = 1;
    memcpy(reply + query->size, record, sizeof record);
    dns_send(query, reply, query->size + sizeof record);
}

/* Does as its `arg`, a kind, says. */
static void serve(const struct dns_query *query)
{
    const enum kind *kind = query->dns->arg;
    if (*kind == GOOD)
        dns_answer(query, "192.0.2.1", 60);
    else if (*kind == BARE)
        send_bare(query, kinds[BARE].flags);
    else if (*kind == ALIAS)
        send_name(query, kinds[ALIAS].flags, 1, 5);
    else if (*kind == REFERRAL)
        send_name(query, kinds[REFERRAL].flags, 2, 2);
    else
        dns_claim(query, kinds[*kind].flags, kinds[*kind].answers);
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
    struct dns dns[2];
    struct questions *questions;
};

static void server_open(struct world *world, int i)
{
    enum kind kind = world->two[i];
    struct dns *dns = &world->dns[i];
    dns_open(dns, kind == SILENT ? keep_silent : serve);
    dns->arg = &world->two[i];
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
    ck_assert_int_eq(
        questions_create(&world->questions, loop_running(), servers), 0);
}

static void world_close(struct world *world)
{
    questions_destroy(world->questions);
    dns_close(&world->dns[0]);
    dns_close(&world->dns[1]);
}

/* --- one question --- */

struct asked {
    struct future done;
    struct question *question;
    struct question_waiter waiter;
};

static void answered(void *arg)
{
    struct asked *asked = arg;
    future_set(&asked->done, 0);
}

static void ask(
    struct questions *questions, struct asked *asked, const char *name)
{
    struct nameserver_question question = {name, AF_INET};
    future_init(&asked->done);
    asked->waiter =
        (struct question_waiter){.answered = answered, .arg = asked};
    asked->question = question_get(questions, &question, &asked->waiter);
    ck_assert_ptr_nonnull(asked->question);
}

/* What comes in the end. */
static int await_result(struct asked *asked)
{
    ck_assert_int_eq(await(&asked->done), 0);
    int result = question_result(asked->question);
    question_put(asked->question, &asked->waiter);
    return result;
}

/* --- what is said --- */

static bool is_right(int result, enum kind first, enum kind second)
{
    enum kind telling = first < second ? first : second;
    if (telling == SILENT && result == ASYNC_DNS_UNREACHABLE)
        return first != second; /* as good a word, where one is closed */
    return result == kinds[telling].result;
}

/* So many pairs at once that the first one's time is not over before the last
 * one is asked. */
enum { PAIRS = KINDS * KINDS, BATCH = 3 * KINDS };

static int ask_pairs(void *arg)
{
    static struct world worlds[BATCH];
    struct asked asked[BATCH];
    const int *from = arg;
    for (int i = 0; i < BATCH; i++) {
        int pair = *from + i;
        world_open(
            &worlds[i], (enum kind)(pair / KINDS), (enum kind)(pair % KINDS));
        ask(worlds[i].questions, &asked[i], "a.test");
    }
    for (int i = 0; i < BATCH; i++) {
        const enum kind *two = worlds[i].two;
        int result = await_result(&asked[i]);
        ck_assert_msg(is_right(result, two[0], two[1]), "%s, %s: %s",
            kinds[two[0]].name, kinds[two[1]].name,
            result ? async_strerror(result) : "fine");
        world_close(&worlds[i]);
    }
    return 0;
}

/* A second server is asked at once, whatever the first one answers; and there
 * are answers that only look like one of those. */
static int ask_the_second(void *arg)
{
    (void)arg;
    for (enum kind kind = SERVFAIL; kind < SILENT; kind++) {
        struct world world;
        struct asked asked;
        world_open(&world, kind, GOOD);
        ask(world.questions, &asked, "a.test");
        ck_assert_msg(!await_result(&asked), "%s", kinds[kind].name);
        ck_assert_uint_eq(world.dns[0].asked, 1);
        ck_assert_uint_eq(world.dns[1].asked, 1);
        world_close(&world);
    }
    return 0;
}

START_TEST(the_next_server_is_asked)
{
    run(ask_the_second, NULL);
}
END_TEST

/* No address: authoritative, or from a server that asks others. */
static void serve_nothing(const struct dns_query *query)
{
    dns_claim(query, query->dns->asked % 2 ? 0x8400 : 0x8080, 0);
}

static int ask_for_nothing(void *arg)
{
    struct world world;
    struct asked asked;
    (void)arg;
    world_open(&world, GOOD, GOOD);
    world.dns[0].serve = serve_nothing;
    for (int i = 0; i < 4; i++) {
        char name[] = {(char)('a' + i), 0};
        ask(world.questions, &asked, name);
        ck_assert_int_eq(await_result(&asked), ASYNC_DNS_NODATA);
    }
    ck_assert_uint_eq(world.dns[1].asked, 0);
    world_close(&world);
    return 0;
}

START_TEST(no_address_is_an_answer)
{
    run(ask_for_nothing, NULL);
}
END_TEST

START_TEST(the_more_telling_of_two_servers_counts)
{
    ck_assert_int_eq(PAIRS % BATCH, 0);
    for (int from = 0; from < PAIRS; from += BATCH)
        run(ask_pairs, &from);
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
    ask(world.questions, &servfail, "servfail.test");
    ask(world.questions, &silent, "silent.test");
    ask(world.questions, &refused, "refused.test");
    while (world.dns[1].asked < 2)
        ck_assert_int_eq(task_sleep(LOOP_MILLISECOND), 0);
    ck_assert_int_eq(question_result(servfail.question), ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(question_result(refused.question), ASYNC_DNS_REFUSED);
    ck_assert_int_eq(question_result(silent.question), 0);
    ck_assert_int_eq(await_result(&servfail), ASYNC_DNS_SERVFAIL);
    ck_assert_int_eq(await_result(&refused), ASYNC_DNS_REFUSED);
    ck_assert_int_eq(await_result(&silent), ASYNC_DNS_TIMEOUT);
    world_close(&world);
    return 0;
}

START_TEST(it_is_known_before_all_have_failed)
{
    run(ask_three, NULL);
}
END_TEST

/* --- one that keeps silent --- */

/* Several at once: each waits for a time-out. */
static void ask_many(struct world *world, int count)
{
    static int number; /* no name twice: answers are kept */
    struct asked asked[20];
    char names[20][16];
    for (int i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "n%d.test", number++);
        ask(world->questions, &asked[i], names[i]);
    }
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(await_result(&asked[i]), 0);
}

static int pass_over(void *arg)
{
    struct world world;
    enum kind *first = arg;
    world_open(&world, *first, GOOD);
    ask_many(&world, 20);
    ck_assert_uint_ge(world.dns[1].asked, 20);
    unsigned before = world.dns[0].asked;
    ask_many(&world, 5);
    ck_assert_uint_eq(world.dns[0].asked, before);
    later += 31 * LOOP_SECOND;
    *first = world.two[0] = GOOD;
    world.dns[0].serve = serve;
    ask_many(&world, 1);
    ck_assert_uint_gt(world.dns[0].asked, before);
    world_close(&world);
    return 0;
}

START_TEST(a_server_that_keeps_silent_is_asked_last_for_a_while)
{
    enum kind first = SILENT;
    run(pass_over, &first);
}
END_TEST

/* --- one that has few places, behind it --- */

enum { PLACES = 30, NAMES = 300 };

static size_t most_held;

static void serve_limited(const struct dns_query *query)
{
    if (dns_held_count >= PLACES) {
        dns_fail(query, DNS_REFUSED);
        return;
    }
    dns_hold(query);
    if (dns_held_count > most_held)
        most_held = dns_held_count;
}

/* What the silent one was asked has no place at the other one. */
static int ask_limited(void *arg)
{
    static struct asked asked[NAMES];
    static char names[NAMES][16];
    struct world world;
    size_t left = NAMES;
    (void)arg;
    world_open(&world, SILENT, GOOD);
    world.dns[1].serve = serve_limited;
    for (int i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "l%d.test", i);
        ask(world.questions, &asked[i], names[i]);
    }
    while (left > NAMES / 10) {
        dns_answer_held(DNS_A, "192.0.2.1", 60);
        left = 0;
        for (int i = 0; i < NAMES; i++)
            left += !question_answered(asked[i].question);
        if (left > NAMES / 2) /* its limit is being learned */
            most_held = 0;
    }
    ck_assert_uint_ge(most_held, PLACES / 2);
    while (left > 0) {
        dns_answer_held(DNS_A, "192.0.2.1", 60);
        left = 0;
        for (int i = 0; i < NAMES; i++)
            left += !question_answered(asked[i].question);
    }
    for (int i = 0; i < NAMES; i++)
        ck_assert_int_eq(await_result(&asked[i]), 0);
    world_close(&world);
    return 0;
}

START_TEST(each_server_has_a_window_of_its_own)
{
    run(ask_limited, NULL);
}
END_TEST

/* Refused by the first one with all its places free, a name is the second
 * one's, however many there are. */
static int ask_beside(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, REFUSED, GOOD);
    for (int i = 0; i < 20; i++)
        ask_many(&world, 20);
    ck_assert_uint_ge(world.dns[1].asked, 400);
    world_close(&world);
    return 0;
}

START_TEST(one_that_refuses_everything_delays_nothing)
{
    run(ask_beside, NULL);
}
END_TEST

SUITE("question_servers", the_next_server_is_asked, no_address_is_an_answer,
    the_more_telling_of_two_servers_counts, it_is_known_before_all_have_failed,
    a_server_that_keeps_silent_is_asked_last_for_a_while,
    each_server_has_a_window_of_its_own,
    one_that_refuses_everything_delays_nothing)
