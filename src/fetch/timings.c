/*
 * timings - see timings.h.
 */
#include "fetch/timings.h"

#include "async/core/task.h"

#include <stdatomic.h>

static void set_now(struct timings *phases, enum phase phase)
{
    phases->now = phase;
    if (phases->told)
        atomic_store_explicit(phases->told, phase, memory_order_relaxed);
}

void timings_init(struct timings *phases, _Atomic(enum phase) *told)
{
    *phases = (struct timings){.told = told};
    set_now(phases, PHASE_INPUT);
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
    set_now(phases, phase);
    phases->began = now;
}

void timings_drop(struct timings *phases)
{
    phases->began = 0;
}

void timings_back(struct timings *phases, enum phase phase)
{
    timings_end(phases);
    set_now(phases, phase);
    for (int later = (int)phase + 1; later < PHASE_TOTAL; later++)
        phases->times[later] = PHASE_NONE;
}
