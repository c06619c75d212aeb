/*
 * pace - see pace.h.
 *
 * A start that is a little late (timers are no finer than a millisecond)
 * does not put off those behind it, or the rate would be lower than asked
 * for.  Time that nobody used for long is not made up for: no bursts.
 */
#include "crawl/rate.h"

#include "async/core/task.h"

#define SLACK (50 * LOOP_MILLISECOND)

void pace_init(struct pace *pace, int64_t interval)
{
    *pace = (struct pace){.interval = interval};
}

int pace_wait(const struct pace *pace)
{
    int64_t early = pace->interval ? pace->next - loop_time() : 0;
    return early > 0 ? task_sleep(early) : 0;
}

void pace_started(struct pace *pace)
{
    if (!pace->interval)
        return;
    int64_t now = loop_time();
    if (now - pace->next > SLACK)
        pace->next = now;
    pace->next += pace->interval;
}
