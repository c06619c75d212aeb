/*
 * loop - libevent in asyncio's words.
 *
 * Invariant: a call queued while a pass runs its calls waits for the next
 * pass, so that no chain of calls can keep events from being delivered.
 */
#include "async/core/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

TAILQ_HEAD(call_queue, loop_call);

struct loop {
    struct event_base *base;
    struct call_queue calls;
    struct loop_call mark;
    loop_hook *hook;
    loop_mail_hook *mail_hook;
    void *hook_arg, *mail_hook_arg;
    int error; /* libevent's: no event is delivered any more */
    struct {
        int64_t ns;
        const struct timeval *queue; /* libevent's name for it */
    } common[LOOP_COMMON_MAX];
    size_t common_count;
    struct {
        void *data;
        void (*destroy)(void *);
    } local[LOOP_LOCAL_COUNT];
};

static _Thread_local struct loop *running;

struct loop *loop_running(void)
{
    return running;
}

int64_t loop_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * LOOP_SECOND + now.tv_nsec;
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

/* libevent ends the process where it lacks one of the three descriptors that
 * it takes for itself. */
static int descriptors_check(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return -errno;
    int third = fcntl(ends[0], F_DUPFD_CLOEXEC, 0);
    int error = third < 0 ? -errno : 0;
    if (third >= 0)
        close(third);
    close(ends[0]);
    close(ends[1]);
    return error;
}

/* stderr is the program's; what libevent has to say it also returns. */
static void keep_quiet(int severity, const char *message)
{
    (void)severity, (void)message;
}

static struct event_base *base_create(void)
{
    struct event_config *config = event_config_new();
    if (!config)
        return NULL;
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
    event_config_require_features(config, EV_FEATURE_ET);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

int loop_create(struct loop **out)
{
    int missing = descriptors_check();
    if (missing)
        return missing;
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop)
        return -ENOMEM;
    event_set_log_callback(keep_quiet);
    errno = 0;
    loop->base = base_create();
    if (!loop->base) {
        int error = errno ? -errno : -ENOMEM;
        free(loop);
        return error;
    }
    TAILQ_INIT(&loop->calls);
    *out = loop;
    return 0;
}

void loop_destroy(struct loop *loop)
{
    if (!loop)
        return;
    for (int i = LOOP_LOCAL_COUNT - 1; i >= 0; i--)
        if (loop->local[i].data)
            loop->local[i].destroy(loop->local[i].data);
    assert(TAILQ_EMPTY(&loop->calls));
    assert(event_base_get_num_events(loop->base, EVENT_BASE_COUNT_ADDED) == 0);
    event_base_free(loop->base);
    free(loop);
}

/* The mark is where this pass ends. */
static void run_calls(struct loop *loop)
{
    if (TAILQ_EMPTY(&loop->calls))
        return;
    TAILQ_INSERT_TAIL(&loop->calls, &loop->mark, link);
    for (;;) {
        struct loop_call *call = TAILQ_FIRST(&loop->calls);
        TAILQ_REMOVE(&loop->calls, call, link);
        if (call == &loop->mark)
            return;
        call->queued = false;
        call->fn(call->arg);
    }
}

/* Delivers events.  0; -EDEADLK: none can ever come and no call is queued;
 * why libevent failed. */
static int run_events(struct loop *loop)
{
    if (loop->hook) /* it may queue calls */
        loop->hook(loop->hook_arg, TAILQ_EMPTY(&loop->calls));
    if (loop->mail_hook)
        loop->mail_hook(loop->mail_hook_arg, loop->error != 0);
    if (loop->error)
        return TAILQ_EMPTY(&loop->calls) ? loop->error : 0;
    int flags = EVLOOP_ONCE;
    if (!TAILQ_EMPTY(&loop->calls))
        flags |= EVLOOP_NONBLOCK;
    errno = 0;
    int result = event_base_loop(loop->base, flags);
    if (result < 0)
        return loop->error = errno ? -errno : -EIO;
    return result == 1 && TAILQ_EMPTY(&loop->calls) ? -EDEADLK : 0;
}

int loop_run_until(struct loop *loop, const bool *done)
{
    assert(!running);
    running = loop;
    int result = 0;
    for (;;) {
        run_calls(loop);
        if (*done)
            break;
        result = run_events(loop);
        if (result)
            break;
    }
    running = NULL;
    return result;
}

