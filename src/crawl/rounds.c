/*
 * rounds - see rounds.h.
 *
 * Invariant: round n begins n times the interval after the first, or when the
 * one before has ended, whichever is later; so no delay adds up.
 */
#include "crawl/rounds.h"

#include "async/core/signals.h"
#include "async/core/task.h"
#include "crawl/changes.h"
#include "crawl/until.h"
#include "exit.h"
#include "options/options.h"
#include "record/statistics.h"
#include "record/totals.h"
#include "report/report.h"

#include <errno.h>

/* Less is not late. */
#define LATE_MIN (20 * LOOP_MILLISECOND)
/* Between two rounds, when the user did not say. */
#define INTERVAL_DEFAULT LOOP_SECOND

/* --- what is asked for --- */

bool rounds_asked(const struct options *o)
{
    return o->count || o->has_interval || o->until || o->changes;
}

static int64_t interval_of(const struct options *o)
{
    return o->has_interval ? o->interval : INTERVAL_DEFAULT;
}

/* Statistics of targets that are fetched until they are right say nothing. */
static int open_rooms(struct rounds *rounds, const struct mask *mask)
{
    const struct options *o = rounds->options;
    if (o->until && !(rounds->until = until_create()))
        return -ENOMEM;
    if (o->changes && !(rounds->changes = changes_create(mask)))
        return -ENOMEM;
    if (!o->until && rounds_asked(o) &&
        !(rounds->statistics = statistics_create()))
        return -ENOMEM;
    return 0;
}

int rounds_open(struct rounds *rounds, const struct options *options,
    const struct mask *mask)
{
    *rounds = (struct rounds){.options = options};
    return open_rooms(rounds, mask) ? fatal(EXIT_CANNOT_GO_ON, "out of memory")
                                    : 0;
}

void rounds_close(struct rounds *rounds)
{
    statistics_destroy(rounds->statistics);
    until_destroy(rounds->until);
    changes_destroy(rounds->changes);
    *rounds = (struct rounds){0};
}

/* --- the wait --- */

struct pause {
    const struct run *run;
    unsigned begun; /* rounds */
    int64_t until; /* loop_time */
    struct task *task;
};

static void pause_signaled(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    task_cancel(((struct pause *)arg)->task);
}

/* As within a round, where there is more to be said of it. */
static void pause_asked(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    const struct pause *pause = arg;
    unsigned wishes = signals_wishes();
    if (wishes & SIGNALS_STATE)
        warn("round %u has ended, the next one begins in %.1f s", pause->begun,
            (double)(pause->until - loop_time()) / LOOP_SECOND);
    if (wishes & SIGNALS_REOPEN)
        pause->run->reopen(pause->run->reopen_arg);
}

static int pause_task(void *arg)
{
    struct pause *pause = arg;
    struct signals_watch watch, asked;
    pause->task = task_current();
    int error =
        signals_watch_start(loop_running(), &watch, pause_signaled, pause);
    if (error)
        return error;
    error = signals_wishes_start(loop_running(), &asked, pause_asked, pause);
    if (!error)
        error = task_sleep(pause->until - loop_time());
    signals_watch_stop(&asked);
    signals_watch_stop(&watch);
    return error;
}

/* 0; -ECANCELED: a signal came; or another negative error. */
static int run_pause(struct pause *pause, const char **what)
{
    struct loop *loop;
    *what = "the event loop";
    int error = loop_create(&loop);
    if (error)
        return error;
    error = task_run(loop, pause_task, pause);
    loop_destroy(loop);
    if (!error || error == -ECANCELED)
        *what = NULL;
    return error;
}

/* Whoever reads the output sees a round when it has ended. */
static void show_all(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        output_flush(outputs->items[i]);
}

static void note_late(struct rounds *rounds, int64_t late)
{
    if (late < LATE_MIN)
        return;
    if (rounds->late++ == 0 && !rounds->options->silent)
        warn("round %u begins %.1f s late: the one before took longer than "
             "--interval",
            rounds->begun + 1, (double)late / LOOP_SECOND);
    if (late > rounds->latest)
        rounds->latest = late;
}

static int await_round(struct rounds *rounds, const struct run *run,
    int64_t due, const char **what)
{
    int64_t now = loop_time();
    show_all(&run->outputs);
    struct pause pause = {run, rounds->begun, due, NULL};
    if (due > now)
        return run_pause(&pause, what);
    if (interval_of(rounds->options) > 0)
        note_late(rounds, now - due);
    return signals_caught() ? -ECANCELED : 0;
}

/* --- the rounds --- */

int rounds_again(struct run *again, const char **what)
{
    list_rewind(again->crawl.list);
    return run(again, what);
}

static int run_round(struct rounds *rounds, struct run *run_, const char **what)
{
    run_->crawl.round = ++rounds->begun;
    if (rounds->begun == 1)
        return run(run_, what);
    run_->again = true;
    return rounds_again(run_, what);
}

/* Whether another round is to begin at this time. */
static bool is_wanted(const struct rounds *rounds, const struct list *list,
    int64_t due, int64_t deadline)
{
    const struct options *o = rounds->options;
    if (due >= deadline)
        return false;
    if (!list_count(list))
        return false; /* of nothing, endlessly */
    if (rounds->until)
        return until_left(rounds->until) > 0;
    return !o->count || rounds->begun < o->count;
}

/* A round that the deadline has cut is the last. */
static int run_on_time(
    struct rounds *rounds, struct run *run_, const char **what)
{
    int64_t began = loop_time(), whole = run_->crawl.deadline;
    int64_t interval = interval_of(rounds->options), due = began;
    int error = run_round(rounds, run_, what);
    while (!error) {
        due += interval;
        int64_t next = due > loop_time() ? due : loop_time();
        if (!is_wanted(rounds, run_->crawl.list, next,
                whole ? began + whole : INT64_MAX))
            break;
        error = await_round(rounds, run_, due, what);
        if (whole)
            run_->crawl.deadline = began + whole - loop_time();
        if (!error)
            error = run_round(rounds, run_, what);
    }
    run_->crawl.totals->wall = loop_time() - began;
    return error;
}

/* Those of rounds that the deadline has kept from beginning. */
static void count_rest(const struct rounds *rounds, const struct run *run_)
{
    unsigned count = rounds->options->count;
    if (rounds->begun < count)
        run_->crawl.totals->not_begun +=
            (count - rounds->begun) * list_count(run_->crawl.list);
}

int rounds_run(struct rounds *rounds, struct run *run_, const char **what)
{
    struct run_totals *totals = run_->crawl.totals;
    if (!rounds_asked(rounds->options))
        return run(run_, what);
    run_->crawl.statistics = rounds->statistics;
    run_->crawl.until = rounds->until;
    run_->crawl.changes = rounds->changes;
    int error = run_on_time(rounds, run_, what);
    totals->rounds = rounds->begun;
    totals->each_round = !rounds->until;
    if (!error)
        count_rest(rounds, run_);
    /* What a later round did not come to has its result of the one before. */
    if (rounds->until && rounds->begun > 1)
        totals->not_begun = 0;
    if (rounds->late > 1 && !rounds->options->silent)
        warn("%u rounds began late, the latest by %.1f s", rounds->late,
            (double)rounds->latest / LOOP_SECOND);
    return error;
}

void rounds_tell(const struct rounds *rounds, struct report *report,
    struct run_totals *totals)
{
    const struct host_statistics *host;
    size_t from = 0;
    if (rounds->until)
        until_tell(rounds->until, report, totals);
    while (rounds->statistics &&
           (host = statistics_next(rounds->statistics, &from)))
        report->ops->statistics(report, host);
}
