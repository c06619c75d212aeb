/*
 * phases - see phases.h.
 */
#include "fetch/timings.h"

#include "async/core/task.h"

void phases_init(struct phases *phases)
{
    *phases = (struct phases){0};
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        phases->times[phase] = PHASE_NONE;
}

static void end_at(struct phases *phases, int64_t now)
{
    int64_t *sum = &phases->times[phases->now];
    if (phases->began)
        *sum = (*sum == PHASE_NONE ? 0 : *sum) + now - phases->began;
    phases->began = 0;
}

void phases_end(struct phases *phases)
{
    end_at(phases, task_time());
}

void phases_begin(struct phases *phases, enum phase phase)
{
    int64_t now = task_time(); /* of both: no time goes between them */
    end_at(phases, now);
    phases->now = phase;
    phases->began = now;
}

void phases_drop(struct phases *phases)
{
    phases->began = 0;
}

void phases_back(struct phases *phases, enum phase phase)
{
    phases_end(phases);
    phases->now = phase;
    for (int later = (int)phase + 1; later < PHASE_TOTAL; later++)
        phases->times[later] = PHASE_NONE;
}
