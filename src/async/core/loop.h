/*
 * loop - the libevent base, monotonic time, a queue of calls, run.  Knows
 * neither coroutines nor tasks.
 *
 * One pass: run the calls that were queued when it began, then let libevent
 * deliver events: without waiting while calls are queued, else until
 * something happens.  Callbacks run on the loop's own stack.
 */
#ifndef ASYNC_LOOP_H
#define ASYNC_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct loop;

#define LOOP_SECOND INT64_C(1000000000) /* times are int64_t nanoseconds */
#define LOOP_MILLISECOND INT64_C(1000000)

/* 0, -ENOMEM, -EMFILE, … */
int loop_create(struct loop **out);
/* Nothing may be queued or armed any more.  NULL-safe. */
void loop_destroy(struct loop *loop);

/*
 * Runs until *done, with `loop` as the running one; loops do
 * not nest.  Returns 0; -EDEADLK when nothing is left that could happen;
 * the -errno with which waiting for events failed.  Run again after that, it
 * only runs calls, as long as there are any: they put things away.
 */
int loop_run_until(struct loop *loop, const bool *done);

/* The loop that is running in this thread; NULL outside of loop_run_until. */
struct loop *loop_running(void);

/* CLOCK_MONOTONIC, ns. */
int64_t loop_time(void);

/* libevent's base, for who registers descriptors. */
struct event_base *loop_base(struct loop *loop);

/*
 * call_soon: queues a call for the next pass.  The caller owns `call`, which
 * must stay where it is until it has run; queued twice, it runs once.
 */
struct loop_call {
    void (*fn)(void *arg);
    void *arg;
    bool queued;
    TAILQ_ENTRY(loop_call) link;
};

void loop_call_init(struct loop_call *call, void (*fn)(void *), void *arg);
void loop_call_soon(struct loop *loop, struct loop_call *call);
void loop_call_cancel(struct loop *loop, struct loop_call *call);

/*
 * call_later: one call after `ns`, never before.  The timer is the caller's
 * storage; it is disarmed with loop_timer_stop, also when it has fired.
 * Without memory to arm it, it fires in the next pass: a deadline comes too
 * early rather than never.
 */
struct loop_timer {
    struct event event;
    struct loop *loop;
    event_callback_fn fn;
    void *arg;
    int64_t due; /* loop_time */
    struct loop_call at_once;
};

void loop_timer_start(struct loop *loop, struct loop_timer *timer, int64_t ns,
    event_callback_fn fn, void *arg);
void loop_timer_stop(struct loop_timer *timer);

/*
 * Many timers of exactly this length will be started: from now on they wait
 * in a queue of their own, where starting and stopping one takes the same
 * time however many there are.  At most LOOP_COMMON_MAX lengths; more, or
 * one without memory, do as all others.
 */
enum { LOOP_COMMON_MAX = 4 };

void loop_timer_common(struct loop *loop, int64_t ns);

/* Called once a pass, before events are delivered; `idle` when the loop is
 * about to wait with nothing left to do: flush there. */
typedef void loop_hook(void *arg, bool idle);
void loop_set_hook(struct loop *loop, loop_hook *fn, void *arg);
/* Another one, called after that, for the loop's mailbox; `failed` when no
 * event can be waited for any more. */
typedef void loop_mail_hook(void *arg, bool failed);
void loop_set_mail_hook(struct loop *loop, loop_mail_hook *fn, void *arg);
/* Whether calls are queued: the loop will not wait. */
bool loop_has_calls(const struct loop *loop);

/* One call, fn(fd, …), when fd can be written; for what epoll can watch:
 * pipes, sockets, terminals.  Returns 0 or -ENOMEM, as good as "cannot". */
struct loop_writable {
    struct event event;
};

int loop_writable_start(struct loop *loop, struct loop_writable *writable,
    int fd, event_callback_fn fn, void *arg);
void loop_writable_stop(struct loop_writable *writable);

/* What the layers above keep for one loop: made on first use, destroyed
 * with the loop. */
enum loop_local {
    LOOP_LOCAL_TASKS,
    LOOP_LOCAL_STREAMS,
    LOOP_LOCAL_ADDRESS_LIMITS,
    LOOP_LOCAL_SOURCE,
    LOOP_LOCAL_MAILBOX,
    LOOP_LOCAL_COUNT
};

/* What was set; NULL before. */
void *loop_local(struct loop *loop, enum loop_local which);
/* The loop calls `destroy` with it, if it is not NULL, when it is itself
 * destroyed.  What was set before is only forgotten. */
void loop_set_local(struct loop *loop, enum loop_local which, void *local,
    void (*destroy)(void *));

#endif
