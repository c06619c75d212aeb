/*
 * jobs - see jobs.h.
 *
 * Invariant: a job is fetched on one loop, and ends on that of the crawl.
 */
#include "crawl/jobs.h"

#include "crawl/all_addresses.h"
#include "crawl/backpressure.h"
#include "crawl/relay.h"
#include "fetch/failure.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>

/* Of each thread; the first one is that of the crawl. */
struct job_thread {
    struct jobs *jobs;
    struct fetch_config fetch, again;
    struct semaphore fetches; /* of addresses, for targets that have a slot */
    struct worker *worker; /* NULL: this loop's */
    struct relay *relay; /* of a worker */
    unsigned load; /* jobs */
};

/* --- lines --- */

static void line_shown(
    void *arg, const struct result *result, const struct response_line *shown)
{
    struct report *report = ((const struct jobs *)arg)->config.report;
    struct report_line line;
    relay_line_of(&line, result, shown);
    report->ops->line(report, &line);
}

static void hold_all(struct jobs *jobs, bool held)
{
    for (unsigned i = 1; i < jobs->thread_count; i++)
        relay_hold(jobs->threads[i].relay, held);
}

static void await_room(void *arg)
{
    struct jobs *jobs = arg;
    if (!backpressure_is_full(jobs->config.backpressure))
        return;
    hold_all(jobs, true);
    backpressure_wait_timeless(jobs->config.backpressure);
    hold_all(jobs, false);
}

static void line_relayed(void *arg, const struct report_line *line)
{
    struct report *report = ((const struct jobs *)arg)->config.report;
    report->ops->line(report, line);
    await_room(arg);
}

/* --- a job on its thread --- */

static void fetch_target(struct job_thread *thread,
    const struct fetch_config *config, struct result *result)
{
    if (thread->jobs->config.all_addresses)
        all_addresses_fetch(config, &thread->fetches, result->target, result);
    else
        fetch(config, result->target, result);
}

static void fetch_again(struct job *job)
{
    struct result *again = job->again;
    result_init(again);
    again->input = job->result.input;
    again->target = job->result.target;
    fetch_target(job->thread, &job->thread->again, again);
}

static void job_work(struct job *job)
{
    struct job_thread *thread = job->thread;
    job->result.timings[PHASE_QUEUED] = loop_time() - job->known_at;
    fetch_target(thread, &thread->fetch, &job->result);
    /* Without memory nothing is learned: what differs by itself is told. */
    if (thread->jobs->config.twice && !job->result.error)
        job->again = malloc(sizeof *job->again);
    if (job->again)
        fetch_again(job);
}

static void job_end(struct job *job)
{
    struct job_thread *thread = job->thread;
    struct jobs *jobs = thread->jobs;
    await_room(jobs);
    jobs->config.end(job);
    thread->load--;
    if (--jobs->begun == 0 && jobs->all_over)
        future_set(jobs->all_over, 0);
}

static int job_run(void *arg)
{
    struct job *job = arg;
    job_work(job);
    job_end(job);
    return 0;
}

/* --- on a worker's --- */

static void parcel_work(struct parcel *parcel)
{
    job_work(LETTER_OF(parcel, struct job, parcel));
}

static void arrival_take(struct arrival *arrival)
{
    struct job *job = LETTER_OF(arrival, struct job, arrival);
    int error = job->parcel.error;
    if (error) /* what else there is ends the run */
        failure_tell(
            &job->result, PHASE_INPUT, error == -ENOMEM ? error : -ECANCELED);
    job_end(job);
}

static void parcel_back(struct parcel *parcel)
{
    struct job *job = LETTER_OF(parcel, struct job, parcel);
    job->arrival.take = arrival_take;
    arrivals_add(&job->thread->jobs->arrivals, &job->arrival);
}

static void job_send(struct job *job)
{
    job->parcel.work = parcel_work;
    job->parcel.back = parcel_back;
    parcel_send(&job->parcel, job->thread->worker);
}

