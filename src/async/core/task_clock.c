/*
 * task_clock - deadlines of a task, and the clock that they go by.
 *
 * Invariant: a scope's timer runs from enter to leave, or has fired while the
 * task's clock was stopped.  A stopped clock leaves the timers as they are:
 * those that fire too early for it are started again.
 */
#include "async/core/task_inside.h"

#include <assert.h>
#include <errno.h>

/* --- wait_for --- */

static void wait_for_over(evutil_socket_t fd, short what, void *arg);

static void timer_restart(struct wait_for *scope, int64_t now)
{
    int64_t left = scope->ends - now;
    scope->fired = scope->shifted = false;
    loop_timer_start(scope->task->tasks->loop, &scope->timer,
        left > 0 ? left : 1, wait_for_over, scope);
}

static void wait_for_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct wait_for *scope = arg;
    if (scope->task->stopped_at) {
        scope->fired = true;
    } else if (scope->shifted) {
        timer_restart(scope, loop_time());
    } else {
        scope->expired = true;
        task_interrupt(scope->task);
    }
}

void wait_for_enter(struct wait_for *scope, int64_t ns)
{
    struct task *self = task_current();
    scope->task = self;
    scope->outer = self->scopes;
    scope->expired = ns <= 0;
    scope->armed = ns > 0 && ns != WAIT_FOREVER;
    scope->fired = scope->shifted = false;
    scope->ends = WAIT_FOREVER;
    self->scopes = scope;
    if (!scope->armed)
        return;
    loop_timer_start(
        self->tasks->loop, &scope->timer, ns, wait_for_over, scope);
    scope->ends = scope->timer.due;
}

int64_t wait_for_left(const struct wait_for *scope)
{
    return scope->armed ? scope->ends - loop_time() : WAIT_FOREVER;
}

int wait_for_leave(struct wait_for *scope, int result)
{
    struct task *self = scope->task;
    assert(self->scopes == scope);
    if (scope->armed)
        loop_timer_stop(&scope->timer);
    self->scopes = scope->outer;
    if (result == -ECANCELED && scope->expired && !self->canceled)
        return -ETIMEDOUT;
    return result;
}

/* --- the task's own clock --- */

int64_t task_time(void)
{
    return loop_time() - task_current()->stopped;
}

void task_clock_stop(void)
{
    task_current()->stopped_at = loop_time();
}

void task_clock_start(void)
{
    struct task *self = task_current();
    int64_t now = loop_time(), gone = now - self->stopped_at;
    self->stopped_at = 0;
    self->stopped += gone;
    for (struct wait_for *scope = self->scopes; scope; scope = scope->outer) {
        if (!scope->armed)
            continue;
        scope->ends += gone;
        scope->shifted |= gone > 0;
        if (scope->fired)
            timer_restart(scope, now);
    }
}
