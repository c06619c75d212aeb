/*
 * question: asked once, so many at a time, kept for a while.
 */
#include "dns.h"
#include "harness.h"

#include "async/core/error.h"
#include "async/dns/query.h"
#include "async/dns/question.h"

#include <ares.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t __real_loop_time(void);
int64_t __wrap_loop_time(void);

static int64_t later; /* ns that the clock is ahead */

int64_t __wrap_loop_time(void)
{
    return __real_loop_time() + later;
}

/* c-ares waits for an answer as long as the test takes. */
static bool patient;

int __real_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);
int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask);

int __wrap_ares_init_options(
    ares_channel *channel, struct ares_options *options, int mask)
{
    if (patient) {
        options->timeout = 1000000;
#ifdef ARES_OPT_MAXTIMEOUTMS /* c-ares 1.22; 1.32 has a maximum, too */
        options->maxtimeout = options->timeout;
        mask |= ARES_OPT_MAXTIMEOUTMS;
#endif
    }
    return __real_ares_init_options(channel, options, mask);
}

static void answer_held(int ttl)
{
    dns_answer_held(DNS_A, "192.0.2.1", ttl);
    dns_answer_held(DNS_AAAA, "2001:db8::1", ttl);
}

static void serve(const struct dns_query *query)
{
    const char *name = query->name;
    if (!strncmp(name, "nx.", 3))
        dns_fail(query, DNS_NXDOMAIN);
    else if (!strncmp(name, "servfail.", 9))
        dns_fail(query, DNS_SERVFAIL);
    else if (!strncmp(name, "refused.", 8))
        dns_fail(query, DNS_REFUSED);
    else if (!strncmp(name, "bad.", 4))
        dns_fail(query, 4);
    else if (!strncmp(name, "nodata.", 7))
        dns_answer(query, "", 60);
    else
        dns_answer(query, "192.0.2.1 192.0.2.2", 60);
}

struct world {
    struct dns dns;
    struct questions *questions;
};

static void world_open(struct world *world, dns_serve *how)
{
    later = 0;
    dns_open(&world->dns, how);
    ck_assert_int_eq(
        questions_create(&world->questions, loop_running(), world->dns.server),
        0);
}

static void world_close(struct world *world)
{
    questions_destroy(world->questions);
    dns_close(&world->dns);
}

/* One who waits. */
struct asker {
    struct question *question;
    struct question_waiter waiter;
    struct future told;
    int number;
};

static void told(void *arg)
{
    struct asker *asker = arg;
    ck_assert(question_answered(asker->question));
    say("%d", asker->number);
    future_set(&asker->told, 0);
}

static void ask(
    struct world *world, struct asker *asker, const char *name, int family)
{
    struct nameserver_question question = {name, family};
    future_init(&asker->told);
    asker->waiter.answered = told;
    asker->waiter.arg = asker;
    asker->question = question_get(world->questions, &question, &asker->waiter);
    ck_assert_ptr_nonnull(asker->question);
}

static void put(struct asker *asker)
{
    question_put(asker->question, &asker->waiter);
}

/* Asks, waits, lets go; how many questions the server got. */
static unsigned asked_for(struct world *world, const char *name, int result)
{
    struct asker asker = {.number = 0};
    unsigned before = world->dns.asked;
    ask(world, &asker, name, AF_INET);
    if (!question_answered(asker.question))
        ck_assert_int_eq(await(&asker.told), 0);
    ck_assert_int_eq(question_result(asker.question), result);
    put(&asker);
    said(world->dns.asked == before ? "" : "0");
    return world->dns.asked - before;
}

/* --- asked once --- */

static int ask_together(void *arg)
{
    enum { ASKERS = 5 };
    struct world world;
    struct asker askers[ASKERS], late = {.number = 9};
    static const char *const names[ASKERS] = {
        "a.test", "A.Test", "b.test", "a.test", "a.TEST"};
    (void)arg;
    world_open(&world, dns_hold);
    for (int i = 0; i < ASKERS; i++) {
        askers[i].number = i;
        ask(&world, &askers[i], names[i], AF_INET);
    }
    ask(&world, &late, "a.test", AF_INET6);
    settle();
    ck_assert_uint_eq(world.dns.asked, 3);
    put(&askers[1]);
    answer_held(60);
    said("0 3 4 2 9");
    ask(&world, &askers[1], "a.test", AF_INET);
    ck_assert(question_answered(askers[1].question));
    ck_assert_ptr_eq(askers[1].question, askers[0].question);
    for (int i = 0; i < ASKERS; i++)
        put(&askers[i]);
    put(&late);
    world_close(&world);
    return 0;
}

START_TEST(equal_questions_are_asked_once_and_told_in_order)
{
    run(ask_together, NULL);
}
END_TEST

/* --- so many at a time --- */

