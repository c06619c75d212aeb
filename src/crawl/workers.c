/*
 * workers - see workers.h.
 *
 * Invariant: a parcel is on one loop at a time; a worker takes letters until
 * the owner tells it to end, its loop may have failed or not.
 */
#include "crawl/workers.h"

#include "async/core/task.h"
#include "async/dns/resolve.h"
#include "async/net/address_limit.h"
#include "async/net/source.h"
#include "async/tls/tls.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct worker {
    struct workers *all;
    pthread_t thread;
    bool runs; /* the thread is there */
    struct loop *loop;
    struct mailbox *mailbox;
    struct resolver *resolver;
    struct tls *tls;
    struct task_group working;
    struct letter stop;
    struct letter failure;
    int error; /* for which it gave up */
    struct letter last; /* ends it, and tells that it has */
    struct future told, ended; /* on its loop; on the owner's */
    struct letter fence; /* there and back */
    struct future fenced; /* on the owner's loop */
};

struct workers {
    struct mailbox *mailbox; /* the owner's, as the next ones */
    struct task *task;
    int error; /* the first one of a worker */
    unsigned count;
    struct worker each[];
};

unsigned workers_count(const struct workers *workers)
{
    return workers->count;
}

struct worker *workers_get(struct workers *workers, unsigned i)
{
    return &workers->each[i];
}

struct resolver *worker_resolver(const struct worker *worker)
{
    return worker->resolver;
}

struct tls *worker_tls(const struct worker *worker)
{
    return worker->tls;
}

struct mailbox *worker_mailbox(const struct worker *worker)
{
    return worker->mailbox;
}

struct mailbox *worker_owner(const struct worker *worker)
{
    return worker->all->mailbox;
}

/* --- a parcel: there, worked on, back --- */

static void parcel_arrived(struct letter *letter)
{
    struct parcel *parcel = LETTER_OF(letter, struct parcel, letter);
    parcel->back(parcel);
}

static void parcel_return(struct parcel *parcel)
{
    parcel->letter.fn = parcel_arrived;
    mailbox_post(worker_owner(parcel->worker), &parcel->letter);
}

static int parcel_run(void *arg)
{
    struct parcel *parcel = arg;
    parcel->work(parcel);
    parcel_return(parcel);
    return 0;
}

static void parcel_begin(struct letter *letter)
{
    struct parcel *parcel = LETTER_OF(letter, struct parcel, letter);
    struct worker *worker = parcel->worker;
    parcel->error = worker->error;
    if (!parcel->error)
        parcel->error = task_group_spawn(&worker->working, parcel_run, parcel);
    if (parcel->error)
        parcel_return(parcel);
}

void parcel_send(struct parcel *parcel, struct worker *worker)
{
    parcel->worker = worker;
    parcel->letter = (struct letter){.fn = parcel_begin};
    mailbox_post(worker->mailbox, &parcel->letter);
}

/* --- on a worker's loop --- */

static void worker_stop(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, stop);
    task_group_cancel(&worker->working);
}

static void worker_failed(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, failure);
    struct workers *all = worker->all;
    if (!all->error)
        all->error = worker->error;
    task_cancel(all->task);
}

void worker_give_up(struct worker *worker, int error)
{
    if (worker->failure.to)
        return; /* it has already */
    worker->error = error;
    task_group_cancel(&worker->working);
    mailbox_post(worker_owner(worker), &worker->failure);
}

static void worker_told(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, last);
    future_set(&worker->told, 0);
}

static void worker_ended(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, last);
    future_set(&worker->ended, 0);
}

static int worker_task(void *arg)
{
    struct worker *worker = arg;
    int error = await(&worker->told);
    if (error) /* the loop has failed */
        worker->error = error;
    int joined = task_group_join(&worker->working);
    return error ? error : joined;
}

static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    int error = task_run(worker->loop, worker_task, worker);
    mailbox_flush(worker->mailbox);
    if (error)
        worker_give_up(worker, error);
    while (!worker->told.done)
        mailbox_wait(worker->mailbox);
    worker->last.fn = worker_ended;
    mailbox_post(worker_owner(worker), &worker->last);
    return NULL;
}

/* --- on the owner's --- */

