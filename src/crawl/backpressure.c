/*
 * outlet - see outlet.h.
 *
 * Invariant: somebody waits only while an output is full, and then that
 * output waits to become writable.
 */
#include "crawl/backpressure.h"

#include "async/core/task.h"

struct outlet_waiter {
    struct future room;
    TAILQ_ENTRY(outlet_waiter) link;
};

void outlet_open(struct outlet *outlet, struct loop *loop, struct output *out,
    struct output *err)
{
    outlet->loop = loop;
    outlet->taps[OUTLET_OUT] =
        (struct outlet_tap){.outlet = outlet, .output = out};
    outlet->taps[OUTLET_ERR] =
        (struct outlet_tap){.outlet = outlet, .output = err};
    TAILQ_INIT(&outlet->waiters);
    output_share(out, err);
}

static void tap_stop(struct outlet_tap *tap)
{
    if (tap->waiting)
        loop_writable_stop(&tap->writable);
    tap->waiting = false;
}

void outlet_close(struct outlet *outlet)
{
    for (int i = 0; i < OUTLET_COUNT; i++)
        tap_stop(&outlet->taps[i]);
}

static bool is_full(const struct outlet *outlet)
{
    return output_is_full(outlet->taps[OUTLET_OUT].output) ||
           output_is_full(outlet->taps[OUTLET_ERR].output);
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

/* Who is within a line comes first, the other one waits for its end. */
void outlet_advance(struct outlet *outlet)
{
    struct outlet_waiter *waiter;
    bool out_held = output_is_held(outlet->taps[OUTLET_OUT].output);
    tap_advance(&outlet->taps[out_held ? OUTLET_ERR : OUTLET_OUT]);
    tap_advance(&outlet->taps[out_held ? OUTLET_OUT : OUTLET_ERR]);
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
