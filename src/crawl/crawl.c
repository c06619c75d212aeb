/*
 * crawl - a slot, a line, a task, again; a result for each.
 *
 * Invariant: an item taken from the list ends in record_result(), once.
 */
#include "crawl/crawl.h"

#include "async/core/error.h"
#include "async/core/task.h"
#include "crawl/all_addresses.h"
#include "crawl/rate.h"

#include <errno.h>
#include <stdlib.h>

/* So many tasks are spawned before those that are under way go on: a request
 * leaves as soon as it can, not when the last of a thousand has begun. */
enum { SPAWN_BATCH = 8 };

/* What it takes to begin one. */
struct starts {
    struct task_group group;
    struct semaphore slots;
    struct semaphore fetches; /* of addresses, for targets that have a slot */
    struct rate rate;
};

/* One target on its way. */
struct job {
    struct crawl *crawl;
    struct starts *starts;
    struct target *target;
    int64_t known_at;
    struct result result;
};

static void report_line(void *arg, const struct result *result, bool interim,
    const char *bytes, size_t len)
{
    struct report *report = ((const struct crawl *)arg)->report;
    const struct report_line line = {
        .result = result,
        .at = report->wants & REPORT_WANTS_TIMES ? loop_time() : 0,
        .hop = result->hop_count ? result->hop_count - 1 : 0,
        .kind = interim ? REPORT_LINE_INTERIM : REPORT_LINE_FINAL,
        .bytes = bytes,
        .len = len,
    };
    report->ops->line(report, &line);
}

static void crawl_await_room(void *arg)
{
    backpressure_wait_timeless(((const struct crawl *)arg)->backpressure);
}

static void record_result(struct crawl *crawl, const struct result *result)
{
    totals_add(crawl->totals, result);
    crawl->report->ops->result(crawl->report, result);
}

static void job_end(struct job *job)
{
    record_result(job->crawl, &job->result);
    semaphore_release(&job->starts->slots);
    result_fini(&job->result);
    target_destroy(job->target);
    free(job);
}

/* The task of one target. */
static int job_run(void *arg)
{
    struct job *job = arg;
    job->result.timings[PHASE_QUEUED] = loop_time() - job->known_at;
    const struct fetch_config *config = &job->crawl->fetch;
    if (job->crawl->all_addresses)
        all_addresses_fetch(
            config, &job->starts->fetches, job->target, &job->result);
    else
        fetch(config, job->target, &job->result);
    backpressure_wait_timeless(job->crawl->backpressure);
    job_end(job);
    return 0;
}

static int job_spawn(
    struct crawl *crawl, struct starts *starts, const struct list_item *item)
{
    struct job *job = malloc(sizeof *job);
    if (!job)
        return -ENOMEM;
    *job = (struct job){
        .crawl = crawl,
        .starts = starts,
        .target = item->target,
        .known_at = item->known_at,
    };
    result_init(&job->result);
    job->result.index = item->index;
    job->result.input = item->target->input;
    job->result.target = item->target;
    int error = task_group_spawn(&starts->group, job_run, job);
    if (error)
        free(job);
    return error;
}

/* An item without a task: a bad target, or no memory for one. */
static void record_failure(
    struct crawl *crawl, const struct list_item *item, enum fetch_error error)
{
    struct result result;
    result_init(&result);
    result.index = item->index;
    result.target = item->target;
    result.input = item->target ? item->target->input : item->shown;
    result.input_size = item->shown_len;
    if (error == FETCH_BAD_TARGET && item->source)
        result_fail(&result, PHASE_INPUT, error, "%s:%zu: %s", item->source,
            item->line, item->reason);
    else if (error == FETCH_BAD_TARGET)
        result_fail(&result, PHASE_INPUT, error, "argument %zu: %s", item->line,
            item->reason);
    else
        result_fail(&result, PHASE_INPUT, error, NULL);
    record_result(crawl, &result);
    result_fini(&result);
    target_destroy(item->target);
    free(item->shown);
}

/* A slot first: a line is only read when its fetch can begin, and nothing
 * begins while the reader of the output is behind. */
static int item_await(
    struct crawl *crawl, struct starts *starts, struct list_item *item)
{
    int error = semaphore_acquire(&starts->slots);
    if (error)
        return error;
    error = backpressure_wait(crawl->backpressure);
    if (!error)
        error = list_next(crawl->list, item);
    if (error)
        semaphore_release(&starts->slots);
    return error;
}

static int crawl_next(struct crawl *crawl, struct starts *starts)
{
    struct list_item item;
    int error = item_await(crawl, starts, &item);
    if (error)
        return error;
    error = item.target ? rate_wait(&starts->rate) : 0;
    if (error) {
        list_leave(crawl->list, &item);
        semaphore_release(&starts->slots);
        return error;
    }
    if (item.target && !job_spawn(crawl, starts, &item)) {
        rate_started(&starts->rate);
        return 0;
    }
    semaphore_release(&starts->slots);
    record_failure(
        crawl, &item, item.target ? FETCH_NO_MEMORY : FETCH_BAD_TARGET);
    return 0;
}

/* All of the list that can be begun, to the end of the last of it. */
static int crawl_list(struct crawl *crawl, struct starts *starts)
{
    int error = 0;
    for (unsigned begun = 0; !error; begun++) {
        error = crawl_next(crawl, starts);
        if (!error && begun % SPAWN_BATCH == SPAWN_BATCH - 1)
            error = task_sleep(0);
    }
    int interrupted = task_group_join(&starts->group);
    if (interrupted)
        return interrupted;
    return error == ASYNC_EOF ? 0 : error;
}

int crawl(struct crawl *c)
{
    struct starts starts;
    struct wait_for deadline;
    task_group_init(&starts.group);
    semaphore_init(&starts.slots, c->concurrency);
    semaphore_init(&starts.fetches, c->concurrency);
    rate_init(&starts.rate, c->start_interval);
    unsigned wants = c->report->wants;
    c->fetch.keep_head = c->all_addresses || wants & REPORT_WANTS_HEAD;
    c->fetch.line = wants & REPORT_WANTS_LINES ? report_line : NULL;
    c->fetch.room = crawl_await_room;
    c->fetch.line_arg = c;
    list_begin(c->list);
    wait_for_enter(&deadline, c->deadline ? c->deadline : WAIT_FOREVER);
    int error = wait_for_leave(&deadline, crawl_list(c, &starts));
    c->totals->listed = list_length(c->list);
    if (error == -ECANCELED || error == -ETIMEDOUT)
        c->totals->not_begun = list_count_rest(c->list);
    return error == -ETIMEDOUT ? 0 : error;
}