void workers_stop(struct workers *workers)
{
    struct address_limits *limits = address_limits_of(loop_running());
    if (limits)
        address_limits_stop(limits);
    for (unsigned i = 0; i < workers->count; i++)
        mailbox_post(workers->each[i].mailbox, &workers->each[i].stop);
}

static void fence_back(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, fence);
    future_set(&worker->fenced, 0);
}

static void fence_there(struct letter *letter)
{
    struct worker *worker = LETTER_OF(letter, struct worker, fence);
    letter->fn = fence_back;
    mailbox_post(worker_owner(worker), letter);
}

void workers_settle(struct workers *workers)
{
    for (unsigned i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->each[i];
        future_init(&worker->fenced);
        worker->fence.fn = fence_there;
        mailbox_post(worker->mailbox, &worker->fence);
    }
    for (unsigned i = 0; i < workers->count; i++)
        (void)await_shielded(&workers->each[i].fenced);
}

/* --- beginning and end --- */

static int worker_share(struct worker *worker)
{
    struct address_limits *limits = address_limits_of(loop_running());
    if (!limits)
        return 0;
    int error =
        address_limits_share(limits, loop_running(), worker_owner(worker));
    return error ? error
                 : address_limits_share(limits, worker->loop, worker->mailbox);
}

static int worker_equip(
    struct worker *worker, const struct workers_config *config)
{
    int error = loop_create(&worker->loop);
    if (!error)
        error = mailbox_create(&worker->mailbox, worker->loop);
    const struct resolver_config resolver = {.servers = config->dns_servers,
        .owner = config->resolver,
        .owner_mailbox = worker_owner(worker),
        .mailbox = worker->mailbox};
    if (!error)
        error = resolver_create(&worker->resolver, worker->loop, &resolver);
    if (!error)
        error = worker_share(worker);
    if (error)
        return error;
    if (config->source)
        source_set(worker->loop, config->source);
    for (size_t i = 0; i < 2; i++)
        loop_timer_common(worker->loop, config->often[i]);
    return 0;
}

/* Signals are the owner's. */
static int worker_start(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&worker->thread, NULL, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    worker->runs = !error;
    return -error;
}

static int worker_open(
    struct worker *worker, const struct workers_config *config, unsigned i)
{
    worker->tls = config->tls[i];
    worker->stop.fn = worker_stop;
    worker->failure.fn = worker_failed;
    worker->last.fn = worker_told;
    task_group_init(&worker->working);
    tls_forget(worker->tls);
    int error = worker_equip(worker, config);
    return error ? error : worker_start(worker);
}

int workers_open(struct workers **out, const struct workers_config *config)
{
    struct workers *workers =
        calloc(1, sizeof *workers + config->count * sizeof *workers->each);
    if (!workers)
        return -ENOMEM;
    workers->task = task_current();
    int error = mailbox_create(&workers->mailbox, loop_running());
    for (unsigned i = 0; !error && i < config->count; i++) {
        workers->each[i].all = workers;
        workers->count = i + 1;
        error = worker_open(&workers->each[i], config, i);
    }
    if (error)
        (void)workers_close(workers);
    else
        *out = workers;
    return error;
}

static void worker_end(struct worker *worker)
{
    if (!worker->runs)
        return;
    mailbox_post(worker->mailbox, &worker->last);
    (void)await_shielded(&worker->ended);
    pthread_join(worker->thread, NULL);
}

static void worker_close(struct worker *worker)
{
    resolver_destroy(worker->resolver);
    mailbox_destroy(worker->mailbox);
    loop_destroy(worker->loop);
}

int workers_close(struct workers *workers)
{
    if (!workers)
        return 0;
    for (unsigned i = 0; i < workers->count; i++)
        worker_end(&workers->each[i]);
    /* What came for a worker after its end; nobody posts any more. */
    for (unsigned i = 0; i < workers->count; i++)
        if (workers->each[i].mailbox)
            mailbox_empty(workers->each[i].mailbox);
    for (unsigned i = 0; i < workers->count; i++)
        worker_close(&workers->each[i]);
    int error = workers->error;
    if (workers->mailbox) {
        mailbox_flush(workers->mailbox);
        mailbox_empty(workers->mailbox);
    }
    mailbox_destroy(workers->mailbox);
    free(workers);
    return error;
}
