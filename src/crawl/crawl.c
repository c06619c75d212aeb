/*
 * crawl - a slot, a line, a task, again; a result for each.
 *
 * Invariant: an item taken from the list ends in record_result(), once.
 */
#include "crawl/crawl.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "crawl/baseline.h"
#include "crawl/changes.h"
#include "crawl/handover.h"
#include "crawl/jobs.h"
#include "crawl/learning.h"
#include "crawl/odd.h"
#include "crawl/rate.h"
#include "crawl/until.h"
#include "record/statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* So many targets a thread are begun before those that are under way go on: a
 * request leaves as soon as it can, not when the last of a thousand has begun.
 */
enum { SPAWN_BATCH = 8 };

/* What it takes to begin one. */
struct starts {
    struct crawl *crawl;
    struct handover handover;
    struct jobs jobs;
    struct semaphore slots;
    struct rate rate;
};

struct judging {
    struct crawl *crawl;
    struct result *result;
    const struct result *again; /* fetched again; NULL: it was not */
};

/* What cannot be judged does not hold. */
static void judge_result(void *arg)
{
    struct judging *judging = arg;
    const struct crawl *c = judging->crawl;
    int error = c->rules ? rules_judge(c->rules, judging->result) : 0;
    if (!error && judging->again)
        error = learning_compare(c->learning, judging->result, judging->again);
    if (!error && c->baseline)
        error = baseline_judge(c->baseline, judging->result);
    if (!error && c->odd)
        error = odd_add(c->odd, judging->result);
    if (!error && c->changes)
        error = changes_judge(c->changes, judging->result);
    if (error && error != -ENOMEM)
        result_fail(judging->result, PHASE_RECEIVE, FETCH_SYSTEM,
            "cannot read its record of --baseline: %s", strerror(-error));
    else if (error)
        result_fail(judging->result, PHASE_RECEIVE, FETCH_NO_MEMORY, NULL);
}

static bool is_judged(const struct crawl *c)
{
    return c->rules || c->baseline || c->odd || c->changes;
}

/* The result is the report's from here on.  Those that are held back have no
 * place: nothing is reported in the order of the list then. */
static void record_result(struct starts *starts, uint64_t place,
    struct result *result, const struct result *again)
{
    struct crawl *c = starts->crawl;
    struct judging judging = {c, result, again};
    if (is_judged(c))
        task_on_loop_stack(judge_result, &judging);
    if (c->statistics)
        (void)statistics_add(c->statistics, result); /* no memory: one less */
    if (c->until && until_holds(c->until, result))
        return;
    totals_add(c->totals, result);
    if (c->changes && changes_hide(result))
        result_fini(result);
    else
        handover_end(&starts->handover, place, result);
}

static void job_over(struct job *job)
{
    struct starts *starts = job->arg;
    flight_end(&starts->crawl->flights, &job->flight);
    record_result(starts, job->place, &job->result, job->again);
    if (job->again)
        result_fini(job->again);
    free(job->again);
    semaphore_release(&starts->slots);
    free(job);
}

/* A result that owns what the item has. */
static void result_of(const struct starts *starts, struct result *result,
    const struct list_item *item)
{
    result_init(result);
    result->index = item->index;
    result->round = starts->crawl->round;
    result->list_file = item->source;
    result->list_line = item->source ? item->line : 0;
    result->target = result->owned = item->target;
    result->shown = item->shown;
    result->columns = item->columns;
    result->input = item->target ? item->target->input : item->shown;
    result->input_size = item->shown_len;
    if (starts->crawl->baseline)
        baseline_claim(starts->crawl->baseline, result);
}

static int job_begin(
    struct starts *starts, uint64_t place, const struct list_item *item)
{
    struct job *job = malloc(sizeof *job);
    if (!job)
        return -ENOMEM;
    job->arg = starts;
    job->place = place;
    job->known_at = item->known_at;
    result_of(starts, &job->result, item);
    int error = jobs_begin(&starts->jobs, job);
    if (error) {
        free(job);
        return error;
    }
    job->flight = (struct flight){&job->result, loop_time(), {0}};
    flight_begin(&starts->crawl->flights, &job->flight);
    return 0;
}

/* An item without a task: a bad target, or no memory for one. */
static void record_failure(
    struct starts *starts, uint64_t place, const struct list_item *item)
{
    struct result result;
    result_of(starts, &result, item);
    if (item->target)
        result_fail(&result, PHASE_INPUT, FETCH_NO_MEMORY, NULL);
    else if (item->source)
        result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, "%s:%zu: %s",
            item->source, item->line, item->reason);
    else
        result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, "argument %zu: %s",
            item->line, item->reason);
    record_result(starts, place, &result, NULL);
}

