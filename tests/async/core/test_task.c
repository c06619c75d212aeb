/*
 * task: futures, spawn, join, gather, cancel, sleep.
 */
#include "harness.h"
#include "pair.h"

#include <errno.h>

static int return_it(void *arg)
{
    return *(int *)arg;
}

static int say_it(void *arg)
{
    say("%s", (const char *)arg);
    return 0;
}

/* --- spawn, join, gather --- */

static int join_each(void *arg)
{
    (void)arg;
    int results[] = {0, 7, -EIO, -ECANCELED};
    struct task *tasks[4];
    for (int i = 0; i < 4; i++)
        tasks[i] = spawn(return_it, &results[i]);
    for (int i = 3; i >= 0; i--)
        ck_assert_int_eq(task_join(tasks[i]), results[i]);
    return 0;
}

START_TEST(join_returns_the_result)
{
    ck_assert_ptr_null(task_current());
    run(join_each, NULL);
    ck_assert_ptr_null(task_current());
    int result = 42;
    ck_assert_int_eq(run(return_it, &result), 42);
}
END_TEST

static int begin_in_order(void *arg)
{
    (void)arg;
    struct task *tasks[] = {
        spawn(say_it, "a"), spawn(say_it, "b"), spawn(say_it, "c")};
    say("self");
    return task_gather(tasks, 3);
}

START_TEST(tasks_begin_in_the_order_of_their_spawning)
{
    ck_assert_int_eq(run(begin_in_order, NULL), 0);
    said("self a b c");
}
END_TEST

static int gather_all(void *arg)
{
    int *results = arg;
    struct task *tasks[3];
    for (int i = 0; i < 3; i++)
        tasks[i] = spawn(return_it, &results[i]);
    return task_gather(tasks, 3);
}

START_TEST(gather_returns_the_first_negative_result)
{
    int fine[] = {1, 0, 2}, failed[] = {1, -EIO, -EINVAL};
    ck_assert_int_eq(run(gather_all, fine), 0);
    ck_assert_int_eq(run(gather_all, failed), -EIO);
}
END_TEST

static int end_late(void *arg)
{
    int result = await_forever();
    say("%s-canceled", (const char *)arg);
    struct task *child = spawn(say_it, "child");
    task_join(child);
    say("%s-ended", (const char *)arg);
    return result;
}

static int gather_late(void *arg)
{
    (void)arg;
    struct task *tasks[] = {spawn(end_late, "a"), spawn(end_late, "b")};
    return task_gather(tasks, 2);
}

static int cancel_gather(void *arg)
{
    (void)arg;
    struct task *task = spawn(gather_late, NULL);
    settle();
    task_cancel(task);
    return task_join(task);
}

START_TEST(gather_interrupted_cancels_all_first)
{
    ck_assert_int_eq(run(cancel_gather, NULL), -ECANCELED);
    said("a-canceled b-canceled child child a-ended b-ended");
}
END_TEST

static int say_turns(void *arg)
{
    for (int i = 1; i <= 3; i++) {
        say("%s%d", (const char *)arg, i);
        ck_assert_int_eq(task_sleep(0), 0);
    }
    return 0;
}

static int take_turns(void *arg)
{
    (void)arg;
    struct task *tasks[] = {spawn(say_turns, "a"), spawn(say_turns, "b")};
    return task_gather(tasks, 2);
}

START_TEST(sleep_zero_lets_everybody_run_once)
{
    run(take_turns, NULL);
    said("a1 b1 a2 b2 a3 b3");
}
END_TEST

static int sleep_then_say(void *arg)
{
    int *ms = arg;
    ck_assert_int_eq(task_sleep(*ms * LOOP_MILLISECOND), 0);
    say("%d", *ms);
    return 0;
}

static int sleep_sorted(void *arg)
{
    int ms[] = {150, 50, 100, 0};
    struct task *tasks[4];
    (void)arg;
    for (int i = 0; i < 4; i++)
        tasks[i] = spawn(sleep_then_say, &ms[i]);
    return task_gather(tasks, 4);
}

