/*
 * handover - what became of a target, handed over to the report: at once, or,
 * with --order input, when those before it in the list have been.
 */
#ifndef AFETCH_HANDOVER_H
#define AFETCH_HANDOVER_H

#include "report/order.h"

#include <stdbool.h>
#include <stdint.h>

struct backpressure;
struct future;

/* The caller's storage, the members are handover's own. */
struct handover {
    enum order_mode mode;
    struct report *report;
    struct backpressure *backpressure;
    struct order *order; /* of ORDER_INPUT; else NULL */
    bool draining; /* a task is at it, and takes what comes meanwhile */
    struct future *room; /* of who waits for the window; or NULL */
};

/* 0 or -ENOMEM; undone by handover_close. */
int handover_open(struct handover *handover, enum order_mode mode,
    struct report *report, struct backpressure *backpressure);
/* When all that has begun has ended, everything has been reported. */
void handover_close(struct handover *handover);

/* Awaits.  0: one more may begin.  By one task at a time. */
int handover_wait(struct handover *handover);
/* One more begins, in the order of the list, after handover_wait.  Its place,
 * for handover_end. */
uint64_t handover_begin(struct handover *handover);
/* Awaits, while the reader of the output is behind.  It has ended, and the
 * result is handover's. */
void handover_end(
    struct handover *handover, uint64_t place, struct result *result);

#endif
