/*
 * gauge - see gauge.h.
 *
 * Invariant: the line is drawn at most once in INTERVAL, and never within a
 * line of other output.
 */
#include "crawl/gauge.h"

#include "crawl/crawl.h"
#include "output/standing.h"
#include "output/terminal.h"
#include "report/shown_name.h"

#include <stdatomic.h>

enum {
    INTERVAL = LOOP_SECOND / 10,
    RATE_INTERVAL = LOOP_SECOND,
    STDERR = 1, /* of the outputs */
};

/* --- what there is to tell --- */

/* Of late, not of the whole run: what came first is soon forgotten. */
static void measure_rate(struct gauge *gauge, int64_t now)
{
    struct gauge_rate *rate = &gauge->rate;
    uint64_t done = gauge->crawl->totals->targets;
    int64_t took = now - rate->at;
    bool is_first = rate->rate <= 0;
    if (took < (is_first ? INTERVAL : RATE_INTERVAL))
        return;
    double last =
        (double)(done - rate->done) * (double)LOOP_SECOND / (double)took;
    if (is_first && done == rate->done)
        return;
    rate->rate = is_first ? last : 0.7 * rate->rate + 0.3 * last;
    rate->at = now;
    rate->done = done;
}

static void add_oldest(
    struct progress *progress, const struct flight *flight, int64_t now)
{
    struct progress_target *target =
        &progress->oldest[progress->oldest_count++];
    shown_name(target->name, flight->result);
    target->age = now - flight->began;
    target->now =
        atomic_load_explicit(&flight->result->now, memory_order_relaxed);
}

static void look_at_flights(struct gauge *gauge, struct progress *progress)
{
    const struct crawl *crawl = gauge->crawl;
    const struct flight *flight = TAILQ_FIRST(&crawl->flights.all);
    int64_t now = loop_time();
    measure_rate(gauge, now);
    *progress = (struct progress){
        .done = crawl->totals->targets,
        .failed = crawl->totals->failed,
        .total = gauge->wish->total,
        .in_flight = crawl->flights.count,
        .rate = gauge->rate.rate,
        .elapsed = now - gauge->began,
    };
    for (; flight && progress->oldest_count < PROGRESS_OLDEST;
         flight = TAILQ_NEXT(flight, link))
        add_oldest(progress, flight, now);
}

/* --- the line --- */

/* The last column stays free: there the cursor would wrap. */
static void draw_line(struct gauge *gauge)
{
    static struct progress progress; /* larger than a coroutine's stack likes */
    static char text[STANDING_MAX];
    look_at_flights(gauge, &progress);
    size_t len = progress_line(
        &progress, terminal_width(gauge->wish->fd) - 1, text, sizeof text);
    standing_show(gauge->wish->standing, text, len);
}

static bool is_within_line(const struct gauge *gauge)
{
    for (size_t i = 0; i <= STDERR; i++)
        if (output_is_within_line(gauge->outputs.items[i]))
            return true;
    return false;
}

void gauge_idle(struct gauge *gauge)
{
    int64_t now = loop_time();
    if (!gauge->wish->standing || now - gauge->drawn < INTERVAL ||
        is_within_line(gauge))
        return;
    gauge->drawn = now;
    draw_line(gauge);
}

/* Goes idle again, with nothing else to do. */
static void gauge_wake(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct gauge *gauge = arg;
    loop_timer_stop(&gauge->timer);
    loop_timer_start(gauge->loop, &gauge->timer, INTERVAL, gauge_wake, gauge);
}

void gauge_tell(struct gauge *gauge)
{
    static struct progress progress;
    look_at_flights(gauge, &progress);
    progress_put(gauge->outputs.items[STDERR], &progress);
}

/* --- its life --- */

void gauge_open(struct gauge *gauge, struct loop *loop,
    const struct crawl *crawl, const struct outputs *outputs)
{
    gauge->crawl = crawl;
    gauge->loop = loop;
    gauge->outputs = *outputs;
    gauge->began = gauge->drawn = loop_time();
    gauge->rate = (struct gauge_rate){.at = gauge->began};
    if (gauge->wish->standing)
        loop_timer_start(loop, &gauge->timer, INTERVAL, gauge_wake, gauge);
}

void gauge_close(struct gauge *gauge)
{
    if (!gauge->wish->standing)
        return;
    loop_timer_stop(&gauge->timer);
    standing_clear(gauge->wish->standing, true);
}