START_TEST(sleepers_wake_by_their_time)
{
    run(sleep_sorted, NULL);
    said("0 50 100 150");
}
END_TEST

#ifdef __SANITIZE_THREAD__
enum { MANY = 5000 }; /* of what it has at most 8,128 */
#else
enum { MANY = 10000 };
#endif

static int count_down(void *arg)
{
    int *left = arg;
    int result = task_sleep(0);
    if (!result)
        result = task_sleep(LOOP_MILLISECOND);
    --*left;
    return result;
}

static int run_many(void *arg)
{
    static struct task *tasks[MANY];
    int left = MANY;
    (void)arg;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++)
            tasks[i] = spawn(count_down, &left);
        if (round == 1)
            task_cancel(task_current());
        ck_assert_int_eq(task_gather(tasks, MANY), round ? -ECANCELED : 0);
        ck_assert_int_eq(left, round ? -MANY : 0);
    }
    return 0;
}

START_TEST(ten_thousand_tasks)
{
    run(run_many, NULL);
}
END_TEST

/* --- futures --- */

static int set_twice(void *arg)
{
    (void)arg;
    struct future future;
    future_init(&future);
    future_set(&future, 1);
    future_set(&future, 2);
    return await(&future);
}

START_TEST(a_future_is_set_once)
{
    ck_assert_int_eq(run(set_twice, NULL), 1);
}
END_TEST

/* --- cancel --- */

static int await_it_forever(void *arg)
{
    (void)arg;
    return await_forever();
}

static int cancel_itself(void *arg)
{
    task_cancel(task_current());
    ck_assert_int_eq(await_forever(), -ECANCELED);
    return *(int *)arg;
}

START_TEST(a_task_may_cancel_itself)
{
    int result = 6;
    ck_assert_int_eq(run(cancel_itself, &result), 6);
}
END_TEST

static int join_finished_and_canceled(void *arg)
{
    struct task *child = spawn(return_it, arg);
    ck_assert_int_eq(task_sleep(0), 0); /* it has ended */
    task_cancel(task_current());
    return task_join(child);
}

START_TEST(a_finished_task_is_joined_even_when_canceled)
{
    int result = 8;
    ck_assert_int_eq(run(join_finished_and_canceled, &result), 8);
}
END_TEST

/* --- a deadlock --- */

static int wait_for_nothing(void *arg)
{
    (void)arg;
    struct pair pair;
    pair_open(&pair);
    struct task *child = spawn(await_it_forever, NULL);
    stream_close(pair.stream);
    pair.stream = NULL;
    int result = task_join(child);
    say("%s", result == -ECANCELED ? "canceled" : "what?");
    pair_close(&pair);
    return 0;
}

START_TEST(a_deadlock_ends_the_run)
{
    ck_assert_int_eq(run(wait_for_nothing, NULL), -EDEADLK);
    said("canceled");
    ck_assert_int_eq(run(await_it_forever, NULL), -EDEADLK);
}
END_TEST

static int run_again_after_deadlock(struct loop *loop)
{
    int result = 4;
    ck_assert_int_eq(task_run(loop, await_it_forever, NULL), -EDEADLK);
    return task_run(loop, return_it, &result);
}

START_TEST(a_loop_can_run_again)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(run_again_after_deadlock(loop), 4);
    loop_destroy(loop);
}
END_TEST

SUITE("task", join_returns_the_result,
    tasks_begin_in_the_order_of_their_spawning,
    gather_returns_the_first_negative_result,
    gather_interrupted_cancels_all_first, sleep_zero_lets_everybody_run_once,
    sleepers_wake_by_their_time, ten_thousand_tasks, a_future_is_set_once,
    a_task_may_cancel_itself, a_finished_task_is_joined_even_when_canceled,
    a_deadlock_ends_the_run, a_loop_can_run_again)
