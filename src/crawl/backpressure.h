/*
 * outlet - the outputs of a run on its loop: what has arrived is written when
 * the loop goes idle, and a reader that is slow is waited for by tasks, not
 * by the loop, so that no clock runs out over it.
 */
#ifndef AFETCH_OUTLET_H
#define AFETCH_OUTLET_H

#include "async/core/loop.h"
#include "output/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct outlet_tap;
struct outlet_waiter;

/* The caller's storage, the members are outlet's own. */
struct outlet {
    struct outlet_tap *taps;
    size_t count;
    struct loop *loop;
    TAILQ_HEAD(, outlet_waiter) waiters;
};

/* Of a loop that runs; the outputs outlive it.  0 or -ENOMEM; undone by
 * outlet_close. */
int outlet_open(
    struct outlet *outlet, struct loop *loop, const struct outputs *outputs);
/* Nobody may be waiting; what is buffered stays so. */
void outlet_close(struct outlet *outlet);

/* Writes what can be written now. */
void outlet_advance(struct outlet *outlet);

/* Awaits.  0: no output is full. */
int outlet_wait(struct outlet *outlet);
/* Awaits.  So too, but to the calling task no time has passed; when it is
 * interrupted, its next await will say so. */
void outlet_wait_timeless(struct outlet *outlet);

#endif
