/*
 * backpressure - see backpressure.h.
 *
 * Invariant: somebody waits only while an output is full, and then that
 * output waits to become writable.
 */
#include "crawl/backpressure.h"

#include "async/core/task.h"

#include <errno.h>
#include <stdlib.h>

struct backpressure_tap {
    struct backpressure *backpressure;
    struct output *output;
    struct loop_writable writable;
    bool waiting; /* for it to become writable */
    bool held; /* it was, when the others advanced */
};

struct backpressure_waiter {
    struct future room;
    TAILQ_ENTRY(backpressure_waiter) link;
};

int backpressure_open(struct backpressure *backpressure, struct loop *loop,
    const struct outputs *outputs)
{
    struct backpressure_tap *taps = calloc(outputs->count, sizeof *taps);
    if (!taps)
        return -ENOMEM;
    for (size_t i = 0; i < outputs->count; i++)
        taps[i] = (struct backpressure_tap){
            .backpressure = backpressure, .output = outputs->items[i]};
    backpressure->taps = taps;
    backpressure->count = outputs->count;
    backpressure->loop = loop;
    TAILQ_INIT(&backpressure->waiters);
    return 0;
}

static void tap_stop(struct backpressure_tap *tap)
{
    if (tap->waiting)
        loop_writable_stop(&tap->writable);
    tap->waiting = false;
}

void backpressure_close(struct backpressure *backpressure)
{
    for (size_t i = 0; i < backpressure->count; i++)
        tap_stop(&backpressure->taps[i]);
    free(backpressure->taps);
}

bool backpressure_is_full(const struct backpressure *backpressure)
{
    for (size_t i = 0; i < backpressure->count; i++)
        if (output_is_full(backpressure->taps[i].output))
            return true;
    return false;
}

static void tap_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct backpressure_tap *tap = arg;
    tap->waiting = false;
    backpressure_advance(tap->backpressure);
}

/* One that cannot be watched is waited for on the spot. */
static void tap_advance(struct backpressure_tap *tap)
{
    if (tap->waiting || output_is_held(tap->output) ||
        output_advance(tap->output))
        return;
    tap->waiting = !loop_writable_start(tap->backpressure->loop, &tap->writable,
        output_fd(tap->output), tap_writable, tap);
    if (!tap->waiting)
        output_flush(tap->output);
}

/* Who is within a line comes first, one that writes to the same place waits
 * for its end. */
void backpressure_advance(struct backpressure *backpressure)
{
    struct backpressure_waiter *waiter;
    for (size_t i = 0; i < backpressure->count; i++) {
        struct backpressure_tap *tap = &backpressure->taps[i];
        tap->held = output_is_held(tap->output);
        if (!tap->held)
            tap_advance(tap);
    }
    for (size_t i = 0; i < backpressure->count; i++)
        if (backpressure->taps[i].held)
            tap_advance(&backpressure->taps[i]);
    while (!backpressure_is_full(backpressure) &&
           (waiter = TAILQ_FIRST(&backpressure->waiters))) {
        TAILQ_REMOVE(&backpressure->waiters, waiter, link);
        future_set(&waiter->room, 0);
    }
}

int backpressure_wait(struct backpressure *backpressure)
{
    if (backpressure_is_full(backpressure))
        backpressure_advance(backpressure);
    while (backpressure_is_full(backpressure)) {
        struct backpressure_waiter waiter;
        future_init(&waiter.room);
        TAILQ_INSERT_TAIL(&backpressure->waiters, &waiter, link);
        int error = await(&waiter.room);
        if (!waiter.room.done)
            TAILQ_REMOVE(&backpressure->waiters, &waiter, link);
        if (error)
            return error;
    }
    return 0;
}

void backpressure_wait_timeless(struct backpressure *backpressure)
{
    if (!backpressure_is_full(backpressure))
        return;
    task_clock_stop();
    backpressure_wait(backpressure);
    task_clock_start();
}