/* A slot first: a line is only read when its fetch can begin, and nothing
 * begins while the reader of the output is behind, or too much is held. */
static int item_await(struct starts *starts, struct list_item *item)
{
    int error = semaphore_acquire(&starts->slots);
    if (error)
        return error;
    error = backpressure_wait(starts->crawl->backpressure);
    if (!error)
        error = handover_wait(&starts->handover);
    if (!error)
        error = list_next(starts->crawl->list, item);
    if (error)
        semaphore_release(&starts->slots);
    return error;
}

static void item_begin(struct starts *starts, const struct list_item *item)
{
    uint64_t place = handover_begin(&starts->handover);
    if (item->target && !job_begin(starts, place, item)) {
        rate_started(&starts->rate);
        return;
    }
    semaphore_release(&starts->slots);
    record_failure(starts, place, item);
}

static int crawl_next(struct starts *starts)
{
    struct list_item item;
    int error = item_await(starts, &item);
    if (error)
        return error;
    if (starts->crawl->until &&
        until_is_met(starts->crawl->until, item.index)) {
        list_item_fini(&item);
        semaphore_release(&starts->slots);
        return 0;
    }
    error = item.target ? rate_wait(&starts->rate) : 0;
    if (!error) {
        item_begin(starts, &item);
        return 0;
    }
    list_leave(starts->crawl->list, &item);
    semaphore_release(&starts->slots);
    return error;
}

/* All of the list that can be begun, to the end of the last of it. */
static int crawl_list(struct starts *starts)
{
    unsigned batch = SPAWN_BATCH * starts->jobs.thread_count;
    int error = 0;
    for (unsigned begun = 0; !error; begun++) {
        error = crawl_next(starts);
        if (!error && begun % batch == batch - 1)
            error = task_sleep(0);
    }
    int interrupted = jobs_join(&starts->jobs);
    if (interrupted)
        return interrupted;
    return error == ASYNC_EOF ? 0 : error;
}

/* What the report wants of each fetch.  Lines that are held are kept. */
static void configure_fetch(struct crawl *c)
{
    unsigned wants = c->report->wants;
    bool lines = wants & REPORT_WANTS_LINES, held = c->order != ORDER_ARRIVAL;
    c->fetch.keep_head = c->all_addresses || c->rules || c->baseline ||
                         c->odd || c->changes || wants & REPORT_WANTS_HEAD ||
                         (lines && held);
    c->fetch.times = wants & REPORT_WANTS_TIMES;
    c->fetch.connect.tried = wants & REPORT_WANTS_TRIED;
}

static int open_jobs(struct starts *starts)
{
    struct crawl *c = starts->crawl;
    const struct jobs_config config = {
        .fetch = &c->fetch,
        .concurrency = c->concurrency,
        .all_addresses = c->all_addresses,
        .twice = c->learning,
        .workers = c->workers,
        .report = c->report,
        .line =
            c->report->wants & REPORT_WANTS_LINES && c->order == ORDER_ARRIVAL,
        .backpressure = c->backpressure,
        .end = job_over,
    };
    configure_fetch(c);
    return jobs_open(&starts->jobs, &config);
}

static int crawl_within(struct starts *starts)
{
    struct crawl *c = starts->crawl;
    struct wait_for deadline;
    semaphore_init(&starts->slots, c->concurrency);
    rate_init(&starts->rate, c->start_interval);
    flights_init(&c->flights);
    list_begin(c->list);
    wait_for_enter(&deadline, c->deadline ? c->deadline : WAIT_FOREVER);
    int error = wait_for_leave(&deadline, crawl_list(starts));
    c->totals->listed = list_length(c->list);
    if (error == -ECANCELED || error == -ETIMEDOUT)
        c->totals->not_begun = list_count_rest(c->list);
    return error == -ETIMEDOUT ? 0 : error;
}

int crawl(struct crawl *c)
{
    struct starts starts = {.crawl = c};
    int error =
        handover_open(&starts.handover, c->order, c->report, c->backpressure);
    if (error)
        return error;
    error = open_jobs(&starts);
    if (!error) {
        error = crawl_within(&starts);
        jobs_close(&starts.jobs);
    }
    handover_close(&starts.handover);
    return error;
}
