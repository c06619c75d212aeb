/*
 * loop: calls, timers, the idle hook; loops one after the other.
 */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- call_soon --- */

struct named_call {
    struct loop_call call;
    const char *name;
    struct loop_call *next; /* queued or canceled by this one */
};

static void say_name(void *arg)
{
    struct named_call *named = arg;
    say("%s", named->name);
    if (named->next)
        loop_call_soon(loop_running(), named->next);
}

static void cancel_next(void *arg)
{
    struct named_call *named = arg;
    say("%s", named->name);
    loop_call_cancel(loop_running(), named->next);
}

static void named_call_init(
    struct named_call *named, const char *name, struct loop_call *next)
{
    loop_call_init(&named->call, say_name, named);
    named->name = name;
    named->next = next;
}

static int call_in_order(void *arg)
{
    (void)arg;
    struct loop *loop = loop_running();
    struct named_call a, b, c, late;
    named_call_init(&late, "late", NULL);
    named_call_init(&a, "a", &late.call);
    named_call_init(&b, "b", NULL);
    named_call_init(&c, "c", NULL);
    loop_call_soon(loop, &a.call);
    loop_call_soon(loop, &b.call);
    loop_call_soon(loop, &a.call); /* is queued: runs once */
    loop_call_soon(loop, &c.call);
    task_sleep(0);
    say("pass");
    task_sleep(0);
    said("a b c pass late");
    return 0;
}

START_TEST(calls_run_in_order_and_new_ones_in_the_next_pass)
{
    run(call_in_order, NULL);
}
END_TEST

static int cancel_calls(void *arg)
{
    (void)arg;
    struct loop *loop = loop_running();
    struct named_call a, b;
    named_call_init(&b, "b", NULL);
    named_call_init(&a, "a", &b.call);
    a.call.fn = cancel_next;
    loop_call_soon(loop, &a.call);
    loop_call_soon(loop, &b.call);
    settle();
    loop_call_soon(loop, &b.call);
    loop_call_cancel(loop, &b.call);
    loop_call_cancel(loop, &b.call);
    settle();
    said("a");
    return 0;
}

START_TEST(a_canceled_call_does_not_run)
{
    run(cancel_calls, NULL);
}
END_TEST

static void call_again(void *arg)
{
    struct named_call *named = arg;
    loop_call_soon(loop_running(), &named->call);
}

static int sleep_beside_busy_calls(void *arg)
{
    (void)arg;
    struct named_call busy;
    loop_call_init(&busy.call, call_again, &busy);
    loop_call_soon(loop_running(), &busy.call);
    int result = task_sleep(LOOP_MILLISECOND);
    loop_call_cancel(loop_running(), &busy.call);
    return result;
}

START_TEST(endless_calls_do_not_keep_events_away)
{
    ck_assert_int_eq(run(sleep_beside_busy_calls, NULL), 0);
}
END_TEST

/* --- timers --- */

static void say_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    ck_assert(what & EV_TIMEOUT);
    say("%s", (const char *)arg);
}

static int time_some(void *arg)
{
    (void)arg;
    char first[] = "first", second[] = "second", never[] = "never";
    struct loop *loop = loop_running();
    struct loop_timer timers[3];
    loop_timer_start(
        loop, &timers[0], 20 * LOOP_MILLISECOND, say_timer, second);
    loop_timer_start(loop, &timers[1], -5, say_timer, first);
    loop_timer_start(loop, &timers[2], LOOP_MILLISECOND, say_timer, never);
    loop_timer_stop(&timers[2]);
    task_sleep(60 * LOOP_MILLISECOND);
    said("first second");
    for (int i = 0; i < 3; i++)
        loop_timer_stop(&timers[i]); /* also one that has fired */
    return 0;
}

START_TEST(timers_fire_once_in_order_unless_stopped)
{
    int64_t before = loop_time();
    run(time_some, NULL);
    ck_assert_int_gt(loop_time(), before);
}
END_TEST

/* --- a timer is never early --- */

enum { PUNCTUAL = 40 };

struct punctual {
    struct loop_timer timer;
    int64_t due, fired;
};

static void note_time(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    ((struct punctual *)arg)->fired = loop_time();
}

/* Each is started late in a pass, when libevent's time is an old one. */
static int time_exactly(void *arg)
{
    static struct punctual all[PUNCTUAL];
    loop_timer_common(loop_running(), 7 * LOOP_MILLISECOND);
    for (int i = 0; i < PUNCTUAL; i++) {
        int64_t ns = (i % 2 ? 7 : 3) * LOOP_MILLISECOND;
        int64_t busy = loop_time() + LOOP_MILLISECOND * 2 / 3;
        while (loop_time() < busy)
            ;
        all[i].due = loop_time() + ns;
        loop_timer_start(loop_running(), &all[i].timer, ns, note_time, &all[i]);
        if (i % 4 == 3)
            task_sleep(0);
    }
    task_sleep(100 * LOOP_MILLISECOND);
    for (int i = 0; i < PUNCTUAL; i++) {
        loop_timer_stop(&all[i].timer);
        ck_assert_int_ge(all[i].fired, all[i].due);
    }
    (void)arg;
    return 0;
}

START_TEST(timers_are_never_early)
{
    run(time_exactly, NULL);
}
END_TEST

/* --- descriptors --- */

