/*
 * task - futures and tasks on coroutines.
 *
 * Invariant: a task is resumed only by task_step, a call of the loop; it is
 * suspended only in suspend(), with `waiting` telling whether an
 * interruption may wake it (on an errand it is AWAKE: nothing else runs).
 */
#include "async/core/task_inside.h"

#include "async/core/coro.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* One loop runs in a thread at a time, and one task in it. */
static _Thread_local struct task *current;

static void tasks_destroy(void *arg)
{
    struct tasks *tasks = arg;
    coro_pool_destroy(tasks->pool);
    free(tasks);
}

static struct tasks *tasks_create(struct loop *loop)
{
    struct tasks *tasks = calloc(1, sizeof *tasks);
    if (!tasks)
        return NULL;
    if (coro_pool_create(&tasks->pool, sizeof(struct task))) {
        free(tasks);
        return NULL;
    }
    tasks->loop = loop;
    loop_set_local(loop, LOOP_LOCAL_TASKS, tasks, tasks_destroy);
    return tasks;
}

struct task *task_current(void)
{
    return current;
}

/* --- futures --- */

void future_init(struct future *future)
{
    *future = (struct future){0};
}

static void wake(struct task *task)
{
    loop_call_soon(task->tasks->loop, &task->call);
}

void future_set(struct future *future, int result)
{
    if (future->done)
        return;
    future->done = true;
    future->result = result;
    if (future->waiter)
        wake(future->waiter);
}

/* Why no await of this task may wait now; 0 if it may. */
static int interruption(const struct task *task)
{
    if (task->canceled)
        return -ECANCELED;
    for (struct wait_for *scope = task->scopes; scope; scope = scope->outer)
        if (scope->expired)
            return -ETIMEDOUT;
    return 0;
}

void task_interrupt(struct task *task)
{
    if (task->waiting == INTERRUPTIBLE)
        wake(task);
}

static void suspend(struct task *self, enum waiting how)
{
    self->waiting = how;
    current = NULL;
    coro_suspend(self->coro);
    current = self;
    self->waiting = AWAKE;
}

int await(struct future *future)
{
    struct task *self = task_current();
    assert(self && !future->waiter);
    int result = future->done ? 0 : interruption(self);
    if (result)
        return result;
    if (!future->done) {
        future->waiter = self;
        suspend(self, INTERRUPTIBLE);
        future->waiter = NULL;
    }
    return future->done ? future->result : interruption(self);
}

int await_shielded(struct future *future)
{
    struct task *self = task_current();
    while (!future->done) {
        future->waiter = self;
        suspend(self, SHIELDED);
        future->waiter = NULL;
    }
    return future->result;
}

/* --- tasks --- */

static void task_main(struct coro *coro)
{
    struct task *self = coro_storage(coro);
    current = self;
    self->result = self->fn(self->arg);
    current = NULL;
    assert(!self->scopes);
}

static void group_remove(struct task_group *group, struct task *task)
{
    LIST_REMOVE(task, in_group);
    coro_destroy(task->coro);
    if (LIST_EMPTY(&group->tasks) && group->empty)
        future_set(group->empty, 0);
}

/* The loop's call: begins the task or goes on with it. */
static void task_step(void *arg)
{
    struct task *task = arg;
    coro_resume(task->coro);
    while (task->errand.fn) {
        task->errand.fn(task->errand.arg);
        task->errand.fn = NULL;
        coro_resume(task->coro);
    }
    if (!coro_done(task->coro))
        return;
    loop_call_cancel(task->tasks->loop, &task->call);
    if (task->group)
        group_remove(task->group, task);
    else
        future_set(&task->finished, task->result);
}

static struct task *task_create(struct tasks *tasks, task_fn *fn, void *arg)
{
    struct coro *coro;
    if (coro_create(tasks->pool, &coro, task_main))
        return NULL;
    struct task *task = coro_storage(coro);
    *task = (struct task){
        .coro = coro,
        .tasks = tasks,
        .fn = fn,
        .arg = arg,
    };
    loop_call_init(&task->call, task_step, task);
    wake(task);
    return task;
}

