/*
 * arrivals - what comes from other threads, taken one after the other in a
 * task of the owner's, which may wait for the output.
 */
#ifndef AFETCH_ARRIVALS_H
#define AFETCH_ARRIVALS_H

#include "async/core/task.h"

#include <stdbool.h>

struct arrival {
    void (*take)(struct arrival *arrival); /* awaits */
    STAILQ_ENTRY(arrival) link;
};

struct arrivals {
    STAILQ_HEAD(, arrival) all;
    struct task *task;
    struct future *more; /* its task waits for one */
    bool closing;
};

/* By a task of the loop.  0 or -ENOMEM. */
int arrivals_open(struct arrivals *arrivals);
/* Awaits, on through interruptions.  None comes any more. */
void arrivals_close(struct arrivals *arrivals);
/* On the loop, from anywhere: taken in the order in which they come. */
void arrivals_add(struct arrivals *arrivals, struct arrival *arrival);
/* They are taken on, but nothing is waited for any more. */
void arrivals_hurry(struct arrivals *arrivals);

#endif
