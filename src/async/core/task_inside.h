/*
 * task_inside - a task as the rooms of task see it.
 */
#ifndef ASYNC_TASK_INSIDE_H
#define ASYNC_TASK_INSIDE_H

#include "async/core/task.h"

enum waiting { AWAKE, INTERRUPTIBLE, SHIELDED };

/* Lives in its coroutine's storage. */
struct task {
    struct coro *coro;
    struct tasks *tasks;
    task_fn *fn;
    void *arg;
    int result;
    struct loop_call call; /* to begin and to go on */
    struct future finished;
    struct wait_for *scopes; /* innermost first */
    struct task_group *group; /* owner, or NULL: whoever spawned it */
    LIST_ENTRY(task) in_group;
    int64_t stopped_at, stopped; /* its clock: since when, or 0; in all */
    bool canceled;
    enum waiting waiting;
    struct errand {
        void (*fn)(void *arg); /* NULL: none */
        void *arg;
    } errand; /* to be run on the loop's stack at once */
};

/* The tasks of one loop. */
struct tasks {
    struct loop *loop;
    struct coro_pool *pool;
};

/* Wakes it where an interruption may: what it waits for has not come. */
void task_interrupt(struct task *task);

#endif