/* --- all of them --- */

static struct job_thread *least_loaded(const struct jobs *jobs)
{
    struct job_thread *least = &jobs->threads[0];
    for (unsigned i = 1; i < jobs->thread_count; i++)
        if (jobs->threads[i].load < least->load)
            least = &jobs->threads[i];
    return least;
}

int jobs_begin(struct jobs *jobs, struct job *job)
{
    job->again = NULL;
    job->thread = least_loaded(jobs);
    int error = 0;
    if (job->thread->worker)
        job_send(job);
    else
        error = task_group_spawn(&jobs->group, job_run, job);
    job->thread->load += !error;
    jobs->begun += !error;
    return error;
}

/* Everybody at once: no address has a connection more because another one was
 * given up. */
static void jobs_stop(struct jobs *jobs)
{
    workers_stop(jobs->config.workers);
    task_group_cancel(&jobs->group);
    arrivals_hurry(&jobs->arrivals);
}

int jobs_join(struct jobs *jobs)
{
    struct future over;
    int interrupted = 0;
    if (!jobs->config.workers)
        return task_group_join(&jobs->group);
    future_init(&over);
    jobs->all_over = &over;
    if (jobs->begun)
        interrupted = await(&over);
    if (interrupted) {
        jobs_stop(jobs);
        (void)await_shielded(&over);
    }
    jobs->all_over = NULL;
    int joined = task_group_join(&jobs->group);
    return interrupted ? interrupted : joined;
}

/* --- beginning and end --- */

static int thread_share(struct job_thread *thread, unsigned i)
{
    struct jobs *jobs = thread->jobs;
    thread->worker = workers_get(jobs->config.workers, i);
    const struct relay_config relay = {.worker = thread->worker,
        .arrivals = &jobs->arrivals,
        .line = line_relayed,
        .arg = jobs};
    int error = relay_create(&thread->relay, &relay);
    thread->fetch.connect.resolver = worker_resolver(thread->worker);
    thread->fetch.connect.tls = worker_tls(thread->worker);
    thread->fetch.line = thread->fetch.line ? relay_line : NULL;
    thread->fetch.room = relay_room;
    thread->fetch.line_arg = thread->relay;
    return error;
}

static int thread_open(struct jobs *jobs, unsigned i)
{
    struct job_thread *thread = &jobs->threads[i];
    unsigned share = jobs->config.concurrency / jobs->thread_count;
    thread->jobs = jobs;
    thread->fetch = *jobs->config.fetch;
    thread->fetch.line = jobs->config.line ? line_shown : NULL;
    thread->fetch.room = await_room;
    thread->fetch.line_arg = jobs;
    semaphore_init(&thread->fetches, share ? share : 1);
    int error = i ? thread_share(thread, i - 1) : 0;
    thread->again = thread->fetch;
    thread->again.line = NULL;
    return error;
}

int jobs_open(struct jobs *jobs, const struct jobs_config *config)
{
    unsigned count = 1;
    *jobs = (struct jobs){.config = *config};
    if (config->workers)
        count += workers_count(config->workers);
    jobs->threads = calloc(count, sizeof *jobs->threads);
    if (!jobs->threads)
        return -ENOMEM;
    jobs->thread_count = count;
    task_group_init(&jobs->group);
    int error = config->workers ? arrivals_open(&jobs->arrivals) : 0;
    if (error) {
        free(jobs->threads);
        return error;
    }
    for (unsigned i = 0; !error && i < count; i++)
        error = thread_open(jobs, i);
    if (error)
        jobs_close(jobs);
    return error;
}

void jobs_close(struct jobs *jobs)
{
    if (jobs->config.workers) {
        arrivals_close(&jobs->arrivals);
        workers_settle(jobs->config.workers);
    }
    for (unsigned i = 1; i < jobs->thread_count; i++)
        relay_destroy(jobs->threads[i].relay);
    free(jobs->threads);
}
