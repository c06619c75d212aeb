/*
 * query - a question as it is put to one name server, an upstream.  Each
 * upstream has a window of its own: so many of its queries are open at a time,
 * fewer where it has been seen to bear fewer, and what it refuses for now it
 * is asked again later.
 *
 * A query is open if it was asked less than QUERY_PLACE_TIME ago, has no
 * answer yet, and is wanted: names whose zones are silent do not delay others.
 */
#ifndef ASYNC_QUERY_H
#define ASYNC_QUERY_H

#include "async/core/loop.h"
#include "async/dns/dns_answer.h"

#include <stdbool.h>
#include <sys/queue.h>

enum {
    QUERIES_OPEN_MAX = 100, /* A and AAAA each count */
    QUERIES_ASKED_MAX = 4096, /* without an answer so far, open or not */
};

#define QUERY_PLACE_TIME (500 * LOOP_MILLISECOND)

struct resolv_conf;
struct upstream; /* a name server */

/* In the storage of whoever asks; where not said otherwise, query's own. */
struct query {
    struct upstream *upstream;
    const char *name; /* complete; the asker's, it lives as long */
    int family; /* AF_INET: A, AF_INET6: AAAA */
    void *asker;
    bool wanted; /* somebody waits for it; the asker's */
    TAILQ_ENTRY(query) link; /* of the list of its state */
    enum query_state {
        QUERY_ENDED, /* or not begun */
        QUERY_QUEUED,
        QUERY_LATER, /* refused: with fewer places taken */
        QUERY_DOUBTED, /* refused again: in a test */
        QUERY_TESTED, /* refused in the test that is going on */
        QUERY_FAILED, /* SERVFAIL: of its zone, if others are answered */
        QUERY_OPEN,
        QUERY_ASIDE
    } state;
    bool seen, held; /* QUEUED: for some time; for longer */
    bool in_test; /* OPEN */
    bool tried; /* OPEN, with no fewer places than when it was refused */
    bool timed; /* ASIDE: in the list of those not told silent yet */
    int said; /* against it so far, or 0 */
    int not_now; /* what the last refusal was, or 0 */
    unsigned refusals, stage; /* in all; since the last pause */
    unsigned level; /* of the window, when it was asked last */
    unsigned among; /* so many open ones, itself included, it was asked */
    unsigned refused_at; /* level, or 0: that was not the reason */
    unsigned refused_among;
    unsigned tests; /* that it has failed; PROOF: enough */
    int64_t asked; /* loop_time */
    int64_t expires; /* loop_time: its place; FAILED: since */
};

/* What a query's asker is told. */
struct query_events {
    /* It has ended: an answer, or why there is none. */
    void (*answered)(struct query *query, const struct dns_answer *answer);
    /* query_waits may have changed. */
    void (*moved)(struct query *query);
    /* The server has kept silent for the time of a try. */
    void (*silent)(struct query *query);
    /* It waits where others may be asked, or need not: it may be left and
     * begun elsewhere, or stay. */
    void (*returned)(struct query *query);
};

/* Wanted, at this upstream, which will ask it when there is a place; name,
 * family and asker are set. */
void query_begin(struct query *query, struct upstream *upstream);
/* Nobody wants it any more.  True: it has ended; false: `answered` will come,
 * for c-ares cannot give it up. */
bool query_leave(struct query *query);
/* Whether it waits for a place at the server: it is not asked now. */
bool query_waits(const struct query *query);
/* What has been said against it so far: enum async_error, or 0. */
int query_said(const struct query *query);

/* --- upstream --- */

struct upstream_config {
    struct loop *loop;
    const struct resolv_conf *conf; /* lives as long */
    size_t server; /* which of its servers */
    const struct query_events *events;
    void (*look)(void *arg); /* called before anything is asked */
    void *arg;
};

/* As nameserver_create. */
int upstream_create(
    struct upstream **out, const struct upstream_config *config);
/* What is open ends with -ECANCELED; nothing may wait.  NULL-safe. */
void upstream_destroy(struct upstream *upstream);
/* The one that is asked when this one is of no use: a ring. */
void upstream_link(struct upstream *upstream, struct upstream *next);
struct upstream *upstream_next(const struct upstream *upstream);
/* Has it no query at all? */
bool upstream_is_idle(const struct upstream *upstream);
/* Does it refuse everything now? */
bool upstream_is_paused(const struct upstream *upstream);
/* Tells the askers of what is in its queue, or of all that waits. */
void upstream_return_queue(struct upstream *upstream);
void upstream_return_all(struct upstream *upstream);

#endif
