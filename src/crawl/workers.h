/*
 * workers - further threads of a run, each with a loop, streams, TLS objects
 * and an end of the resolver of its own.
 *
 * What threads share is named here, and nothing else is:
 *  - the crawl (list, pace, slots, judging, report, outputs, totals, deadline,
 *    signals) and DNS's questions belong to the loop that called workers_open,
 *    the owner's, which fetches, too.  A target goes to a worker as a parcel
 *    and comes back as one, its lines by a relay, so that they need no lock;
 *  - the limits of addresses are behind a lock (async/net/address_limit), as
 *    are mailboxes (async/core/mailbox);
 *  - atomic: which phase a target is in (record/result.h), whether a question
 *    waits (async/dns/asked), whether the output is full (crawl/relay), whether
 *    the trust store was complained about (crawl/setup);
 *  - what is only read: options, routes, proxies, source, targets, and a
 *    result's input while its target is under way;
 *  - of the process: signals, which are the owner's (async/core/signals), and
 *    the decoders of OpenSSL 3.0, set once (async/tls/tls_decoders);
 *  - of libraries, what they lock themselves: OpenSSL's providers, malloc.
 */
#ifndef AFETCH_WORKERS_H
#define AFETCH_WORKERS_H

#include "async/core/mailbox.h"

#include <stdbool.h>
#include <stdint.h>

struct resolver;
struct source;
struct tls;
struct worker;
struct workers;

struct workers_config {
    unsigned count; /* of threads beside the owner's */
    struct tls *const *tls; /* one for each */
    struct resolver *resolver; /* the owner's */
    const char *dns_servers; /* NULL: the system's */
    struct source *source; /* of connections; NULL: any */
    int64_t often[2]; /* ns: lengths of many timers */
};

/* Awaits.  Starts the threads; limits of addresses that the loop has are
 * theirs, too.  0; or -ENOMEM, -EMFILE, -EAGAIN, …, with none left. */
int workers_open(struct workers **out, const struct workers_config *config);
/* Awaits, on through interruptions.  Ends the threads; every parcel is back.
 * NULL-safe.  0, or the -errno for which a thread gave up; the task of
 * workers_open was canceled then. */
int workers_close(struct workers *workers);
/* Everything under way there is canceled, and what comes later.  Once. */
void workers_stop(struct workers *workers);
/* Awaits, on through interruptions.  The letters to workers that were posted
 * before have been read. */
void workers_settle(struct workers *workers);

unsigned workers_count(const struct workers *workers);
struct worker *workers_get(struct workers *workers, unsigned i);
struct resolver *worker_resolver(const struct worker *worker);
struct tls *worker_tls(const struct worker *worker);
struct mailbox *worker_mailbox(const struct worker *worker);
struct mailbox *worker_owner(const struct worker *worker);
/* On the worker's loop: it cannot go on.  The first error counts. */
void worker_give_up(struct worker *worker, int error);

/* Work for a worker; the sender's storage until it is back. */
struct parcel {
    void (*work)(struct parcel *parcel); /* awaits; a task of the worker's */
    void (*back)(struct parcel *parcel); /* on the owner's loop, no task */
    int error; /* -ENOMEM, …: it was not worked on */
    struct worker *worker;
    struct letter letter;
};

/* By the owner; `work` and `back` are set. */
void parcel_send(struct parcel *parcel, struct worker *worker);

#endif
