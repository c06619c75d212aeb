/*
 * outlet - the outputs of a run on its loop: what has arrived is written when
 * the loop goes idle.  Tasks, not the loop, wait for a slow reader, so that it
 * makes no target time out.
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

/* For a running loop; shares both outputs (output_share), which must outlive
 * it.  Undone by outlet_close. */
void outlet_open(struct outlet *outlet, struct loop *loop, struct output *out,
    struct output *err);
/* No task may be waiting; buffered data stays buffered. */
void outlet_close(struct outlet *outlet);

/* Writes what can be written now. */
void outlet_advance(struct outlet *outlet);

/* Awaits.  0: neither output is full. */
int outlet_wait(struct outlet *outlet);
/* Awaits.  As outlet_wait, but the task's own clock stands still meanwhile.
 * When it is interrupted, the task's next await returns the interruption. */
void outlet_wait_timeless(struct outlet *outlet);

#endif
