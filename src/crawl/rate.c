/*
 * rate - see rate.h.
 *
 * A start that is a little late (timers are no finer than a millisecond)
 * does not put off those behind it, or the rate would be lower than asked
 * for.  Time that nobody used for long is not made up for: no bursts.
 */
#include "crawl/rate.h"

#include "async/core/task.h"

#define SLACK (50 * LOOP_MILLISECOND)

void rate_init(struct rate *rate, int64_t interval)
{
    *rate = (struct rate){.interval = interval};
}

int rate_wait(const struct rate *rate)
{
    int64_t early = rate->interval ? rate->next - loop_time() : 0;
    return early > 0 ? task_sleep(early) : 0;
}

void rate_started(struct rate *rate)
{
    if (!rate->interval)
        return;
    int64_t now = loop_time();
    if (now - rate->next > SLACK)
        rate->next = now;
    rate->next += rate->interval;
}