int task_spawn(struct task **out, task_fn *fn, void *arg)
{
    struct task *task = task_create(task_current()->tasks, fn, arg);
    if (!task)
        return -ENOMEM;
    *out = task;
    return 0;
}

void task_cancel(struct task *task)
{
    task->canceled = true;
    task_interrupt(task);
}

int task_join(struct task *task)
{
    if (await(&task->finished) && !task->finished.done) {
        task_cancel(task);
        await_shielded(&task->finished);
    }
    int result = task->result;
    coro_destroy(task->coro);
    return result;
}

int task_gather(struct task **tasks, size_t n)
{
    int first = 0;
    for (size_t i = 0; i < n; i++) {
        if (await(&tasks[i]->finished) && !tasks[i]->finished.done)
            for (size_t k = i; k < n; k++)
                task_cancel(tasks[k]);
        int result = task_join(tasks[i]);
        if (result < 0 && !first)
            first = result;
    }
    return first;
}

int task_run(struct loop *loop, task_fn *fn, void *arg)
{
    struct tasks *tasks = loop_local(loop, LOOP_LOCAL_TASKS);
    if (!tasks && !(tasks = tasks_create(loop)))
        return -ENOMEM;
    struct task *task = task_create(tasks, fn, arg);
    if (!task)
        return -ENOMEM;
    int error = loop_run_until(loop, &task->finished.done);
    if (error) {
        /* Let it put away what it has, its children first. */
        task_cancel(task);
        loop_run_until(loop, &task->finished.done);
    }
    int result = error ? error : task->result;
    coro_destroy(task->coro);
    return result;
}

void task_on_loop_stack(void (*fn)(void *arg), void *arg)
{
    struct task *self = task_current();
    if (!self) { /* on that stack already */
        fn(arg);
        return;
    }
    self->errand = (struct errand){fn, arg};
    suspend(self, AWAKE);
}

/* --- sleep --- */

static void sleep_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    future_set(arg, 0);
}

/* One pass of the loop. */
static int yield(struct task *self)
{
    int result = interruption(self);
    if (result)
        return result;
    wake(self);
    suspend(self, INTERRUPTIBLE);
    return interruption(self);
}

int task_sleep(int64_t ns)
{
    struct task *self = task_current();
    if (ns <= 0)
        return yield(self);
    struct future over;
    struct loop_timer timer;
    future_init(&over);
    loop_timer_start(self->tasks->loop, &timer, ns, sleep_over, &over);
    int result = await(&over);
    loop_timer_stop(&timer);
    return result;
}

/* --- task group --- */

void task_group_init(struct task_group *group)
{
    LIST_INIT(&group->tasks);
    group->empty = NULL;
    group->canceled = false;
}

int task_group_spawn(struct task_group *group, task_fn *fn, void *arg)
{
    struct tasks *tasks = loop_local(loop_running(), LOOP_LOCAL_TASKS);
    struct task *task = task_create(tasks, fn, arg);
    if (!task)
        return -ENOMEM;
    task->group = group;
    task->canceled = group->canceled;
    LIST_INSERT_HEAD(&group->tasks, task, in_group);
    return 0;
}

void task_group_cancel(struct task_group *group)
{
    struct task *task;
    group->canceled = true;
    LIST_FOREACH (task, &group->tasks, in_group)
        task_cancel(task);
}

int task_group_join(struct task_group *group)
{
    if (LIST_EMPTY(&group->tasks))
        return 0;
    struct future empty;
    future_init(&empty);
    group->empty = &empty;
    int result = await(&empty);
    if (!empty.done) {
        task_group_cancel(group);
        await_shielded(&empty);
    }
    group->empty = NULL;
    return result;
}
