/*
 * The runtime's rules, 1 to 4: who yields, who resumes, what an interruption
 * means.  test_rules_kept has 5 to 8.
 */
#include "harness.h"
#include "pair.h"

#include <errno.h>
#include <unistd.h>

/* --- 1. await is the only place that yields, the loop the only place that
 * resumes; callbacks only complete futures --- */

static void complete(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    future_set(arg, 0);
    say("callback-ends");
}

static int wait_for_callback(void *arg)
{
    struct future *future = arg;
    struct loop_timer timer;
    loop_timer_start(loop_running(), &timer, 1, complete, future);
    ck_assert_int_eq(await(future), 0);
    say("task-goes-on");
    loop_timer_stop(&timer);
    return 0;
}

START_TEST(rule_1_callbacks_only_complete_futures)
{
    struct future future;
    future_init(&future);
    run(wait_for_callback, &future);
    said("callback-ends task-goes-on");
}
END_TEST

static int acquire_it(void *arg)
{
    say("begin");
    ck_assert_int_eq(semaphore_acquire(arg), 0);
    say("acquired");
    return 0;
}

static int call_all_that_does_not_await(void *arg)
{
    (void)arg;
    struct semaphore held;
    struct future done, other_future;
    struct wait_for scope;
    struct task_group group;
    semaphore_init(&held, 1);
    future_init(&done);
    future_init(&other_future);
    task_group_init(&group);
    ck_assert_int_eq(semaphore_acquire(&held), 0);
    ck_assert_int_eq(task_group_spawn(&group, acquire_it, &held), 0);
    future_set(&done, 7);
    ck_assert_int_eq(await(&done), 7);
    wait_for_enter(&scope, LOOP_SECOND);
    wait_for_leave(&scope, 0);
    say("1");
    settle();
    semaphore_release(&held);
    future_set(&other_future, 0);
    say("2");
    task_group_cancel(&group);
    say("3");
    return task_group_join(&group);
}

START_TEST(rule_1_only_await_yields)
{
    ck_assert_int_eq(run(call_all_that_does_not_await, NULL), 0);
    said("1 begin 2 3 acquired");
}
END_TEST

static int set_futures(void *arg)
{
    struct future *futures = arg;
    for (int i = 0; i < 3; i++)
        future_set(&futures[i], i);
    say("all-set");
    return 0;
}

static int say_result(void *arg)
{
    say("%d", await(arg));
    return 0;
}

static int resume_in_order(void *arg)
{
    (void)arg;
    struct future futures[3];
    struct task *tasks[4];
    for (int i = 0; i < 3; i++) {
        future_init(&futures[i]);
        tasks[i] = spawn(say_result, &futures[i]);
    }
    tasks[3] = spawn(set_futures, futures);
    return task_gather(tasks, 4);
}

START_TEST(rule_1_the_loop_resumes_in_the_order_of_completion)
{
    run(resume_in_order, NULL);
    said("all-set 0 1 2");
}
END_TEST

/* --- 2. cancellation and expired time are levels, not edges --- */

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

/* Every way to await, three times: each is interrupted, each time. */
static void assert_interrupted(struct stream *stream, int interruption)
{
    struct semaphore held;
    struct stream_line line;
    struct stream *unused;
    semaphore_init(&held, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(await_forever(), interruption);
        ck_assert_int_eq(task_sleep(0), interruption);
        ck_assert_int_eq(task_sleep(LOOP_SECOND), interruption);
        ck_assert_int_eq(semaphore_acquire(&held), interruption);
        ck_assert_int_eq(stream_readline(stream, 9, &line), interruption);
        ck_assert_int_eq(
            stream_connect(&unused, &stream->address), interruption);
    }
}

static int await_canceled(void *arg)
{
    ck_assert_int_eq(await_forever(), -ECANCELED);
    assert_interrupted(arg, -ECANCELED);
    struct wait_for scope;
    wait_for_enter(&scope, LOOP_SECOND);
    assert_interrupted(arg, -ECANCELED);
    ck_assert_int_eq(wait_for_leave(&scope, 0), 0);
    assert_interrupted(arg, -ECANCELED);
    return 5;
}

static int cancel_and_join(void *arg)
{
    (void)arg;
    struct pair pair;
    pair_open(&pair);
    struct task *task = spawn(await_canceled, pair.stream);
    settle();
    task_cancel(task);
    ck_assert_int_eq(task_join(task), 5);
    pair_close(&pair);
    return 0;
}

