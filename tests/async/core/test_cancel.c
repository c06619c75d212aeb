/*
 * Cancellation at every point where a longer piece of work can be: after the
 * first resume, after the second, … until it ends by itself.
 */
#include "harness.h"
#include "work.h"

#include <errno.h>

struct coro;
struct coro_pool;

int __real_coro_create(
    struct coro_pool *, struct coro **, void (*)(struct coro *));
void __real_coro_destroy(struct coro *);
void __real_coro_resume(struct coro *);
int __wrap_coro_create(
    struct coro_pool *, struct coro **, void (*)(struct coro *));
void __wrap_coro_destroy(struct coro *);
void __wrap_coro_resume(struct coro *);

static int live_tasks;
static long resumes, last_resume; /* when the victim is canceled */
static struct task *victim;

int __wrap_coro_create(
    struct coro_pool *pool, struct coro **out, void (*fn)(struct coro *))
{
    int result = __real_coro_create(pool, out, fn);
    live_tasks += result == 0;
    return result;
}

void __wrap_coro_destroy(struct coro *coro)
{
    live_tasks--;
    __real_coro_destroy(coro);
}

void __wrap_coro_resume(struct coro *coro)
{
    __real_coro_resume(coro);
    if (victim && ++resumes == last_resume)
        task_cancel(victim);
}

/* Returns what became of it. */
static int work_canceled(long after)
{
    struct work work;
    work_open(&work);
    int events = armed_events(), fds = open_fds(), tasks = live_tasks;
    resumes = 0;
    last_resume = after;
    victim = spawn(work_do, &work);
    struct task *task = victim;
    int result = task_join(task);
    victim = NULL;
    work_hang_up(&work);
    ck_assert_int_eq(live_tasks, tasks);
    ck_assert_int_eq(armed_events(), events);
    ck_assert_int_eq(open_fds(), fds);
    work_close(&work);
    return result;
}

static int cancel_at_each_resume(void *arg)
{
    long points = 0;
    (void)arg;
    while (work_canceled(++points) == -ECANCELED)
        continue;
    /* It had ended, or nothing was left to await. */
    ck_assert_int_gt(points, 40);
    ck_assert_int_eq(work_canceled(-1), 0);
    return 0;
}

START_TEST(canceled_anywhere_nothing_is_left)
{
    ck_assert_int_eq(run(cancel_at_each_resume, NULL), 0);
    ck_assert_int_eq(live_tasks, 0);
}
END_TEST

/* --- and expiry, which must go the same way --- */

static int work_expired(void *arg)
{
    struct work work;
    struct wait_for scope;
    work_open(&work);
    int events = armed_events(), fds = open_fds(), tasks = live_tasks;
    wait_for_enter(&scope, *(int64_t *)arg);
    int result = wait_for_leave(&scope, work_do(&work));
    work_hang_up(&work);
    ck_assert_int_eq(live_tasks, tasks);
    ck_assert_int_eq(armed_events(), events);
    ck_assert_int_eq(open_fds(), fds);
    work_close(&work);
    return result;
}

START_TEST(expired_anywhere_nothing_is_left)
{
    int64_t step = LOOP_MILLISECOND / 4;
    int64_t patience = 0;
    ck_assert_int_eq(run(work_expired, &patience), -ETIMEDOUT);
    for (int i = 0; i < 20; i++) {
        int result = run(work_expired, &patience);
        /* ::1 may have refused before A was known. */
        ck_assert(
            result == 0 || result == -ETIMEDOUT || result == -ECONNREFUSED);
        patience += step * slower();
    }
    patience = 1000 * LOOP_SECOND;
    ck_assert_int_eq(run(work_expired, &patience), 0);
}
END_TEST

SUITE("cancel", canceled_anywhere_nothing_is_left,
    expired_anywhere_nothing_is_left)
