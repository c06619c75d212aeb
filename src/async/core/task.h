/*
 * task - coroutines as asyncio has them: future, task, await, spawn, join,
 * cancel, gather, sleep, wait_for, semaphore, task group.
 *
 * Results are int: 0 or more, or negative (-errno, enum async_error).
 * "Awaits." marks what may suspend the calling task; all of it must be
 * called from a task.  Every such call returns
 *     -ECANCELED  from task_cancel on, each time (a level, not an edge);
 *     -ETIMEDOUT  inside an expired wait_for, until it is left;
 * unless what it waits for is already there: a finished future wins.
 */
#ifndef ASYNC_TASK_H
#define ASYNC_TASK_H

#include "async/core/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct task;
typedef int task_fn(void *arg);

/* asyncio.run: runs fn(arg) as a task of its own on `loop` until it ends.
 * Returns its result; -ENOMEM; -EDEADLK when it waits for what cannot come
 * (a bug); the -errno with which the loop failed.  Every task it spawned
 * must have been joined. */
int task_run(struct loop *loop, task_fn *fn, void *arg);

/* The task that calls; NULL outside of tasks. */
struct task *task_current(void);

/* --- future: one result that is set once and awaited by one task --- */

struct future {
    struct task *waiter;
    int result;
    bool done;
};

/* Not done and without a waiter; also to use one again that is done. */
void future_init(struct future *future);
/* Completes it; the waiter goes on in the loop's next pass.  From then on
 * it stays as it is: a second call is ignored. */
void future_set(struct future *future, int result);

/* Awaits.  The future's result, or the interruption. */
int await(struct future *future);
/* Awaits, on through interruptions: for what is sure to come soon.  The
 * future's result. */
int await_shielded(struct future *future);

/* --- task --- */

/* Makes a task that begins in the loop's next pass.  The caller owns it and
 * must task_join it.  0 or -ENOMEM. */
int task_spawn(struct task **out, task_fn *fn, void *arg);

/* Awaits.  The end of the task, whose result it returns, and frees it.  An
 * interrupted join cancels the task and still waits for its end. */
int task_join(struct task *task);

/* Makes every await of the task, now and later, return -ECANCELED. */
void task_cancel(struct task *task);

/* Awaits.  Joins all n tasks; returns the first negative result in their
 * order, else 0.  Interrupted, it cancels them all first. */
int task_gather(struct task **tasks, size_t n);

/* Awaits.  0 after ns nanoseconds; with 0 it lets everybody else run once. */
int task_sleep(int64_t ns);

/*
 * Runs fn(arg) on the loop's own stack, for calls that want more stack than
 * a task should touch, or are cheaper where others have been before.  No await:
 * nothing else runs meanwhile, and fn, which is outside of tasks, cannot await.
 */
void task_on_loop_stack(void (*fn)(void *arg), void *arg);

/* --- wait_for: a deadline for a stretch of the caller's own code --- */

struct wait_for {
    struct wait_for *outer;
    struct task *task;
    struct loop_timer timer;
    int64_t ends; /* loop_time */
    bool armed, expired;
    bool fired, shifted; /* the timer: while the clock stood; ends later */
};

#define WAIT_FOREVER INT64_MAX

/*
 *     wait_for_enter(&scope, 5 * LOOP_SECOND);
 *     int result = something_that_awaits();
 *     return wait_for_leave(&scope, result);
 *
 * Scopes nest and are left in the reverse order, on every path.  leave
 * returns `result`, but -ETIMEDOUT for a -ECANCELED that came from a child
 * canceled by this scope's clock.
 */
void wait_for_enter(struct wait_for *scope, int64_t ns);
int wait_for_leave(struct wait_for *scope, int result);
/* ns until it expires, or WAIT_FOREVER. */
int64_t wait_for_left(const struct wait_for *scope);

/* --- a task's own clock, that its wait_for's go by --- */

/* From stop to start, which must follow, time does not pass for the calling
 * task: for who waits in line for what others hold.  No scope is entered or
 * left in between. */
void task_clock_stop(void);
void task_clock_start(void);
/* loop_time less the time that did not pass. */
int64_t task_time(void);

/* --- semaphore --- */

struct semaphore {
    unsigned value;
    TAILQ_HEAD(, semaphore_waiter) waiters;
};

/* So many may be acquired at once; 0: none until one is released. */
void semaphore_init(struct semaphore *semaphore, unsigned value);
/* Awaits.  0: acquired.  First come, first served. */
int semaphore_acquire(struct semaphore *semaphore);
void semaphore_release(struct semaphore *semaphore);

/* --- task group: owns its tasks and joins each as it ends --- */

struct task_group {
    LIST_HEAD(, task) tasks;
    struct future *empty; /* whoever joins */
    bool canceled; /* and so is every task spawned from then on */
};

/* Without tasks; in place until it is joined, since they point to it. */
void task_group_init(struct task_group *group);
/* As task_spawn, the group being the owner; the result is dropped.  Also from
 * a call of the running loop, of which a task waits for the group's end. */
int task_group_spawn(struct task_group *group, task_fn *fn, void *arg);
void task_group_cancel(struct task_group *group);
/* Awaits.  0 when all tasks of the group have ended; interrupted, it cancels
 * them, waits for them all the same and returns the interruption. */
int task_group_join(struct task_group *group);

#endif
