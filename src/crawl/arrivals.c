/*
 * arrivals - see arrivals.h.
 *
 * Invariant: while there is one, the task is at it or about to be.
 */
#include "crawl/arrivals.h"

/* So many are taken before others go on. */
enum { TAKE_BATCH = 64 };

static void take_all(struct arrivals *arrivals)
{
    struct arrival *arrival;
    unsigned count = 0;
    while ((arrival = STAILQ_FIRST(&arrivals->all))) {
        STAILQ_REMOVE_HEAD(&arrivals->all, link);
        arrival->take(arrival);
        if (++count % TAKE_BATCH == 0)
            (void)task_sleep(0);
    }
}

static int arrivals_task(void *arg)
{
    struct arrivals *arrivals = arg;
    for (;;) {
        struct future more;
        take_all(arrivals);
        if (arrivals->closing)
            return 0;
        future_init(&more);
        arrivals->more = &more;
        (void)await_shielded(&more);
    }
}

static void arrivals_wake(struct arrivals *arrivals)
{
    if (arrivals->more)
        future_set(arrivals->more, 0);
    arrivals->more = NULL;
}

int arrivals_open(struct arrivals *arrivals)
{
    *arrivals = (struct arrivals){0};
    STAILQ_INIT(&arrivals->all);
    return task_spawn(&arrivals->task, arrivals_task, arrivals);
}

void arrivals_close(struct arrivals *arrivals)
{
    arrivals->closing = true;
    arrivals_wake(arrivals);
    (void)task_join(arrivals->task);
}

void arrivals_add(struct arrivals *arrivals, struct arrival *arrival)
{
    STAILQ_INSERT_TAIL(&arrivals->all, arrival, link);
    arrivals_wake(arrivals);
}

void arrivals_hurry(struct arrivals *arrivals)
{
    task_cancel(arrivals->task);
}
