/*
 * question - coalescing and caching of DNS questions.
 *
 * Invariant: a question with an answer, but without references and live
 * queries, is in `unused`, the oldest first; without an answer it would be
 * freed.
 */
#include "async/dns/question_inside.h"

#include "async/core/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* c-ares does not tell the SOA's TTL: how long a "no" is believed. */
#define NEGATIVE_TTL (5 * LOOP_SECOND)

enum { NEVER_KEPT = 0 }; /* when such an answer expires */

static size_t address_size(const struct question *q)
{
    return q->family == AF_INET ? sizeof(struct in_addr)
                                : sizeof(struct in6_addr);
}

static size_t bucket_of(const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ ((unsigned char)*name | 0x20u)) * 16777619u;
    return hash % QUESTION_BUCKETS;
}

static void question_free(struct question *q)
{
    if (q->hashed)
        LIST_REMOVE(q, bucket);
    servers_free(q);
    free(q->addresses);
    free(q);
}

static void question_uncache(struct question *q)
{
    TAILQ_REMOVE(&q->all->unused, q, link);
    q->all->cached--;
}

/* --- answers --- */

static void keep_addresses(struct question *q, const struct dns_answer *answer)
{
    size_t size = answer->count * address_size(q);
    q->addresses = malloc(size);
    if (!q->addresses) {
        q->result = -ENOMEM;
        return;
    }
    memcpy(q->addresses, &answer->addresses, size);
    q->count = answer->count;
}

static void question_unused(struct question *q)
{
    struct questions *all = q->all;
    if (all->closing || !q->hashed || q->expires == NEVER_KEPT) {
        question_free(q);
        return;
    }
    TAILQ_INSERT_TAIL(&all->unused, q, link);
    if (++all->cached > QUESTIONS_CACHED_MAX) {
        struct question *oldest = TAILQ_FIRST(&all->unused);
        question_uncache(oldest);
        question_free(oldest);
    }
}

static int64_t time_to_keep(int result, int64_t ttl)
{
    switch (result) {
    case 0:
        return ttl * LOOP_SECOND;
    case ASYNC_DNS_NXDOMAIN:
    case ASYNC_DNS_NODATA:
    case ASYNC_DNS_UNSPECIFIED:
        return NEGATIVE_TTL;
    default:
        return 0; /* says nothing about the name: a retry must ask again */
    }
}

void question_finish(struct question *q, const struct dns_answer *answer)
{
    q->answered = true;
    q->result = answer->result;
    if (!q->result)
        keep_addresses(q, answer);
    int64_t keep = time_to_keep(q->result, answer->ttl);
    q->expires = keep ? loop_time() + keep : NEVER_KEPT;
    servers_leave(q);
    while (!TAILQ_EMPTY(&q->waiters)) {
        struct question_waiter *waiter = TAILQ_FIRST(&q->waiters);
        TAILQ_REMOVE(&q->waiters, waiter, link);
        waiter->waiting = false;
        waiter->answered(waiter->arg);
    }
}

void question_idle(struct question *q)
{
    if (q->answered)
        question_unused(q);
    else
        question_free(q);
}

/* --- all of them --- */

int questions_create(
    struct questions **out, struct loop *loop, const char *servers)
{
    struct questions *all = calloc(1, sizeof *all);
    if (!all)
        return -ENOMEM;
    int result = nameservers_create(&all->ns, loop, servers, &question_events);
    if (result) {
        free(all);
        return result;
    }
    all->loop = loop;
    TAILQ_INIT(&all->unused);
    *out = all;
    return 0;
}

void questions_destroy(struct questions *all)
{
    if (!all)
        return;
    all->closing = true;
    nameservers_destroy(all->ns);
    while (!TAILQ_EMPTY(&all->unused)) {
        struct question *q = TAILQ_FIRST(&all->unused);
        question_uncache(q);
        question_free(q);
    }
    free(all);
}

const struct search_list *questions_search(struct questions *all)
{
    return nameservers_search(all->ns);
}

/* --- one --- */

static struct question *question_find(
    const struct question_bucket *bucket, const struct nameserver_question *ask)
{
    struct question *q;
    LIST_FOREACH (q, bucket, bucket)
        if (q->family == ask->family && !strcasecmp(q->name, ask->name))
            return q;
    return NULL;
}

static struct question *question_create(struct questions *all,
    struct question_bucket *bucket, const struct nameserver_question *ask)
{
    size_t size = strlen(ask->name) + 1;
    struct question *q = malloc(sizeof *q + size);
    if (!q)
        return NULL;
    *q = (struct question){
        .all = all,
        .family = ask->family,
        .hashed = true,
    };
    memcpy(q->name, ask->name, size);
    TAILQ_INIT(&q->waiters);
    LIST_INSERT_HEAD(bucket, q, bucket);
    servers_ask(q);
    return q;
}

/* Or asked of servers that are not asked any more. */
static bool is_stale(const struct question *q)
{
    return q->servers != q->all->servers ||
           (q->answered && q->expires <= loop_time());
}

static bool is_unused(const struct question *q)
{
    return q->answered && q->references == 0 && q->live == 0;
}

/* A stale one is not found any more; who waits for it or reads it may go
 * on. */
static void question_expire(struct question *q)
{
    if (is_unused(q)) {
        question_uncache(q);
        question_free(q);
        return;
    }
    LIST_REMOVE(q, bucket);
    q->hashed = false;
}

static void question_use(struct question *q, struct question_waiter *waiter)
{
    if (is_unused(q))
        question_uncache(q);
    if (q->references++ == 0)
        servers_want(q);
    waiter->waiting = !q->answered;
    if (waiter->waiting)
        TAILQ_INSERT_TAIL(&q->waiters, waiter, link);
}

struct question *question_get(struct questions *all,
    const struct nameserver_question *ask, struct question_waiter *waiter)
{
    struct question_bucket *bucket = &all->buckets[bucket_of(ask->name)];
    all->servers = nameservers_look(all->ns);
    struct question *q = question_find(bucket, ask);
    if (q && is_stale(q)) {
        question_expire(q);
        q = NULL;
    }
    if (!q && !(q = question_create(all, bucket, ask)))
        return NULL;
    question_use(q, waiter);
    return q;
}

void question_put(struct question *q, struct question_waiter *waiter)
{
    if (waiter->waiting) {
        TAILQ_REMOVE(&q->waiters, waiter, link);
        waiter->waiting = false;
    }
    if (--q->references > 0)
        return;
    servers_leave(q);
    if (q->live == 0)
        question_idle(q);
}

bool question_waits(const struct question *q)
{
    return !q->answered && servers_wait(q);
}

bool question_answered(const struct question *q)
{
    return q->answered;
}

int question_result(const struct question *q)
{
    return q->answered ? q->result : servers_said(q);
}

size_t question_count(const struct question *q)
{
    return q->count;
}

bool question_address(
    const struct question *q, size_t i, union address *address)
{
    if (!q->answered || i >= q->count)
        return false;
    *address = (union address){.sa.sa_family = (sa_family_t)q->family};
    const char *bytes = q->addresses + i * address_size(q);
    if (q->family == AF_INET)
        memcpy(&address->in.sin_addr, bytes, address_size(q));
    else
        memcpy(&address->in6.sin6_addr, bytes, address_size(q));
    return true;
}
