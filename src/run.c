/*
 * run - everything that a crawl stands on, made and unmade around it.
 *
 * Invariant: the first signal ends the run in good order; the second has the
 * system's own effect.
 */
#include "run.h"

#include "async/gate.h"
#include "async/resolve.h"
#include "async/task.h"
#include "async/tls.h"
#include "outlet.h"

#include <errno.h>
#include <signal.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

struct running {
    struct run *run;
    struct outlet outlet;
    struct task *task;
    struct loop_signal watches[SIGNALS];
    bool watching[SIGNALS];
};

/* nohup(1) says that a hang-up shall not matter. */
static bool is_unwanted(int signum)
{
    struct sigaction action;
    return signum == SIGHUP && !sigaction(signum, NULL, &action) &&
           action.sa_handler == SIG_IGN;
}

static void unwatch_signals(struct running *running)
{
    for (int i = 0; i < SIGNALS; i++) {
        if (running->watching[i])
            loop_signal_stop(&running->watches[i]);
        running->watching[i] = false;
    }
}

static void signaled(evutil_socket_t signum, short what, void *arg)
{
    (void)what;
    struct running *running = arg;
    running->run->crawl.totals->signal = (int)signum;
    unwatch_signals(running);
    task_cancel(running->task);
}

/* The loop may not come to hear of the first one, when nobody takes its
 * output and it waits in write: the second one has to do without it. */
static int watch_once(int signum)
{
    struct sigaction action;
    if (sigaction(signum, NULL, &action))
        return -errno;
    action.sa_flags |= (int)SA_RESETHAND;
    return sigaction(signum, &action, NULL) ? -errno : 0;
}

static int watch_signals(struct running *running)
{
    for (int i = 0; i < SIGNALS; i++) {
        if (is_unwanted(signals[i]))
            continue;
        int error = loop_signal_start(loop_running(), &running->watches[i],
            signals[i], signaled, running);
        if (error)
            return error;
        running->watching[i] = true;
        error = watch_once(signals[i]);
        if (error)
            return error;
    }
    return 0;
}

/* What has arrived is written before the loop waits; when nobody takes it
 * any more, there is no use in going on. */
static void flush(void *arg, bool idle)
{
    struct running *running = arg;
    if (idle)
        outlet_advance(&running->outlet);
    if (output_error(running->run->out))
        task_cancel(running->task);
}

/* The main task. */
static int run_task(void *arg)
{
    struct running *running = arg;
    struct loop *loop = loop_running();
    running->task = task_current();
    int error = watch_signals(running);
    if (!error) {
        outlet_open(
            &running->outlet, loop, running->run->out, running->run->err);
        loop_set_hook(loop, flush, running);
        running->run->crawl.outlet = &running->outlet;
        error = crawl(&running->run->crawl);
        loop_set_hook(loop, NULL, NULL);
        outlet_close(&running->outlet);
    }
    unwatch_signals(running);
    return error;
}

static int run_on(struct loop *loop, struct run *run, const char **what)
{
    struct running running = {.run = run};
    struct resolver_config config = {.servers = run->dns_servers};
    struct resolver *resolver;
    int error = resolver_create(&resolver, loop, &config);
    if (error) {
        *what = "the resolver";
        return error;
    }
    run->crawl.fetch.reach.resolver = resolver;
    loop_timer_common(loop, run->crawl.fetch.max_time);
    loop_timer_common(loop, run->crawl.fetch.reach.timeout);
    tls_forget(run->crawl.fetch.reach.tls);
    int64_t began = loop_time();
    error = task_run(loop, run_task, &running);
    run->crawl.totals->wall = loop_time() - began;
    run->crawl.totals->concurrency = run->crawl.concurrency;
    resolver_destroy(resolver);
    return error;
}

int run(struct run *run, const char **what)
{
    struct loop *loop;
    *what = NULL;
    int error = loop_create(&loop);
    if (error) {
        *what = "the event loop";
        return error;
    }
    if (run->per_address)
        error = gates_create(loop, run->per_address);
    if (!error)
        error = run_on(loop, run, what);
    loop_destroy(loop);
    return error;
}