static int ask_many(void *arg)
{
    enum { MANY = QUERIES_OPEN_MAX + 50 };
    struct world world;
    static struct asker askers[MANY];
    char name[20];
    (void)arg;
    world_open(&world, dns_hold);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%d.test", i);
        askers[i].number = i < 2 ? i : 2;
        ask(&world, &askers[i], name, i % 2 ? AF_INET : AF_INET6);
    }
    settle();
    ck_assert_uint_eq(dns_held_count, QUERIES_OPEN_MAX);
    put(&askers[MANY - 1]); /* queued: never asked */
    put(&askers[0]); /* open: gives its place to the next */
    settle();
    ck_assert_uint_eq(dns_held_count, QUERIES_OPEN_MAX + 1);
    dns_answer(&dns_held[0], "2001:db8::1", 60);
    dns_answer(&dns_held[1], "192.0.2.1", 60);
    settle();
    said("1");
    ck_assert_uint_eq(dns_held_count, QUERIES_OPEN_MAX + 2);
    ck_assert_str_eq(dns_held[QUERIES_OPEN_MAX].name, "n100.test");
    while (dns_held_count)
        answer_held(60);
    ck_assert_uint_eq(world.dns.asked, MANY - 1);
    for (int i = 1; i < MANY - 1; i++) {
        ck_assert(question_answered(askers[i].question));
        put(&askers[i]);
    }
    forget();
    world_close(&world);
    return 0;
}

START_TEST(no_more_than_so_many_are_open)
{
    run(ask_many, NULL);
}
END_TEST

/* The names n0.test, n1.test, … that have been asked for, however often; the
 * first one's question is held. */
enum { NAMES_MAX = QUERIES_ASKED_MAX + 50 };
static bool named[NAMES_MAX];
static int names_asked;

static void keep_silent(const struct dns_query *query)
{
    int n = atoi(query->name + 1);
    ck_assert_int_lt(n, NAMES_MAX);
    if (n == 0 && !named[n])
        dns_hold(query);
    names_asked += !named[n];
    named[n] = true;
}

static void ask_nth(struct world *world, struct asker *asker, int n)
{
    char name[20];
    snprintf(name, sizeof name, "n%d.test", n);
    ask(world, asker, name, AF_INET);
}

static int ask_silent(void *arg)
{
    enum { MANY = QUERIES_OPEN_MAX + 50 };
    struct world world;
    static struct asker askers[MANY];
    (void)arg;
    world_open(&world, keep_silent);
    for (int i = 0; i < MANY; i++)
        ask_nth(&world, &askers[i], i);
    settle();
    ck_assert_int_eq(names_asked, QUERIES_OPEN_MAX);
    for (int i = 0; i < 100 && names_asked < MANY; i++)
        ck_assert_int_eq(task_sleep(QUERY_PLACE_TIME / 10), 0);
    ck_assert_int_eq(names_asked, MANY);
    for (int i = 0; i < MANY; i++)
        put(&askers[i]);
    world_close(&world);
    said("");
    return 0;
}

START_TEST(the_silent_do_not_hold_up_others)
{
    run(ask_silent, NULL);
}
END_TEST

static int ask_too_many(void *arg)
{
    struct world world;
    static struct asker askers[QUERIES_OPEN_MAX];
    struct asker asker = {.number = 0};
    (void)arg;
    patient = true;
    world_open(&world, keep_silent);
    for (int n = 0; n < NAMES_MAX;) {
        int count = 0;
        while (count < QUERIES_OPEN_MAX && n < NAMES_MAX)
            ask_nth(&world, &askers[count++], n++);
        settle();
        while (count > 0)
            put(&askers[--count]);
    }
    ck_assert_int_eq(names_asked, QUERIES_ASKED_MAX);
    dns_answer(&dns_held[0], "192.0.2.1", 60);
    ask_nth(&world, &asker, NAMES_MAX - 1);
    settle();
    ck_assert_int_eq(names_asked, QUERIES_ASKED_MAX + 1);
    put(&asker);
    world_close(&world);
    said("");
    patient = false;
    return 0;
}

START_TEST(all_that_are_asked_have_a_bound)
{
    run(ask_too_many, NULL);
}
END_TEST

/* --- kept for a while --- */

static int ask_again(void *arg)
{
    struct world world;
    (void)arg;
    world_open(&world, serve);
    ck_assert_uint_eq(asked_for(&world, "a.test", 0), 1);
    ck_assert_uint_eq(asked_for(&world, "a.test", 0), 0);
    later = 59 * LOOP_SECOND;
    ck_assert_uint_eq(asked_for(&world, "a.test", 0), 0);
    later = 61 * LOOP_SECOND;
    ck_assert_uint_eq(asked_for(&world, "a.test", 0), 1);
    ck_assert_uint_eq(asked_for(&world, "a.test", 0), 0);
    world_close(&world);
    return 0;
}

