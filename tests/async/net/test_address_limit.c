/*
 * address_limit: who is let in when, and the clock that stands still meanwhile.
 */
#include "harness.h"
#include "pair.h"

#include "async/net/address_limit.h"

#include <errno.h>

struct guest {
    const char *ip;
    int name;
    int64_t stays;
};

/* Takes a place as connection does: its own future is told. */
static int visit(void *arg)
{
    const struct guest *guest = arg;
    struct address_limit_place place = {0};
    struct future changed;
    union address address;
    address_of(guest->ip, &address);
    future_init(&changed);
    place.changed = &changed;
    int error = address_limit_enter(
        address_limits_of(loop_running()), &address, &place);
    if (!error && !place.granted)
        error = await(&changed);
    if (!error) {
        say("%d", guest->name);
        error = guest->stays ? task_sleep(guest->stays) : await_forever();
    }
    address_limit_give_up(&place);
    return error;
}

/* Two at a time, in the order of coming; other addresses are not asked. */
static int first_come(void *arg)
{
    (void)arg;
    static struct guest guests[] = {{"127.0.0.1", 1, LOOP_MILLISECOND},
        {"127.0.0.1", 2, 2 * LOOP_MILLISECOND}, {"127.0.0.1", 3, 1},
        {"127.0.0.2", 4, 1}, {"::1", 5, 1}, {"127.0.0.1", 6, 1}};
    struct task *tasks[6];
    ck_assert_int_eq(address_limits_create(loop_running(), 2), 0);
    for (int i = 0; i < 6; i++)
        tasks[i] = spawn(visit, &guests[i]);
    ck_assert_int_eq(task_gather(tasks, 6), 0);
    said("1 2 4 5 3 6");
    return 0;
}

START_TEST(first_come_first_served)
{
    ck_assert_int_eq(run(first_come, NULL), 0);
}
END_TEST

/* Whoever leaves the queue, or is let in when it may not stay, is no loss. */
static int given_up(void *arg)
{
    (void)arg;
    static struct guest guests[] = {
        {"::1", 1, 0}, {"::1", 2, 1}, {"::1", 3, 1}, {"::1", 4, 1}};
    struct task *tasks[4];
    ck_assert_int_eq(address_limits_create(loop_running(), 1), 0);
    for (int i = 0; i < 4; i++)
        tasks[i] = spawn(visit, &guests[i]);
    settle();
    said("1");
    task_cancel(tasks[1]);
    settle();
    task_cancel(tasks[0]); /* its place goes to 3, which … */
    task_cancel(tasks[2]); /* … is let in and must go */
    ck_assert_int_eq(task_join(tasks[0]), -ECANCELED);
    ck_assert_int_eq(task_join(tasks[1]), -ECANCELED);
    task_join(tasks[2]);
    ck_assert_int_eq(task_join(tasks[3]), 0);
    said("3 4");
    return 0;
}

/* Nobody is let in by those that are canceled first. */
static int stopped(void *arg)
{
    (void)arg;
    static struct guest guests[] = {
        {"::1", 1, 0}, {"::1", 2, 1}, {"::1", 3, 1}};
    struct task *tasks[3];
    ck_assert_int_eq(address_limits_create(loop_running(), 1), 0);
    for (int i = 0; i < 3; i++)
        tasks[i] = spawn(visit, &guests[i]);
    settle();
    address_limits_stop(address_limits_of(loop_running()));
    task_cancel(tasks[0]);
    settle();
    said("1");
    for (int i = 1; i < 3; i++)
        task_cancel(tasks[i]);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(task_join(tasks[i]), -ECANCELED);
    said("");
    return 0;
}

START_TEST(nobody_is_let_in_at_the_end)
{
    ck_assert_int_eq(run(stopped, NULL), 0);
}
END_TEST

START_TEST(given_up_places)
{
    ck_assert_int_eq(run(given_up, NULL), 0);
}
END_TEST

/* Scopes, the inner and the outer, expire by the task's own clock. */
static int clock_stands(void *arg)
{
    (void)arg;
    struct wait_for outer, inner;
    struct future never;
    int64_t began = task_time();
    future_init(&never);
    wait_for_enter(&outer, 200 * LOOP_MILLISECOND);
    wait_for_enter(&inner, 100 * LOOP_MILLISECOND);
    task_clock_stop();
    ck_assert_int_eq(task_sleep(250 * LOOP_MILLISECOND), 0);
    task_clock_start();
    ck_assert(!inner.expired && !outer.expired);
    ck_assert_int_gt(wait_for_left(&inner), 0);
    ck_assert_int_lt(task_time() - began, 100 * LOOP_MILLISECOND);
    ck_assert_int_eq(wait_for_leave(&inner, await(&never)), -ETIMEDOUT);
    ck_assert(!outer.expired);
    ck_assert_int_eq(wait_for_leave(&outer, await(&never)), -ETIMEDOUT);
    ck_assert_int_ge(task_time() - began, 150 * LOOP_MILLISECOND);
    return 0;
}

START_TEST(clock_stands_still)
{
    ck_assert_int_eq(run(clock_stands, NULL), 0);
}
END_TEST

/* Shorter than the timer takes, which then fires too early. */
static int clock_stands_twice(void *arg)
{
    (void)arg;
    struct wait_for scope;
    struct future never;
    int64_t began = loop_time();
    future_init(&never);
    wait_for_enter(&scope, 100 * LOOP_MILLISECOND);
    for (int i = 0; i < 2; i++) {
        task_clock_stop();
        ck_assert_int_eq(task_sleep(60 * LOOP_MILLISECOND), 0);
        task_clock_start();
    }
    ck_assert_int_gt(wait_for_left(&scope), 50 * LOOP_MILLISECOND);
    ck_assert_int_eq(wait_for_leave(&scope, await(&never)), -ETIMEDOUT);
    ck_assert_int_ge(loop_time() - began, 220 * LOOP_MILLISECOND);
    return 0;
}

START_TEST(clock_stands_still_for_a_while)
{
    ck_assert_int_eq(run(clock_stands_twice, NULL), 0);
}
END_TEST

SUITE("address_limit", first_come_first_served, given_up_places,
    nobody_is_let_in_at_the_end, clock_stands_still,
    clock_stands_still_for_a_while)
