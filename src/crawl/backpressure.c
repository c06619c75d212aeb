/*
 * outlet - see outlet.h.
 *
 * Invariant: somebody waits only while an output is full, and then that
 * output waits to become writable.
 */
#include "crawl/backpressure.h"

#include "async/core/task.h"

#include <errno.h>
#include <stdlib.h>

struct outlet_tap {
    struct outlet *outlet;
    struct output *output;
    struct loop_writable writable;
    bool waiting; /* for it to become writable */
    bool held; /* it was, when the others advanced */
};

struct outlet_waiter {
    struct future room;
    TAILQ_ENTRY(outlet_waiter) link;
};

int outlet_open(
    struct outlet *outlet, struct loop *loop, const struct outputs *outputs)
{
    struct outlet_tap *taps = calloc(outputs->count, sizeof *taps);
    if (!taps)
        return -ENOMEM;
    for (size_t i = 0; i < outputs->count; i++)
        taps[i] =
            (struct outlet_tap){.outlet = outlet, .output = outputs->items[i]};
    outlet->taps = taps;
    outlet->count = outputs->count;
    outlet->loop = loop;
    TAILQ_INIT(&outlet->waiters);
    return 0;
}

static void tap_stop(struct outlet_tap *tap)
{
    if (tap->waiting)
        loop_writable_stop(&tap->writable);
    tap->waiting = false;
}

void outlet_close(struct outlet *outlet)
{
    for (size_t i = 0; i < outlet->count; i++)
        tap_stop(&outlet->taps[i]);
    free(outlet->taps);
}

static bool is_full(const struct outlet *outlet)
{
    for (size_t i = 0; i < outlet->count; i++)
        if (output_is_full(outlet->taps[i].output))
            return true;
    return false;
}

static void tap_writable(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct outlet_tap *tap = arg;
    tap->waiting = false;
    outlet_advance(tap->outlet);
}

/* One that cannot be watched is waited for on the spot. */
static void tap_advance(struct outlet_tap *tap)
{
    if (tap->waiting || output_is_held(tap->output) ||
        output_advance(tap->output))
        return;
    tap->waiting = !loop_writable_start(tap->outlet->loop, &tap->writable,
        output_fd(tap->output), tap_writable, tap);
    if (!tap->waiting)
        output_flush(tap->output);
}

/* Who is within a line comes first, one that writes to the same place waits
 * for its end. */
void outlet_advance(struct outlet *outlet)
{
    struct outlet_waiter *waiter;
    for (size_t i = 0; i < outlet->count; i++) {
        struct outlet_tap *tap = &outlet->taps[i];
        tap->held = output_is_held(tap->output);
        if (!tap->held)
            tap_advance(tap);
    }
    for (size_t i = 0; i < outlet->count; i++)
        if (outlet->taps[i].held)
            tap_advance(&outlet->taps[i]);
    while (!is_full(outlet) && (waiter = TAILQ_FIRST(&outlet->waiters))) {
        TAILQ_REMOVE(&outlet->waiters, waiter, link);
        future_set(&waiter->room, 0);
    }
}

int outlet_wait(struct outlet *outlet)
{
    if (is_full(outlet))
        outlet_advance(outlet);
    while (is_full(outlet)) {
        struct outlet_waiter waiter;
        future_init(&waiter.room);
        TAILQ_INSERT_TAIL(&outlet->waiters, &waiter, link);
        int error = await(&waiter.room);
        if (!waiter.room.done)
            TAILQ_REMOVE(&outlet->waiters, &waiter, link);
        if (error)
            return error;
    }
    return 0;
}

void outlet_wait_timeless(struct outlet *outlet)
{
    if (!is_full(outlet))
        return;
    task_clock_stop();
    outlet_wait(outlet);
    task_clock_start();
}
