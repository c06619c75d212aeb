/*
 * query - a query's beginning and end, and the name server that it is for.
 *
 * Invariant: a query is in exactly one of these states: queued (in `queue`),
 * refused for now (in one of the lists of `again`), open (asked of c-ares; in
 * `open`, in the order asked, the clock running for the first), aside (asked,
 * but takes no place here any more), ended.
 */
#include "async/dns/query_inside.h"

#include "async/core/error.h"
#include "async/dns/resolv_conf.h"

#include <errno.h>
#include <stdlib.h>

/* The time of a try, where resolv.conf(5) does not say it. */
#define PATIENCE LOOP_SECOND

/* --- one --- */

void query_begin(struct query *q, struct upstream *up)
{
    const struct query *last = TAILQ_LAST(&up->queue, query_list);
    *q = (struct query){
        .upstream = up,
        .name = q->name,
        .family = q->family,
        .asker = q->asker,
        .wanted = true,
        .state = QUERY_QUEUED,
        .held = last && last->held,
    };
    TAILQ_INSERT_TAIL(&up->queue, q, link);
    loop_call_soon(up->loop, &up->pump);
}

bool query_leave(struct query *q)
{
    q->wanted = false;
    switch (q->state) {
    case QUERY_ENDED:
        return true;
    case QUERY_OPEN:
        query_set_aside(q);
        return false;
    case QUERY_ASIDE:
        silence_leave(q);
        return false;
    default:
        query_unlist(q);
        q->state = QUERY_ENDED;
        return true;
    }
}

bool query_waits(const struct query *q)
{
    return q->held || q->state == QUERY_LATER || q->state == QUERY_DOUBTED ||
           q->state == QUERY_TESTED || q->state == QUERY_FAILED;
}

/* SERVFAIL that was asked again, and is not known to mean load: silence does
 * not tell more. */
static int said_before(const struct query *q)
{
    bool load = q->upstream->again.servfails > 0;
    return q->not_now == ASYNC_DNS_SERVFAIL && !load ? q->not_now : 0;
}

int query_said(const struct query *q)
{
    return q->said ? q->said : said_before(q);
}

void query_finish(struct query *q, const struct dns_answer *answer)
{
    struct dns_answer before;
    q->state = QUERY_ENDED;
    q->held = false;
    before.result = said_before(q);
    q->upstream->events->answered(
        q, answer->result == ASYNC_DNS_TIMEOUT && before.result ? &before
                                                                : answer);
}

/* --- upstream --- */

static int64_t patience_of(const struct resolv_conf *conf)
{
    if (conf->server_count == 1)
        return 0;
    return conf->timeout ? conf->timeout * LOOP_SECOND : PATIENCE;
}

int upstream_create(struct upstream **out, const struct upstream_config *config)
{
    struct upstream *up = calloc(1, sizeof *up);
    if (!up)
        return -ENOMEM;
    int result =
        nameserver_create(&up->ns, config->loop, config->conf, config->server);
    if (result) {
        free(up);
        return result;
    }
    up->loop = config->loop;
    up->events = config->events;
    up->look = config->look;
    up->arg = config->arg;
    up->patience = patience_of(config->conf);
    asking_init(up);
    *out = up;
    return 0;
}

void upstream_destroy(struct upstream *up)
{
    if (!up)
        return;
    up->closing = true;
    nameserver_destroy(up->ns);
    asking_fini(up);
    free(up);
}

void upstream_link(struct upstream *up, struct upstream *next)
{
    up->next = next;
}

struct upstream *upstream_next(const struct upstream *up)
{
    return up->next;
}

bool upstream_is_idle(const struct upstream *up)
{
    return TAILQ_EMPTY(&up->queue) && !again_waits(up) &&
           up->opened + up->aside == 0 && !up->again.witness.open;
}

bool upstream_is_paused(const struct upstream *up)
{
    return up->again.paused && up->again.refused;
}

/* Each that its asker takes is begun elsewhere. */
static void return_list(struct query_list *list)
{
    struct query *q, *next;
    for (q = TAILQ_FIRST(list); q; q = next) {
        next = TAILQ_NEXT(q, link);
        q->upstream->events->returned(q);
    }
}

void upstream_return_queue(struct upstream *up)
{
    return_list(&up->queue);
}

void upstream_return_all(struct upstream *up)
{
    return_list(&up->queue);
    return_list(&up->again.later);
    return_list(&up->again.doubted);
    return_list(&up->again.failed);
}
