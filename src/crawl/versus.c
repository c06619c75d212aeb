/*
 * versus - rounds of two runs, each on a fresh loop, so that neither profits
 * from what the other has learnt (names above all).
 *
 * Invariant: a watch is the one report of a run that nobody shall see, and
 * the last one of the run that is reported.
 */
#include "crawl/versus.h"

#include "crawl/rounds.h"
#include "record/result.h"
#include "report/fanout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a run came to: a report that only looks. */
struct watch {
    struct report report;
    int64_t wall;
    bool any; /* target there was */
    bool cut; /* --deadline ended it: its times say nothing */
    int64_t longest; /* own time of the slowest target */
    int64_t last_total, last_queued; /* of the last to end */
    char last[TOTALS_HOST_MAX];
};

static int64_t known_time(int64_t ns)
{
    return ns == PHASE_NONE ? 0 : ns;
}

static void watch_result(struct report *report, const struct result *result)
{
    struct watch *watch = (struct watch *)report;
    watch->any = true;
    watch->last_total = known_time(result->timings[PHASE_TOTAL]);
    watch->last_queued = known_time(result->timings[PHASE_QUEUED]);
    if (watch->last_total > watch->longest)
        watch->longest = watch->last_total;
    size_t len = strnlen(result->input, sizeof watch->last - 1);
    memcpy(watch->last, result->input, len);
    watch->last[len] = '\0';
}

static void watch_end(struct watch *watch, const struct run_totals *totals)
{
    watch->wall = totals->wall;
    watch->cut = totals->not_begun || totals->by_error[FETCH_CANCELED];
}

/* It is the caller's. */
static void watch_destroy(struct report *report)
{
    (void)report;
}

static const struct report_ops watch_ops = {
    .result = watch_result, .destroy = watch_destroy};

/* One run that is only watched. */
static int run_watched(struct run *shown, unsigned concurrency,
    struct watch *watch, const char **what)
{
    struct run_totals *totals = malloc(sizeof *totals);
    if (!totals)
        return -ENOMEM;
    totals_init(totals);
    struct run quiet = *shown;
    quiet.crawl.totals = totals;
    quiet.crawl.report = &watch->report;
    quiet.crawl.concurrency = concurrency;
    *watch = (struct watch){.report.ops = &watch_ops};
    int error = rounds_again(&quiet, what);
    watch_end(watch, totals);
    free(totals);
    return error;
}

static int watch_beside(
    struct fanout *both, struct report *shown, struct watch *watch)
{
    int error = fanout_add(both, shown, shown->wants);
    return error ? error : fanout_add(both, &watch->report, 0);
}

/* The run that is reported. */
static int run_shown(struct run *run_, struct watch *watch, const char **what)
{
    struct report *shown = run_->crawl.report;
    struct fanout both;
    fanout_init(&both);
    *watch = (struct watch){.report.ops = &watch_ops};
    int error = watch_beside(&both, shown, watch);
    if (!error) {
        run_->crawl.report = &both.report;
        error = run(run_, what);
        run_->crawl.report = shown;
        watch_end(watch, run_->crawl.totals);
    }
    fanout_release(&both);
    return error;
}

static int by_wall(const void *a, const void *b)
{
    const struct watch *x = a, *y = b;
    return (x->wall > y->wall) - (x->wall < y->wall);
}

/* The round in the middle, by its wall time. */
static const struct watch *median_watch(struct watch *watches, unsigned rounds)
{
    qsort(watches, rounds, sizeof *watches, by_wall);
    return &watches[(rounds - 1) / 2];
}

static bool is_any_cut(const struct watch *watches, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++)
        if (watches[i].cut)
            return true;
    return false;
}

static void compare_watches(struct versus_totals *totals,
    struct watch *concurrent, struct watch *serial, unsigned rounds)
{
    totals->cut = is_any_cut(concurrent, rounds) || is_any_cut(serial, rounds);
    if (totals->cut || !concurrent->any)
        return;
    const struct watch *typical = median_watch(concurrent, rounds);
    *totals = (struct versus_totals){
        .rounds = (int)rounds,
        .concurrent_wall = typical->wall,
        .serial_wall = median_watch(serial, rounds)->wall,
        .decided_total = typical->last_total,
        .decided_queued = typical->last_queued,
        .lost_to_queue = typical->wall - typical->longest,
    };
    memcpy(totals->decided_by, typical->last, sizeof totals->decided_by);
}

static int run_rounds(struct run *run_, struct watch *concurrent,
    struct watch *serial, unsigned rounds, const char **what)
{
    unsigned at_once = run_->crawl.concurrency;
    int error = run_shown(run_, &concurrent[0], what);
    for (unsigned i = 0; i < rounds && !error; i++) {
        if (i > 0)
            error = run_watched(run_, at_once, &concurrent[i], what);
        if (!error)
            error = run_watched(run_, 1, &serial[i], what);
    }
    return error;
}

int versus(struct run *run_, unsigned rounds, const char **what)
{
    struct watch *concurrent = calloc(rounds, sizeof *concurrent);
    struct watch *serial = calloc(rounds, sizeof *serial);
    int error = -ENOMEM;
    *what = "--versus-serial";
    if (concurrent && serial)
        error = run_rounds(run_, concurrent, serial, rounds, what);
    if (!error)
        compare_watches(
            &run_->crawl.totals->versus, concurrent, serial, rounds);
    free(concurrent);
    free(serial);
    return error;
}