START_TEST(rule_2_cancellation_is_a_level)
{
    run(cancel_and_join, NULL);
}
END_TEST

static int await_canceled_at_once(void *arg)
{
    say("begun");
    ck_assert_int_eq(task_sleep(0), -ECANCELED);
    return *(int *)arg;
}

static int cancel_before_it_begins(void *arg)
{
    struct task *task = spawn(await_canceled_at_once, arg);
    task_cancel(task);
    return task_join(task);
}

START_TEST(rule_2_cancellation_holds_for_a_task_not_begun)
{
    int result = 3;
    ck_assert_int_eq(run(cancel_before_it_begins, &result), 3);
    said("begun");
}
END_TEST

static int await_expired(void *arg)
{
    (void)arg;
    struct pair pair;
    struct wait_for scope;
    pair_open(&pair);
    wait_for_enter(&scope, LOOP_MILLISECOND);
    ck_assert_int_eq(await_forever(), -ETIMEDOUT);
    assert_interrupted(pair.stream, -ETIMEDOUT);
    ck_assert_int_eq(wait_for_leave(&scope, -ETIMEDOUT), -ETIMEDOUT);
    ck_assert_int_eq(task_sleep(0), 0);
    wait_for_enter(&scope, 0);
    assert_interrupted(pair.stream, -ETIMEDOUT);
    ck_assert_int_eq(wait_for_leave(&scope, 4), 4);
    ck_assert_int_eq(task_sleep(1), 0);
    pair_close(&pair);
    return 0;
}

START_TEST(rule_2_expired_time_is_a_level)
{
    run(await_expired, NULL);
}
END_TEST

/* --- 3. wait_for is a scope on the caller's own stack --- */

static int scopes_nest(void *arg)
{
    (void)arg;
    struct task *self = task_current();
    struct wait_for outer, middle, inner;
    wait_for_enter(&outer, WAIT_FOREVER);
    wait_for_enter(&middle, LOOP_MILLISECOND);
    wait_for_enter(&inner, LOOP_SECOND * 1000);
    ck_assert_ptr_eq(task_current(), self);
    ck_assert_int_eq(await_forever(), -ETIMEDOUT);
    ck_assert(!inner.expired && middle.expired && !outer.expired);
    ck_assert_int_eq(wait_for_leave(&inner, 1), 1);
    ck_assert_int_eq(task_sleep(0), -ETIMEDOUT);
    ck_assert_int_eq(wait_for_leave(&middle, 2), 2);
    ck_assert_int_eq(task_sleep(0), 0);
    wait_for_enter(&inner, 0);
    ck_assert_int_eq(task_sleep(0), -ETIMEDOUT);
    ck_assert_int_eq(wait_for_leave(&inner, -EIO), -EIO);
    ck_assert_int_eq(task_sleep(0), 0);
    ck_assert_int_eq(wait_for_leave(&outer, 3), 3);
    return 0;
}

START_TEST(rule_3_wait_for_scopes_nest)
{
    run(scopes_nest, NULL);
}
END_TEST

static int sleep_long(void *arg)
{
    (void)arg;
    return task_sleep(1000 * LOOP_SECOND);
}

static int join_within(int64_t ns)
{
    struct wait_for scope;
    wait_for_enter(&scope, ns);
    return wait_for_leave(&scope, task_join(spawn(sleep_long, NULL)));
}

static int join_within_two_scopes(int64_t outer_ns, int64_t inner_ns)
{
    struct wait_for outer;
    wait_for_enter(&outer, outer_ns);
    int inner = join_within(inner_ns);
    say("%s", inner == -ETIMEDOUT ? "inner-timed-out" : "inner-canceled");
    return wait_for_leave(&outer, inner);
}

static int map_child_cancellation(void *arg)
{
    (void)arg;
    ck_assert_int_eq(join_within(LOOP_MILLISECOND), -ETIMEDOUT);
    int64_t soon = LOOP_MILLISECOND;
    ck_assert_int_eq(join_within_two_scopes(WAIT_FOREVER, soon), -ETIMEDOUT);
    ck_assert_int_eq(join_within_two_scopes(soon, WAIT_FOREVER), -ETIMEDOUT);
    return 0;
}

