/*
 * handover - see handover.h.
 *
 * Invariant: while results can be reported a task is at it, one alone; who
 * waits for the window waits for a target that has begun.
 */
#include "crawl/handover.h"

#include "async/core/task.h"
#include "crawl/backpressure.h"
#include "record/result.h"
#include "report/report.h"

#include <errno.h>

/* So many are reported before others go on: a whole window takes longer than
 * some target may have left. */
enum { DRAIN_BATCH = 64 };

int handover_open(struct handover *handover, enum order_mode mode,
    struct report *report, struct backpressure *backpressure)
{
    *handover = (struct handover){
        .mode = mode, .report = report, .backpressure = backpressure};
    if (mode != ORDER_INPUT)
        return 0;
    handover->order = order_create();
    return handover->order ? 0 : -ENOMEM;
}

void handover_close(struct handover *handover)
{
    order_destroy(handover->order);
}

int handover_wait(struct handover *handover)
{
    while (handover->order && !order_has_room(handover->order)) {
        struct future room;
        future_init(&room);
        handover->room = &room;
        int error = await(&room);
        handover->room = NULL;
        if (error)
            return error;
    }
    return 0;
}

uint64_t handover_begin(struct handover *handover)
{
    return handover->order ? order_begin(handover->order) : 0;
}

static void tell_room(struct handover *handover)
{
    if (handover->room && !handover->room->done &&
        order_has_room(handover->order))
        future_set(handover->room, 0);
}

static void drain_order(struct handover *handover)
{
    struct result result;
    unsigned count = 0;
    handover->draining = true;
    while (order_next(handover->order, &result)) {
        order_report(handover->report, &result);
        result_fini(&result);
        tell_room(handover);
        (void)backpressure_wait(handover->backpressure); /* if interrupted … */
        if (++count % DRAIN_BATCH == 0)
            (void)task_sleep(0); /* … it goes on all the same */
    }
    handover->draining = false;
}

void handover_end(
    struct handover *handover, uint64_t place, struct result *result)
{
    if (handover->order) {
        order_end(handover->order, place, result);
        if (!handover->draining)
            drain_order(handover);
        return;
    }
    if (handover->mode == ORDER_DONE)
        order_report(handover->report, result);
    else
        handover->report->ops->result(handover->report, result);
    result_fini(result);
}