START_TEST(an_answer_is_kept_for_its_ttl)
{
    run(ask_again, NULL);
}
END_TEST

static int ask_in_vain(void *arg)
{
    static const struct {
        const char *name;
        int result;
        bool kept;
    } cases[] = {
        {"nx.test", ASYNC_DNS_NXDOMAIN, true},
        {"nodata.test", ASYNC_DNS_NODATA, true},
        {"servfail.test", ASYNC_DNS_SERVFAIL, false},
        {"bad.test", ASYNC_DNS_NOTIMP, false},
    };
    struct world world;
    (void)arg;
    world_open(&world, serve);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = cases[i].name;
        int result = cases[i].result;
        later = 0;
        ck_assert_uint_eq(asked_for(&world, name, result), 1);
        ck_assert_uint_eq(asked_for(&world, name, result), !cases[i].kept);
        later = 61 * LOOP_SECOND;
        ck_assert_uint_eq(asked_for(&world, name, result), 1);
    }
    world_close(&world);
    return 0;
}

START_TEST(a_no_is_kept_a_failure_is_not)
{
    run(ask_in_vain, NULL);
}
END_TEST

/* Whoever reads a stale answer reads on; others get a new one. */
static int ask_beside_stale(void *arg)
{
    struct world world;
    struct asker first = {.number = 1}, second = {.number = 2};
    union address address;
    (void)arg;
    world_open(&world, dns_hold);
    ask(&world, &first, "a.test", AF_INET);
    settle();
    answer_held(1);
    said("1");
    later = 2 * LOOP_SECOND;
    ask(&world, &second, "a.test", AF_INET);
    ck_assert_ptr_ne(first.question, second.question);
    ck_assert(!question_answered(second.question));
    ck_assert(!question_address(second.question, 0, &address));
    ck_assert(question_address(first.question, 0, &address));
    ck_assert(!question_address(first.question, 1, &address));
    settle();
    answer_held(0); /* for those who wait, and nobody else */
    said("2");
    put(&first);
    put(&second);
    ask(&world, &first, "a.test", AF_INET);
    ck_assert(!question_answered(first.question));
    put(&first);
    world_close(&world);
    return 0;
}

START_TEST(a_stale_answer_is_asked_again)
{
    run(ask_beside_stale, NULL);
}
END_TEST

static int fill_cache(void *arg)
{
    struct world world;
    char name[20];
    (void)arg;
    world_open(&world, serve);
    for (int i = 0; i <= QUESTIONS_CACHED_MAX; i++) {
        snprintf(name, sizeof name, "n%d.test", i);
        ck_assert_uint_eq(asked_for(&world, name, 0), 1);
    }
    ck_assert_uint_eq(asked_for(&world, "n1.test", 0), 0); /* now the newest */
    ck_assert_uint_eq(asked_for(&world, "n4096.test", 0), 0);
    ck_assert_uint_eq(asked_for(&world, "n0.test", 0), 1); /* for n2 */
    ck_assert_uint_eq(asked_for(&world, "n1.test", 0), 0);
    ck_assert_uint_eq(asked_for(&world, "n3.test", 0), 0);
    ck_assert_uint_eq(asked_for(&world, "n2.test", 0), 1);
    world_close(&world);
    return 0;
}

START_TEST(the_cache_forgets_the_longest_unused)
{
    run(fill_cache, NULL);
}
END_TEST

/* --- abandoned --- */

static int abandon(void *arg)
{
    struct world world;
    struct asker asker = {.number = 1};
    (void)arg;
    world_open(&world, dns_hold);
    ask(&world, &asker, "a.test", AF_INET);
    put(&asker); /* not asked yet: forgotten */
    settle();
    ck_assert_uint_eq(world.dns.asked, 0);
    ask(&world, &asker, "a.test", AF_INET);
    settle();
    put(&asker); /* asked: its answer is welcome */
    answer_held(60);
    ask(&world, &asker, "a.test", AF_INET);
    ck_assert(question_answered(asker.question));
    put(&asker);
    ck_assert_uint_eq(world.dns.asked, 1);
    said("");
    ask(&world, &asker, "b.test", AF_INET);
    settle();
    put(&asker); /* open when all ends */
    world_close(&world);
    said("");
    return 0;
}

START_TEST(the_answer_to_an_abandoned_question_is_kept)
{
    run(abandon, NULL);
}
END_TEST

SUITE("question", equal_questions_are_asked_once_and_told_in_order,
    no_more_than_so_many_are_open, the_silent_do_not_hold_up_others,
    all_that_are_asked_have_a_bound, an_answer_is_kept_for_its_ttl,
    a_no_is_kept_a_failure_is_not, a_stale_answer_is_asked_again,
    the_cache_forgets_the_longest_unused,
    the_answer_to_an_abandoned_question_is_kept)
