/*
 * question_servers - whom a question is put to: the first server, the next one
 * when that one is of no use or silent, until there is an answer.
 *
 * Invariant: a question without an answer that somebody waits for has a live
 * query.
 */
#include "async/dns/question_inside.h"

#include "async/core/error.h"

#include <errno.h>
#include <stdlib.h>

static void query_put(
    struct question *q, struct question_query *to, struct upstream *upstream)
{
    to->query.name = q->name;
    to->query.family = q->family;
    to->query.asker = q;
    q->live++;
    query_begin(&to->query, upstream);
}

void servers_ask(struct question *q)
{
    q->servers = q->all->servers;
    q->last = &q->first;
    query_put(q, &q->first, nameservers_first(q->all->ns));
}

void servers_free(struct question *q)
{
    struct question_query *query = q->first.next;
    while (query) {
        struct question_query *next = query->next;
        free(query);
        query = next;
    }
}

/* Puts it to the next one, too, once.  0: there is none; 1; -ENOMEM. */
static int ask_next(struct question *q, const struct query *after)
{
    struct upstream *next = upstream_next(after->upstream);
    if (after != &q->last->query || next == q->first.query.upstream)
        return 0;
    struct question_query *query = calloc(1, sizeof *query);
    if (!query)
        return -ENOMEM;
    q->last = q->last->next = query;
    query_put(q, query, next);
    return 1;
}

void servers_leave(struct question *q)
{
    for (struct question_query *at = &q->first; at; at = at->next)
        if (at->query.state != QUERY_ENDED && query_leave(&at->query))
            q->live--;
}

/* Those that have been asked and are not answered. */
void servers_want(struct question *q)
{
    for (struct question_query *at = &q->first; at; at = at->next)
        at->query.wanted = true;
}

/* No time passes while a server has no place for it, and none is being
 * asked. */
bool servers_wait(const struct question *q)
{
    bool waits = false;
    for (const struct question_query *at = &q->first; at; at = at->next) {
        if (at->query.state == QUERY_OPEN)
            return false;
        waits |= query_waits(&at->query);
    }
    return waits;
}

int servers_said(const struct question *q)
{
    int said = q->result;
    for (const struct question_query *at = &q->first; at; at = at->next)
        if (at->query.state != QUERY_ENDED && query_said(&at->query))
            said = async_dns_more_telling(said, query_said(&at->query));
    return said;
}

/* --- what they say --- */

static bool is_answer(int result)
{
    return !result || result == ASYNC_DNS_NXDOMAIN ||
           result == ASYNC_DNS_NODATA || result == ASYNC_DNS_UNSPECIFIED;
}

/* Another server may have the answer; -errno: our own shortage. */
static bool is_for_next(int result)
{
    switch (result) {
    case ASYNC_DNS_SERVFAIL:
    case ASYNC_DNS_REFUSED:
    case ASYNC_DNS_FORMERR:
    case ASYNC_DNS_NOTIMP:
    case ASYNC_DNS_NOTAUTH:
    case ASYNC_DNS_ALIAS:
    case ASYNC_DNS_REFERRAL:
    case ASYNC_DNS_BAD_ANSWER:
    case ASYNC_DNS_TIMEOUT:
    case ASYNC_DNS_TCP_TIMEOUT:
    case ASYNC_DNS_NO_TCP:
    case ASYNC_DNS_UNREACHABLE:
        return true;
    default:
        return false;
    }
}

/* The first server, where another one has answered. */
static void note_first(struct question *q, const struct query *answered)
{
    const struct query *first = &q->first.query;
    if (answered == first)
        nameservers_answered(q->all->ns, first->upstream);
    else if (q->missed || first->state == QUERY_ASIDE)
        nameservers_missed(q->all->ns, first->upstream);
}

static void take_final(
    struct question *q, const struct query *by, const struct dns_answer *answer)
{
    if (is_answer(answer->result))
        note_first(q, by);
    question_finish(q, answer);
}

static void waiters_moved(struct question *q)
{
    struct question_waiter *waiter;
    TAILQ_FOREACH (waiter, &q->waiters, link)
        if (waiter->moved)
            waiter->moved(waiter->arg);
}

/* Silence, and a port where nobody listens, do not tell more than what a
 * server said. */
static bool is_said(int result)
{
    return result != ASYNC_DNS_TIMEOUT && result != ASYNC_DNS_UNREACHABLE;
}

static void take_failure(struct question *q, const struct query *by, int result)
{
    if (is_said(result))
        q->result = async_dns_more_telling(q->result, result);
    else if (by == &q->first.query)
        q->missed = true;
    int asked = ask_next(q, by);
    if (asked >= 0 && q->live > 0) {
        waiters_moved(q);
        return;
    }
    if (asked < 0)
        result = asked;
    else if (q->result)
        result = q->result;
    question_finish(q, &(struct dns_answer){.result = result});
}

static void servers_answered(
    struct query *query, const struct dns_answer *answer)
{
    struct question *q = query->asker;
    q->live--;
    if (!q->answered && !is_for_next(answer->result))
        take_final(q, query, answer);
    else if (!q->answered && q->references > 0)
        take_failure(q, query, answer->result);
    if (q->live == 0 && q->references == 0)
        question_idle(q);
}

/* A server that refuses it for now is waited for, and the next one asked. */
static void servers_moved(struct query *query)
{
    struct question *q = query->asker;
    if (query->not_now && query_waits(query))
        ask_next(q, query);
    waiters_moved(q);
}

/* Either may answer yet. */
static void servers_silent(struct query *query)
{
    struct question *q = query->asker;
    ask_next(q, query);
    waiters_moved(q);
}

/* Only a question that no other server has been asked. */
static void servers_returned(struct query *query)
{
    struct question *q = query->asker;
    if (q->last != &q->first ||
        nameservers_first(q->all->ns) == query->upstream)
        return;
    query_leave(query);
    q->live--;
    q->all->servers = nameservers_look(q->all->ns);
    servers_ask(q);
    waiters_moved(q);
}

const struct query_events question_events = {
    .answered = servers_answered,
    .moved = servers_moved,
    .silent = servers_silent,
    .returned = servers_returned,
};
