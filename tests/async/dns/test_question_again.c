/*
 * question_again: what a refusal means is found out.
 */
#include "dns.h"
#include "harness.h"

#include "async/core/error.h"
#include "async/dns/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASKERS_MAX = 400 };

/* How the server is. */
static struct {
    size_t places; /* at once */
    unsigned left; /* answers, until more are given; then it refuses */
    int code; /* with which it refuses */
    unsigned chance; /* refuses so many of 100, whatever they are */
    uint32_t random;
} server;

static bool is_refused_by_chance(void)
{
    server.random = server.random * 1103515245u + 12345u;
    return (server.random >> 16) % 100 < server.chance;
}

static bool begins(const struct dns_query *query, const char *with)
{
    return !strncmp(query->name, with, strlen(with));
}

static bool is_held(const struct dns_query *query)
{
    for (size_t i = 0; i < dns_held_count; i++)
        if (!strcmp(dns_held[i].name, query->name))
            return true;
    return false;
}

static void serve(const struct dns_query *query)
{
    if (is_held(query)) /* c-ares asks again after a second */
        return;
    if (begins(query, "no.")) {
        dns_fail(query, server.code);
    } else if (server.left == 0 || dns_held_count >= server.places ||
               is_refused_by_chance()) {
        dns_fail(query, server.code);
    } else {
        server.left--;
        dns_hold(query);
    }
}

/* Those of which nothing is heard have their places for as long as it takes. */
static void answer_all(void)
{
    size_t silent = 0;
    while (dns_held_count > silent) {
        struct dns_query *query = &dns_held[silent];
        if (begins(query, "silent.")) {
            silent++;
            continue;
        }
        struct dns_query last = *query;
        *query = dns_held[--dns_held_count];
        dns_answer(&last, last.type == DNS_A ? "192.0.2.1" : "", 60);
    }
}

struct asker {
    struct question *question;
    struct question_waiter waiter;
};

static struct dns dns;
static struct questions *questions;
static struct asker askers[ASKERS_MAX];
static int count, left;

static void told(void *arg)
{
    (void)arg;
    left--;
}

static void open_world(size_t places, int code)
{
    server.places = places;
    server.left = 1000000;
    server.code = code;
    server.chance = server.random = 0;
    count = left = 0;
    dns_open(&dns, serve);
    ck_assert_int_eq(
        questions_create(&questions, loop_running(), dns.server), 0);
}

static void close_world(void)
{
    while (count-- > 0)
        question_put(askers[count].question, &askers[count].waiter);
    questions_destroy(questions);
    dns_held_count = 0;
    dns_close(&dns);
}

/* Some more names, "PREFIX.N.test". */
static void ask(const char *prefix, int names)
{
    char name[40];
    for (int i = 0; i < names; i++, count++, left++) {
        struct asker *asker = &askers[count];
        snprintf(name, sizeof name, "%s.%d.test", prefix, count);
        struct nameserver_question question = {name, AF_INET};
        asker->waiter = (struct question_waiter){.answered = told};
        asker->question = question_get(questions, &question, &asker->waiter);
        ck_assert_ptr_nonnull(asker->question);
    }
}

/* The server works on, some milliseconds at a time. */
static void work(int until_left)
{
    for (int i = 0; i < 2000 && left > until_left; i++) {
        ck_assert_int_eq(task_sleep(5 * LOOP_MILLISECOND), 0);
        answer_all();
    }
    ck_assert_int_le(left, until_left);
}

static void check(int first, int last, int result)
{
    for (int i = first; i < last; i++) {
        ck_assert(question_answered(askers[i].question));
        ck_assert_int_eq(question_result(askers[i].question), result);
    }
}

/* --- not now --- */

static int ask_few_at_once(void *arg)
{
    int code = *(const int *)arg;
    static const size_t places[] = {30, 12, 7, 2, 1};
    size_t most = code == DNS_REFUSED ? 5 : 2; /* fewer are no load */
    for (size_t i = 0; i < most; i++) {
        open_world(places[i], code);
        ask("good", 150);
        work(0);
        check(0, 150, 0);
        close_world();
    }
    return 0;
}

START_TEST(a_limit_of_the_server_loses_no_name)
{
    int refused = DNS_REFUSED;
    run(ask_few_at_once, &refused);
}
END_TEST

START_TEST(so_too_where_it_says_servfail)
{
    int servfail = DNS_SERVFAIL;
    run(ask_few_at_once, &servfail);
}
END_TEST

static int ask_beside_silence(void *arg)
{
    (void)arg;
    open_world(40, DNS_REFUSED);
    ask("silent", 30);
    ask("good", 200);
    work(30);
    check(30, 230, 0);
    for (int i = 0; i < 30; i++) /* asked, not refused */
        ck_assert(!question_waits(askers[i].question));
    close_world();
    return 0;
}