START_TEST(rule_3_wait_for_maps_a_child_canceled_by_its_clock)
{
    run(map_child_cancellation, NULL);
    said("inner-timed-out inner-canceled");
}
END_TEST

static int canceled_by_another(void *arg)
{
    (void)arg;
    return join_within(1000 * LOOP_SECOND);
}

static int canceled_while_expired(void *arg)
{
    struct wait_for scope;
    wait_for_enter(&scope, 0);
    ck_assert_int_eq(await(arg), -ETIMEDOUT);
    task_cancel(task_current());
    ck_assert_int_eq(await(arg), -ECANCELED);
    return wait_for_leave(&scope, -ECANCELED);
}

static int keep_cancellation(void *arg)
{
    (void)arg;
    struct future never;
    struct task *task = spawn(canceled_by_another, NULL);
    settle();
    task_cancel(task);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    future_init(&never);
    task = spawn(canceled_while_expired, &never);
    ck_assert_int_eq(task_join(task), -ECANCELED);
    return 0;
}

START_TEST(rule_3_wait_for_keeps_a_cancellation_from_outside)
{
    run(keep_cancellation, NULL);
}
END_TEST

/* --- 4. a finished future beats an interruption --- */

static int await_result_then_cancellation(void *arg)
{
    ck_assert_int_eq(await(arg), 7);
    ck_assert_int_eq(await(arg), 7);
    return task_sleep(0);
}

static int finish_and_cancel(void *arg)
{
    bool cancel_first = *(bool *)arg;
    struct future future;
    future_init(&future);
    struct task *task = spawn(await_result_then_cancellation, &future);
    settle();
    if (cancel_first)
        task_cancel(task);
    future_set(&future, 7);
    if (!cancel_first)
        task_cancel(task);
    return task_join(task);
}

START_TEST(rule_4_a_finished_future_beats_a_cancellation)
{
    for (int i = 0; i < 2; i++) {
        bool cancel_first = i;
        ck_assert_int_eq(run(finish_and_cancel, &cancel_first), -ECANCELED);
    }
}
END_TEST

static int await_in_expired_scope(void *arg)
{
    struct wait_for scope;
    struct task *child = spawn(nothing, NULL);
    settle();
    wait_for_enter(&scope, 0);
    ck_assert_int_eq(await(arg), 7);
    ck_assert_int_eq(task_join(child), 0);
    ck_assert_int_eq(task_sleep(0), -ETIMEDOUT);
    return wait_for_leave(&scope, 0);
}

START_TEST(rule_4_a_finished_future_beats_expired_time)
{
    struct future future;
    future_init(&future);
    future_set(&future, 7);
    ck_assert_int_eq(run(await_in_expired_scope, &future), 0);
}
END_TEST

static int connect_then_cancellation(void *arg)
{
    struct stream *stream;
    ck_assert_int_eq(stream_connect(&stream, arg), 0);
    stream_close(stream);
    say("connected");
    return task_sleep(0);
}

/* The edge and the cancellation arrive in one pass of the loop. */
static int connect_and_cancel(void *arg)
{
    (void)arg;
    union address address;
    int listener = listen_on("127.0.0.1", &address);
    struct task *task = spawn(connect_then_cancellation, &address);
    task_sleep(0); /* the task connects; no event is delivered before us */
    event_base_loop(loop_base(loop_running()), EVLOOP_NONBLOCK);
    task_cancel(task);
    int result = task_join(task);
    close(listener);
    return result;
}

START_TEST(rule_4_no_descriptor_is_lost)
{
    ck_assert_int_eq(run(connect_and_cancel, NULL), -ECANCELED);
    said("connected");
}
END_TEST

SUITE("rules", rule_1_callbacks_only_complete_futures, rule_1_only_await_yields,
    rule_1_the_loop_resumes_in_the_order_of_completion,
    rule_2_cancellation_is_a_level,
    rule_2_cancellation_holds_for_a_task_not_begun,
    rule_2_expired_time_is_a_level, rule_3_wait_for_scopes_nest,
    rule_3_wait_for_maps_a_child_canceled_by_its_clock,
    rule_3_wait_for_keeps_a_cancellation_from_outside,
    rule_4_a_finished_future_beats_a_cancellation,
    rule_4_a_finished_future_beats_expired_time, rule_4_no_descriptor_is_lost)