void loop_call_init(struct loop_call *call, void (*fn)(void *), void *arg)
{
    call->fn = fn;
    call->arg = arg;
    call->queued = false;
}

void loop_call_soon(struct loop *loop, struct loop_call *call)
{
    if (call->queued)
        return;
    call->queued = true;
    TAILQ_INSERT_TAIL(&loop->calls, call, link);
}

void loop_call_cancel(struct loop *loop, struct loop_call *call)
{
    if (!call->queued)
        return;
    call->queued = false;
    TAILQ_REMOVE(&loop->calls, call, link);
}

static struct timeval timeval_from(int64_t ns)
{
    if (ns < 0)
        ns = 0;
    int64_t us = ns / 1000 + (ns % 1000 != 0);
    return (struct timeval){.tv_sec = us / 1000000, .tv_usec = us % 1000000};
}

/* The queue of this length, or NULL. */
static const struct timeval *common_queue(const struct loop *loop, int64_t ns)
{
    for (size_t i = 0; i < loop->common_count; i++)
        if (loop->common[i].ns == ns)
            return loop->common[i].queue;
    return NULL;
}

void loop_timer_common(struct loop *loop, int64_t ns)
{
    struct timeval after = timeval_from(ns);
    if (common_queue(loop, ns) || loop->common_count == LOOP_COMMON_MAX)
        return;
    const struct timeval *queue =
        event_base_init_common_timeout(loop->base, &after);
    if (!queue)
        return;
    loop->common[loop->common_count].ns = ns;
    loop->common[loop->common_count++].queue = queue;
}

static void timer_fire(void *arg)
{
    struct loop_timer *timer = arg;
    timer->fn(-1, EV_TIMEOUT, timer->arg);
}

/* libevent's clock is a coarse one, read before the callbacks: by a better one
 * it may be some milliseconds too early. */
static void timer_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct loop_timer *timer = arg;
    int64_t left = timer->due - loop_time();
    struct timeval after = timeval_from(left);
    if (left <= 0 || evtimer_add(&timer->event, &after))
        timer_fire(timer);
}

/* Not event_active: a timer that starts itself again would keep libevent
 * from all other events. */
void loop_timer_start(struct loop *loop, struct loop_timer *timer, int64_t ns,
    event_callback_fn fn, void *arg)
{
    struct timeval after = timeval_from(ns);
    const struct timeval *queue = common_queue(loop, ns);
    evtimer_assign(&timer->event, loop->base, timer_over, timer);
    timer->loop = loop;
    timer->fn = fn;
    timer->arg = arg;
    timer->due = loop_time() + ns;
    loop_call_init(&timer->at_once, timer_fire, timer);
    if (evtimer_add(&timer->event, queue ? queue : &after))
        loop_call_soon(loop, &timer->at_once);
}

void loop_timer_stop(struct loop_timer *timer)
{
    evtimer_del(&timer->event);
    loop_call_cancel(timer->loop, &timer->at_once);
}

void loop_set_hook(struct loop *loop, loop_hook *fn, void *arg)
{
    loop->hook = fn;
    loop->hook_arg = arg;
}

void loop_set_mail_hook(struct loop *loop, loop_mail_hook *fn, void *arg)
{
    loop->mail_hook = fn;
    loop->mail_hook_arg = arg;
}

bool loop_has_calls(const struct loop *loop)
{
    return !TAILQ_EMPTY(&loop->calls);
}

int loop_writable_start(struct loop *loop, struct loop_writable *writable,
    int fd, event_callback_fn fn, void *arg)
{
    event_assign(&writable->event, loop->base, fd, EV_WRITE, fn, arg);
    return event_add(&writable->event, NULL) ? -ENOMEM : 0;
}

void loop_writable_stop(struct loop_writable *writable)
{
    event_del(&writable->event);
}

void *loop_local(struct loop *loop, enum loop_local which)
{
    return loop->local[which].data;
}

void loop_set_local(struct loop *loop, enum loop_local which, void *local,
    void (*destroy)(void *))
{
    loop->local[which].data = local;
    loop->local[which].destroy = destroy;
}
