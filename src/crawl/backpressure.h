/*
 * backpressure - the outputs of a run on its loop: what has arrived is written
 * when the loop goes idle.  Tasks, not the loop, wait for a slow reader, so
 * that it makes no target time out.
 */
#ifndef AFETCH_BACKPRESSURE_H
#define AFETCH_BACKPRESSURE_H

#include "async/core/loop.h"
#include "output/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct backpressure_tap;
struct backpressure_waiter;

/* The caller's storage, the members are backpressure's own. */
struct backpressure {
    struct backpressure_tap *taps;
    size_t count;
    struct loop *loop;
    TAILQ_HEAD(, backpressure_waiter) waiters;
};

/* Of a loop that runs; the outputs outlive it.  0 or -ENOMEM; undone by
 * backpressure_close. */
int backpressure_open(struct backpressure *backpressure, struct loop *loop,
    const struct outputs *outputs);
/* Nobody may be waiting; what is buffered stays so. */
void backpressure_close(struct backpressure *backpressure);

/* Writes what can be written now. */
void backpressure_advance(struct backpressure *backpressure);

/* Whether some output is full: who writes should wait. */
bool backpressure_is_full(const struct backpressure *backpressure);
/* Awaits.  0: no output is full. */
int backpressure_wait(struct backpressure *backpressure);
/* Awaits.  As backpressure_wait, but the task's own clock stands still
 * meanwhile. When it is interrupted, the task's next await returns the
 * interruption. */
void backpressure_wait_timeless(struct backpressure *backpressure);

#endif