START_TEST(the_silent_have_places_at_the_server)
{
    run(ask_beside_silence, NULL);
}
END_TEST

/* So many a minute. */
static int ask_too_often(void *arg)
{
    (void)arg;
    open_world(100, DNS_REFUSED);
    server.left = 60;
    ask("good", 150);
    work(90);
    unsigned before = dns.asked;
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(task_sleep(5 * LOOP_MILLISECOND), 0);
        answer_all();
    }
    ck_assert_int_eq(left, 90);
    ck_assert_uint_le(dns.asked - before, 100 + 10); /* it is left alone */
    server.left = 1000;
    work(0);
    check(0, 150, 0);
    close_world();
    return 0;
}

START_TEST(a_minute_that_is_used_up_is_waited_for)
{
    run(ask_too_often, NULL);
}
END_TEST

static int count_refused(int last)
{
    int refused = 0;
    for (int i = 0; i < last; i++)
        refused += question_result(askers[i].question) == ASYNC_DNS_REFUSED;
    return refused;
}

/* One of several servers behind an address refuses: that is no limit, and all
 * places stay in use.  A name with bad luck each time is not told from one that
 * is refused. */
static int ask_by_chance(void *arg)
{
    (void)arg;
    static const unsigned chances[] = {2, 4, 10};
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++) {
        open_world(100, DNS_REFUSED);
        server.chance = chances[i];
        int64_t began = loop_time();
        ask("good", 400);
        work(0);
        ck_assert_int_lt(loop_time() - began, 500 * LOOP_MILLISECOND);
        ck_assert_int_le(count_refused(400), 4);
        close_world();
    }
    return 0;
}

START_TEST(a_server_that_refuses_by_chance_has_no_limit)
{
    run(ask_by_chance, NULL);
}
END_TEST

/* --- not this name, not you --- */

static int ask_in_vain(void *arg)
{
    (void)arg;
    open_world(100, DNS_REFUSED);
    for (int i = 0; i < 10; i++) {
        ask("good", 20);
        ask("no", 20);
    }
    work(0);
    for (int i = 0; i < 10; i++) {
        check(i * 40, i * 40 + 20, 0);
        check(i * 40 + 20, i * 40 + 40, ASYNC_DNS_REFUSED);
    }
    ck_assert_uint_lt(dns.asked, 400 + 200 + 100);
    close_world();
    return 0;
}

START_TEST(a_name_that_is_refused_by_itself_is_refused)
{
    run(ask_in_vain, NULL);
}
END_TEST

static int ask_foe(void *arg)
{
    (void)arg;
    open_world(100, DNS_REFUSED);
    ask("no", 300);
    work(0);
    check(0, 300, ASYNC_DNS_REFUSED);
    ck_assert_uint_le(dns.asked, 301);
    close_world();
    open_world(100, DNS_REFUSED);
    ask("no", 1);
    work(0);
    check(0, 1, ASYNC_DNS_REFUSED);
    ck_assert_uint_eq(dns.asked, 1);
    close_world();
    return 0;
}

START_TEST(a_server_that_refuses_from_the_start_is_believed)
{
    run(ask_foe, NULL);
}
END_TEST

static int ask_broken(void *arg)
{
    (void)arg;
    open_world(100, DNS_SERVFAIL);
    for (int i = 0; i < 10; i++) {
        ask("good", 20);
        ask("no", 20);
    }
    work(0);
    for (int i = 0; i < 10; i++)
        check(i * 40 + 20, i * 40 + 40, ASYNC_DNS_SERVFAIL);
    ck_assert_uint_lt(dns.asked, 400 + 150);
    close_world();
    return 0;
}

START_TEST(a_broken_zone_is_no_load)
{
    run(ask_broken, NULL);
}
END_TEST

/* --- given up --- */

static int give_up(void *arg)
{
    (void)arg;
    open_world(5, DNS_REFUSED);
    ask("silent", 5);
    ask("good", 100);
    ck_assert_int_eq(task_sleep(200 * LOOP_MILLISECOND), 0);
    ck_assert(question_waits(askers[50].question));
    close_world(); /* whatever state they are in */
    open_world(50, DNS_REFUSED);
    server.left = 20;
    ask("good", 100);
    work(80);
    ck_assert(question_waits(askers[99].question));
    close_world();
    return 0;
}

START_TEST(those_that_wait_may_be_given_up)
{
    run(give_up, NULL);
}
END_TEST

SUITE("question_again", a_limit_of_the_server_loses_no_name,
    so_too_where_it_says_servfail, the_silent_have_places_at_the_server,
    a_minute_that_is_used_up_is_waited_for,
    a_server_that_refuses_by_chance_has_no_limit,
    a_name_that_is_refused_by_itself_is_refused,
    a_server_that_refuses_from_the_start_is_believed, a_broken_zone_is_no_load,
    those_that_wait_may_be_given_up)
