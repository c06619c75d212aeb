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

struct outlet_waiter;

enum { OUTLET_OUT, OUTLET_ERR, OUTLET_COUNT };

/* The caller's storage, the members are outlet's own. */
struct outlet {
    struct outlet_tap {
        struct outlet *outlet;
        struct output *output;
        struct loop_writable writable;
        bool waiting; /* for it to become writable */
    } taps[OUTLET_COUNT];
    struct loop *loop;
    TAILQ_HEAD(, outlet_waiter) waiters;
};

/* Of a loop that runs; both outputs are shared from now on (output_share) and
 * outlive it.  Undone by outlet_close. */
void outlet_open(struct outlet *outlet, struct loop *loop, struct output *out,
    struct output *err);
/* Nobody may be waiting; what is buffered stays so. */
void outlet_close(struct outlet *outlet);

/* Writes what can be written now. */
void outlet_advance(struct outlet *outlet);

/* Awaits.  0: neither output is full. */
int outlet_wait(struct outlet *outlet);
/* Awaits.  As outlet_wait, but the task's own clock stands still meanwhile.
 * When it is interrupted, the task's next await returns the interruption. */
void outlet_wait_timeless(struct outlet *outlet);

#endif
