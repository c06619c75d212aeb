/*
 * task: semaphores and task groups.
 */
#include "harness.h"

#include <errno.h>

struct worker {
    struct semaphore *semaphore;
    int number;
    int *inside, *most;
};

static int work(void *arg)
{
    struct worker *worker = arg;
    int result = semaphore_acquire(worker->semaphore);
    if (result)
        return result;
    say("%d", worker->number);
    if (++*worker->inside > *worker->most)
        *worker->most = *worker->inside;
    task_sleep(0);
    --*worker->inside;
    semaphore_release(worker->semaphore);
    return 0;
}

enum { WORKERS = 10 };

/* All at once; canceled[i] tells who is canceled while it waits. */
static int workers_most(unsigned value, const bool *canceled)
{
    struct semaphore semaphore;
    struct worker workers[WORKERS];
    struct task *tasks[WORKERS];
    int inside = 0, most = 0;
    semaphore_init(&semaphore, value);
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){&semaphore, i, &inside, &most};
        tasks[i] = spawn(work, &workers[i]);
    }
    task_sleep(0);
    for (int i = 0; i < WORKERS; i++)
        if (canceled[i])
            task_cancel(tasks[i]);
    for (int i = 0; i < WORKERS; i++)
        ck_assert_int_eq(task_join(tasks[i]), canceled[i] ? -ECANCELED : 0);
    ck_assert_uint_eq(semaphore.value, value);
    ck_assert(TAILQ_EMPTY(&semaphore.waiters));
    return most;
}

static int work_fairly(void *arg)
{
    (void)arg;
    bool nobody[WORKERS] = {false};
    ck_assert_int_eq(workers_most(1, nobody), 1);
    said("0 1 2 3 4 5 6 7 8 9");
    ck_assert_int_eq(workers_most(3, nobody), 3);
    said("0 1 2 3 4 5 6 7 8 9");
    ck_assert_int_eq(workers_most(99, nobody), WORKERS);
    said("0 1 2 3 4 5 6 7 8 9");
    return 0;
}

START_TEST(first_come_first_served)
{
    run(work_fairly, NULL);
}
END_TEST

static int work_canceled(void *arg)
{
    (void)arg;
    bool some[WORKERS] = {[2] = true, [5] = true, [9] = true};
    ck_assert_int_eq(workers_most(1, some), 1);
    said("0 1 3 4 6 7 8");
    return 0;
}

START_TEST(a_canceled_waiter_leaves_the_queue)
{
    run(work_canceled, NULL);
}
END_TEST

static int grant_and_cancel(void *arg)
{
    (void)arg;
    struct semaphore semaphore;
    int inside = 0, most = 0;
    struct worker worker = {&semaphore, 1, &inside, &most};
    semaphore_init(&semaphore, 0);
    struct task *task = spawn(work, &worker);
    settle();
    semaphore_release(&semaphore);
    task_cancel(task);
    ck_assert_int_eq(task_join(task), 0);
    ck_assert_uint_eq(semaphore.value, 1);
    return 0;
}

START_TEST(a_granted_semaphore_is_held_though_canceled)
{
    run(grant_and_cancel, NULL);
    said("1");
}
END_TEST

/* --- groups --- */

static int say_number(void *arg)
{
    say("%d", *(int *)arg);
    return -EIO;
}

static int join_group(void *arg)
{
    (void)arg;
    struct task_group group;
    int numbers[] = {1, 2, 3};
    task_group_init(&group);
    ck_assert_int_eq(task_group_join(&group), 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(task_group_spawn(&group, say_number, &numbers[i]), 0);
    ck_assert_int_eq(task_group_join(&group), 0);
    said("1 2 3");
    for (int i = 0; i < 3; i++)
        task_group_spawn(&group, say_number, &numbers[i]);
    settle();
    said("1 2 3");
    ck_assert(LIST_EMPTY(&group.tasks));
    return task_group_join(&group);
}

START_TEST(a_group_joins_each_as_it_ends)
{
    ck_assert_int_eq(run(join_group, NULL), 0);
}
END_TEST

struct family {
    struct task_group group;
    struct future go;
};

static int grandchild(void *arg)
{
    (void)arg;
    int result = await_forever();
    say("grandchild-%s", result == -ECANCELED ? "canceled" : "?");
    return result;
}

static int child(void *arg)
{
    struct family *family = arg;
    ck_assert_int_eq(await(&family->go), 0);
    return task_group_spawn(&family->group, grandchild, NULL);
}

static int spawn_into_canceled_group(void *arg)
{
    struct family family;
    (void)arg;
    task_group_init(&family.group);
    future_init(&family.go);
    ck_assert_int_eq(task_group_spawn(&family.group, child, &family), 0);
    settle();
    future_set(&family.go, 0);
    task_cancel(task_current());
    return task_group_join(&family.group);
}

START_TEST(a_canceled_group_cancels_late_comers)
{
    ck_assert_int_eq(run(spawn_into_canceled_group, NULL), -ECANCELED);
    said("grandchild-canceled");
}
END_TEST

SUITE("semaphore", first_come_first_served, a_canceled_waiter_leaves_the_queue,
    a_granted_semaphore_is_held_though_canceled, a_group_joins_each_as_it_ends,
    a_canceled_group_cancels_late_comers)
