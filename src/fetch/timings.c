/*
 * timings - see timings.h.
 */
#include "fetch/timings.h"

#include "async/core/task.h"

void timings_init(struct timings *phases)
{
    *phases = (struct timings){0};
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        phases->times[phase] = PHASE_NONE;
}

static void end_at(struct timings *phases, int64_t now)
{
    int64_t *sum = &phases->times[phases->now];
    if (phases->began)
        *sum = (*sum == PHASE_NONE ? 0 : *sum) + now - phases->began;
    phases->began = 0;
}

void timings_end(struct timings *phases)
{
    end_at(phases, task_time());
}

void timings_begin(struct timings *phases, enum phase phase)
{
    int64_t now = task_time(); /* of both: no time goes between them */
    end_at(phases, now);
    phases->now = phase;
    phases->began = now;
}

void timings_drop(struct timings *phases)
{
    phases->began = 0;
}

void timings_back(struct timings *phases, enum phase phase)
{
    timings_end(phases);
    phases->now = phase;
    for (int later = (int)phase + 1; later < PHASE_TOTAL; later++)
        phases->times[later] = PHASE_NONE;
}
