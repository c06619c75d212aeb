/*
 * jobs - targets under way, on the loop of the crawl and those of its workers.
 */
#ifndef AFETCH_JOBS_H
#define AFETCH_JOBS_H

#include "async/core/task.h"
#include "crawl/arrivals.h"
#include "crawl/flights.h"
#include "crawl/workers.h"
#include "fetch/fetch.h"

struct backpressure;
struct job_thread;
struct report;

/* One target on its way. */
struct job {
    void *arg; /* the caller's, as the next two */
    uint64_t place;
    struct flight flight;
    int64_t known_at;
    struct result result; /* with input and target */
    struct result *again; /* of a second fetch; NULL: there was none */
    /* The rest is jobs' own. */
    struct job_thread *thread;
    struct parcel parcel;
    struct arrival arrival;
};

struct jobs_config {
    const struct fetch_config *fetch; /* but line, room and line_arg */
    unsigned concurrency;
    bool all_addresses; /* of each target */
    bool twice; /* those that succeed are fetched again, not shown */
    struct workers *workers; /* NULL: none */
    struct report *report;
    bool line; /* it is told lines */
    struct backpressure *backpressure;
    void (*end)(struct job *job); /* awaits, on the loop of the crawl; frees */
};

struct jobs {
    struct jobs_config config;
    struct job_thread *threads;
    unsigned thread_count;
    struct task_group group; /* on this loop */
    struct arrivals arrivals; /* from others */
    unsigned begun; /* not over yet; counted with workers, as the next one */
    struct future *all_over;
};

/* By a task of the loop.  0 or -ENOMEM. */
int jobs_open(struct jobs *jobs, const struct jobs_config *config);
/* Awaits, on through interruptions.  All have ended. */
void jobs_close(struct jobs *jobs);
/* Begins one where there is the least to do.  0, or -ENOMEM: it is still the
 * caller's. */
int jobs_begin(struct jobs *jobs, struct job *job);
/* Awaits.  As task_group_join. */
int jobs_join(struct jobs *jobs);

#endif
