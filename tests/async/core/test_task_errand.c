/*
 * task_on_loop_stack: where it runs, and that nothing else does meanwhile.
 */
#include "harness.h"

#include "async/core/loop.h"
#include "async/core/task.h"

#include <errno.h>
#include <stdint.h>

struct errand_seen {
    uintptr_t frame;
    bool in_task;
    bool in_loop;
    int count;
};

static uintptr_t here(void)
{
    return (uintptr_t)__builtin_frame_address(0);
}

static uintptr_t distance(uintptr_t a, uintptr_t b)
{
    return a > b ? a - b : b - a;
}

static void look(void *arg)
{
    struct errand_seen *seen = arg;
    volatile char deep[200 * 1024]; /* no task has so much */
    deep[0] = 1;
    seen->frame = here();
    seen->in_task = task_current() != NULL;
    seen->in_loop = loop_running() != NULL;
    seen->count += deep[0];
}

static int run_fresh(task_fn *fn, void *arg)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    int result = task_run(loop, fn, arg);
    loop_destroy(loop);
    return result;
}

static int look_twice(void *arg)
{
    struct task *self = task_current();
    uintptr_t own = here();
    struct errand_seen *seen = arg;
    task_on_loop_stack(look, seen);
    ck_assert(distance(seen->frame, own) > 64 * 1024);
    ck_assert_ptr_eq(task_current(), self);
    task_on_loop_stack(look, seen);
    ck_assert_ptr_eq(task_current(), self);
    return 7;
}

START_TEST(test_runs_on_loop_stack)
{
    struct errand_seen seen = {0};
    ck_assert_int_eq(run_fresh(look_twice, &seen), 7);
    ck_assert_int_eq(seen.count, 2);
    ck_assert(!seen.in_task);
    ck_assert(seen.in_loop);
}
END_TEST

START_TEST(test_outside_of_tasks)
{
    struct errand_seen seen = {0};
    task_on_loop_stack(look, &seen);
    ck_assert_int_eq(seen.count, 1);
}
END_TEST

static int count_up(void *arg)
{
    ++*(int *)arg;
    return 0;
}

/* A task that is due, and an interruption, wait for the next await. */
static int look_while_canceled(void *arg)
{
    struct errand_seen *seen = arg;
    struct task *other;
    int others = 0;
    ck_assert_int_eq(task_spawn(&other, count_up, &others), 0);
    task_cancel(task_current());
    for (int i = 0; i < 10; i++)
        task_on_loop_stack(look, seen);
    ck_assert_int_eq(others, 0);
    ck_assert_int_eq(task_sleep(0), -ECANCELED);
    task_join(other);
    ck_assert_int_eq(others, 1);
    return 0;
}

START_TEST(test_is_no_await)
{
    struct errand_seen seen = {0};
    ck_assert_int_eq(run_fresh(look_while_canceled, &seen), 0);
    ck_assert_int_eq(seen.count, 10);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("errand");
    Suite *suite = suite_create("task errand");
    tcase_add_test(tcase, test_runs_on_loop_stack);
    tcase_add_test(tcase, test_outside_of_tasks);
    tcase_add_test(tcase, test_is_no_await);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