/* With any number of them left there is a loop, or a reason. */
START_TEST(without_descriptors_there_is_no_loop)
{
    struct rlimit limit, few;
    struct loop *loop;
    int made = 0, next = dup(STDIN_FILENO);
    close(next);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int left = 0; left < 5; left++) {
        few = limit;
        few.rlim_cur = (rlim_t)(next + left);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
        int result = loop_create(&loop);
        ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
        ck_assert(result == -EMFILE || (result == 0 && left >= 3));
        if (result)
            continue;
        loop_destroy(loop);
        made++;
    }
    ck_assert_int_gt(made, 0);
}
END_TEST

/* --- the hook --- */

struct idler {
    struct future done;
    int calls;
};

static void go_idle(void *arg, bool idle)
{
    struct idler *idler = arg;
    say(idle ? "idle" : "pass");
    if (!idle)
        return;
    if (++idler->calls == 2)
        future_set(&idler->done, 0);
}

static int be_busy_then_idle(void *arg)
{
    (void)arg;
    struct idler idler = {0};
    loop_set_hook(loop_running(), go_idle, &idler);
    for (int i = 0; i < 3; i++) {
        say("busy");
        task_sleep(0);
    }
    task_sleep(LOOP_MILLISECOND);
    said("busy pass busy pass busy pass idle");
    int result = await(&idler.done);
    loop_set_hook(loop_running(), NULL, NULL);
    said("idle");
    return result;
}

START_TEST(the_hook_is_told_when_nothing_is_left_to_do)
{
    ck_assert_int_eq(run(be_busy_then_idle, NULL), 0);
}
END_TEST

/* --- running --- */

static void stop(void *arg)
{
    *(bool *)arg = true;
}

START_TEST(a_loop_runs_until_done_or_deadlock)
{
    struct loop *loop;
    struct loop_call call;
    bool done = false;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(loop_run_until(loop, &done), -EDEADLK);
    loop_call_init(&call, stop, &done);
    loop_call_soon(loop, &call);
    ck_assert_int_eq(loop_run_until(loop, &done), 0);
    ck_assert(done);
    ck_assert_int_eq(loop_run_until(loop, &done), 0);
    loop_destroy(loop);
}
END_TEST

int __real_event_base_loop(struct event_base *base, int flags);
int __wrap_event_base_loop(struct event_base *base, int flags);

static int events_fail; /* with this errno, if not 0 */

int __wrap_event_base_loop(struct event_base *base, int flags)
{
    if (!events_fail)
        return __real_event_base_loop(base, flags);
    errno = events_fail;
    return -1;
}

static int say_end(void *arg)
{
    say("%d", await_forever());
    return *(int *)arg;
}

/* Its child is put away, too, though no event will ever come. */
static int wait_on_broken_loop(void *arg)
{
    int result = 7;
    struct task *child = spawn(say_end, &result);
    settle();
    events_fail = *(int *)arg;
    task_sleep(0);
    say("%d", task_sleep(LOOP_SECOND));
    say("%d", task_join(child));
    return 0;
}

START_TEST(a_loop_that_gets_no_events_ends_with_an_error)
{
    char expected[60];
    int error = EBADF;
    snprintf(expected, sizeof expected, "%d %d 7", -ECANCELED, -ECANCELED);
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, wait_on_broken_loop, &error), -EBADF);
    said(expected);
    events_fail = 0;
    loop_destroy(loop);
}
END_TEST

/* --- without memory --- */

int __real_event_add(struct event *event, const struct timeval *after);
int __wrap_event_add(struct event *event, const struct timeval *after);

static bool no_memory;

int __wrap_event_add(struct event *event, const struct timeval *after)
{
    return no_memory ? -1 : __real_event_add(event, after);
}

struct ticking {
    struct loop_timer timer;
    int ticks;
};

static void tick_again(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct ticking *ticking = arg;
    if (++ticking->ticks < 100000)
        loop_timer_start(
            loop_running(), &ticking->timer, LOOP_SECOND, tick_again, ticking);
}

static int tick_without_memory(void *arg)
{
    struct ticking ticking = {.ticks = 0};
    (void)arg;
    no_memory = true;
    tick_again(-1, 0, &ticking);
    for (int i = 0; i < 3; i++)
        task_sleep(0);
    no_memory = false;
    loop_timer_stop(&ticking.timer);
    settle();
    ck_assert_int_ge(ticking.ticks, 2);
    ck_assert_int_le(ticking.ticks, 5); /* one a pass */
    return task_sleep(1);
}

START_TEST(timers_without_memory_fire_in_the_next_pass)
{
    ck_assert_int_eq(run(tick_without_memory, NULL), 0);
}
END_TEST

static int sleep_once(void *arg)
{
    (void)arg;
    return task_sleep(1);
}

START_TEST(hundreds_of_loops_in_one_process)
{
    for (int i = 0; i < 500; i++)
        ck_assert_int_eq(run(sleep_once, NULL), 0);
}
END_TEST

START_TEST(unused_loops_are_destroyed)
{
    struct loop *loops[20];
    int fds = open_fds();
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(loop_create(&loops[i]), 0);
    for (int i = 0; i < 20; i++)
        loop_destroy(loops[i]);
    loop_destroy(NULL);
    ck_assert_int_eq(open_fds(), fds);
}
END_TEST

SUITE("loop", calls_run_in_order_and_new_ones_in_the_next_pass,
    a_canceled_call_does_not_run, endless_calls_do_not_keep_events_away,
    timers_fire_once_in_order_unless_stopped, timers_are_never_early,
    without_descriptors_there_is_no_loop,
    the_hook_is_told_when_nothing_is_left_to_do,
    a_loop_runs_until_done_or_deadlock,
    a_loop_that_gets_no_events_ends_with_an_error,
    timers_without_memory_fire_in_the_next_pass,
    hundreds_of_loops_in_one_process, unused_loops_are_destroyed)
