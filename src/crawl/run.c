/*
 * run - everything that a crawl stands on, made and unmade around it.
 *
 * Invariant: a signal, even one that came before, ends the run in good order.
 */
#include "crawl/run.h"

#include "async/core/signals.h"
#include "async/core/task.h"
#include "async/dns/resolve.h"
#include "async/net/address_limit.h"
#include "async/net/source.h"
#include "async/tls/tls.h"
#include "crawl/backpressure.h"
#include "crawl/workers.h"

#include <errno.h>
#include <stdlib.h>

static const char the_loop[] = "the event loop";

struct running {
    struct run *run;
    struct backpressure backpressure;
    struct gauge gauge;
    struct task *task;
    int error; /* what the task ended with; another one is the loop's */
};

static void run_signaled(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    task_cancel(((struct running *)arg)->task);
}

static void run_asked(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct running *running = arg;
    unsigned wishes = signals_wishes();
    if (wishes & SIGNALS_STATE)
        gauge_tell(&running->gauge);
    if (wishes & SIGNALS_REOPEN)
        running->run->reopen(running->run->reopen_arg);
}

/* What has arrived is written before the loop waits; when nobody takes it
 * any more, there is no use in going on. */
static void flush_outputs(void *arg, bool idle)
{
    struct running *running = arg;
    struct report *report = running->run->crawl.report;
    const struct output *out = running->run->outputs.items[0];
    if (idle && report->wants & REPORT_WANTS_TICKS)
        report->ops->tick(report, loop_time());
    if (idle && !output_error(out)) { /* others' end is not told without it */
        backpressure_advance(&running->backpressure);
        gauge_idle(&running->gauge);
    }
    if (output_error(out))
        task_cancel(running->task);
}

static int crawl_reported(struct running *running, struct loop *loop)
{
    struct crawl *all = &running->run->crawl;
    struct signals_watch asked;
    int error =
        backpressure_open(&running->backpressure, loop, &running->run->outputs);
    if (error)
        return error;
    all->backpressure = &running->backpressure;
    gauge_open(&running->gauge, loop, all, &running->run->outputs);
    loop_set_hook(loop, flush_outputs, running);
    if (all->report->ops->begin && !running->run->again)
        all->report->ops->begin(all->report);
    error = signals_wishes_start(loop, &asked, run_asked, running);
    if (!error)
        error = crawl(all);
    signals_watch_stop(&asked);
    loop_set_hook(loop, NULL, NULL);
    gauge_close(&running->gauge);
    backpressure_close(&running->backpressure);
    return error;
}

/* Where more threads than one were asked for. */
static int run_workers(struct running *running)
{
    struct run *run = running->run;
    const struct fetch_config *fetch = &run->crawl.fetch;
    const struct workers_config config = {
        .count = run->threads - 1,
        .tls = run->tls + 1,
        .resolver = fetch->connect.resolver,
        .dns_servers = run->dns_servers,
        .source = run->source,
        .often = {fetch->max_time, fetch->connect.timeout},
    };
    running->run->crawl.workers = NULL;
    return run->threads > 1 ? workers_open(&run->crawl.workers, &config) : 0;
}

/* The main task. */
static int run_task(void *arg)
{
    struct running *running = arg;
    struct loop *loop = loop_running();
    struct signals_watch watch;
    running->task = task_current();
    int error = signals_watch_start(loop, &watch, run_signaled, running);
    if (error)
        return error;
    if (signals_caught())
        task_cancel(running->task);
    error = run_workers(running);
    if (!error)
        error = crawl_reported(running, loop);
    int failed = workers_close(running->run->crawl.workers);
    running->run->crawl.workers = NULL;
    signals_watch_stop(&watch);
    if (!error && signals_caught())
        error = -ECANCELED;
    running->error = error;
    return failed ? failed : error; /* a loop's, as this one's */
}

/* Resolver variables, which c-ares reads, would change results without being
 * on the command line. */
static void forget_resolver_variables(void)
{
    static const char *const names[] = {
        "LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES", "CARES_HOSTS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static int run_on(struct loop *loop, struct run *run, const char **what)
{
    struct running running = {.run = run, .gauge.wish = &run->gauge};
    struct resolver_config config = {.servers = run->dns_servers};
    struct resolver *resolver;
    forget_resolver_variables();
    int error = resolver_create(&resolver, loop, &config);
    if (error) {
        *what = "the resolver";
        return error;
    }
    run->crawl.fetch.connect.resolver = resolver;
    loop_timer_common(loop, run->crawl.fetch.max_time);
    loop_timer_common(loop, run->crawl.fetch.connect.timeout);
    tls_forget(run->crawl.fetch.connect.tls);
    int64_t began = loop_time();
    error = task_run(loop, run_task, &running);
    run->crawl.totals->wall = loop_time() - began;
    run->crawl.totals->concurrency = run->crawl.concurrency;
    resolver_destroy(resolver);
    if (error != running.error)
        *what = the_loop;
    return error;
}

int run(struct run *run, const char **what)
{
    struct loop *loop;
    *what = NULL;
    int error = loop_create(&loop);
    if (error) {
        *what = the_loop;
        return error;
    }
    if (run->source)
        source_set(loop, run->source);
    if (run->per_address)
        error = address_limits_create(loop, run->per_address);
    if (error)
        *what = "--per-address";
    else
        error = run_on(loop, run, what);
    loop_destroy(loop);
    return error;
}
