/*
 * question - coalescing, pacing and caching of DNS questions.
 *
 * Invariant: a question is in exactly one of these states: queued (in
 * `queue`), open (asked of c-ares; in `open`, in the order asked, the clock
 * running for the first), aside (asked, but takes no place any more),
 * answered.  Answered and without a reference it is in `unused`, the oldest
 * first, or freed.
 */
#include "question.h"

#include "error.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BUCKETS = 8192 };
/* c-ares does not tell the SOA's TTL: how long a "no" is believed. */
#define NEGATIVE_TTL (5 * LOOP_SECOND)

enum { NEVER_KEPT = 0 }; /* when such an answer expires */

struct question {
    struct questions *all;
    LIST_ENTRY(question) bucket;
    TAILQ_ENTRY(question) link; /* of `queue`, `open` or `unused` */
    TAILQ_HEAD(, question_waiter) waiters; /* in the order they came */
    enum { QUEUED, OPEN, ASIDE, ANSWERED } state;
    unsigned references;
    int family;
    bool hashed;
    int result; /* until it is answered: what is said against it so far */
    int64_t expires; /* loop_time: its place, then its answer */
    unsigned servers; /* nameservers_look, when it was asked */
    size_t count;
    char *addresses; /* of struct in_addr or in6_addr */
    char name[];
};

TAILQ_HEAD(question_list, question);
LIST_HEAD(question_bucket, question);

struct questions {
    struct loop *loop;
    struct nameservers *ns;
    struct loop_call pump;
    struct question_list queue, open, unused;
    struct loop_timer clock;
    unsigned opened, aside; /* in `open`, and in that state */
    size_t cached; /* in `unused` */
    unsigned servers; /* the last nameservers_look */
    bool closing;
    struct question_bucket buckets[BUCKETS];
};

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
    return hash % BUCKETS;
}

static void question_free(struct question *q)
{
    if (q->hashed)
        LIST_REMOVE(q, bucket);
    free(q->addresses);
    free(q);
}

static void question_uncache(struct question *q)
{
    TAILQ_REMOVE(&q->all->unused, q, link);
    q->all->cached--;
}

/* --- asking --- */

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

/* --- places --- */

static void places_over(evutil_socket_t fd, short what, void *arg);

static void place_take(struct question *q, int64_t now)
{
    struct questions *all = q->all;
    q->state = OPEN;
    q->servers = all->servers;
    q->expires = now + QUESTION_PLACE_TIME;
    TAILQ_INSERT_TAIL(&all->open, q, link);
    if (all->opened++ == 0)
        loop_timer_start(
            all->loop, &all->clock, QUESTION_PLACE_TIME, places_over, all);
}

static void place_leave(struct question *q)
{
    struct questions *all = q->all;
    TAILQ_REMOVE(&all->open, q, link);
    if (--all->opened == 0)
        loop_timer_stop(&all->clock);
}

/* c-ares cannot give a question up: it is only counted elsewhere. */
static void set_aside(struct question *q)
{
    place_leave(q);
    q->state = ASIDE;
    q->all->aside++;
    loop_call_soon(q->all->loop, &q->all->pump);
}

static void places_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct questions *all = arg;
    struct question *first;
    int64_t now = loop_time();
    while ((first = TAILQ_FIRST(&all->open)) && first->expires <= now)
        set_aside(first);
    if (first)
        loop_timer_start(
            all->loop, &all->clock, first->expires - now, places_over, all);
}

static void question_answer(void *arg, const struct dns_answer *answer)
{
    struct question *q = arg;
    struct questions *all = q->all;
    if (q->state == OPEN)
        place_leave(q);
    else
        all->aside--;
    if (!all->closing)
        loop_call_soon(all->loop, &all->pump);
    q->state = ANSWERED;
    q->result = answer->result;
    if (!q->result)
        keep_addresses(q, answer);
    int64_t keep = time_to_keep(q->result, answer->ttl);
    q->expires = keep ? loop_time() + keep : NEVER_KEPT;
    while (!TAILQ_EMPTY(&q->waiters)) {
        struct question_waiter *waiter = TAILQ_FIRST(&q->waiters);
        TAILQ_REMOVE(&q->waiters, waiter, link);
        waiter->waiting = false;
        waiter->answered(waiter->arg);
    }
    if (q->references == 0)
        question_unused(q);
}

static bool may_ask(const struct questions *all)
{
    return all->opened < QUESTIONS_OPEN_MAX &&
           all->opened + all->aside < QUESTIONS_ASKED_MAX;
}

/* The loop's call: asks what may be asked. */
static void pump(void *arg)
{
    struct questions *all = arg;
    int64_t now = loop_time();
    all->servers = nameservers_look(all->ns);
    while (may_ask(all) && !TAILQ_EMPTY(&all->queue)) {
        struct question *q = TAILQ_FIRST(&all->queue);
        TAILQ_REMOVE(&all->queue, q, link);
        place_take(q, now);
        nameservers_ask(all->ns,
            &(struct nameserver_question){q->name, q->family}, &q->result,
            question_answer, q);
    }
    nameservers_flush(all->ns);
}

/* --- all of them --- */

int questions_create(
    struct questions **out, struct loop *loop, const char *servers)
{
    struct questions *all = calloc(1, sizeof *all);
    if (!all)
        return -ENOMEM;
    int result = nameservers_create(&all->ns, loop, servers);
    if (result) {
        free(all);
        return result;
    }
    all->loop = loop;
    loop_call_init(&all->pump, pump, all);
    TAILQ_INIT(&all->queue);
    TAILQ_INIT(&all->open);
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
    loop_call_cancel(all->loop, &all->pump);
    assert(TAILQ_EMPTY(&all->queue) && !all->opened && !all->aside);
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
    TAILQ_INSERT_TAIL(&all->queue, q, link);
    loop_call_soon(all->loop, &all->pump);
    return q;
}

/* Or asked of servers that are not asked any more. */
static bool is_stale(const struct question *q)
{
    if (q->state == QUEUED)
        return false;
    return q->servers != q->all->servers ||
           (q->state == ANSWERED && q->expires <= loop_time());
}

/* A stale one is not found any more; who waits for it or reads it may go
 * on. */
static void question_expire(struct question *q)
{
    if (q->state == ANSWERED && q->references == 0) {
        question_uncache(q);
        question_free(q);
        return;
    }
    LIST_REMOVE(q, bucket);
    q->hashed = false;
}

struct question *question_get(struct questions *all,
    const struct nameserver_question *ask, struct question_waiter *waiter)
{
    struct question_bucket *bucket = &all->buckets[bucket_of(ask->name)];
    struct question *q = question_find(bucket, ask);
    all->servers = nameservers_look(all->ns);
    if (q && is_stale(q)) {
        question_expire(q);
        q = NULL;
    }
    if (!q && !(q = question_create(all, bucket, ask)))
        return NULL;
    if (q->state == ANSWERED && q->references == 0)
        question_uncache(q);
    q->references++;
    waiter->waiting = q->state != ANSWERED;
    if (waiter->waiting)
        TAILQ_INSERT_TAIL(&q->waiters, waiter, link);
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
    if (q->state == ANSWERED) {
        question_unused(q);
    } else if (q->state == QUEUED) {
        TAILQ_REMOVE(&q->all->queue, q, link);
        question_free(q);
    } else if (q->state == OPEN) { /* it frees itself when it is answered */
        set_aside(q);
    }
}

bool question_answered(const struct question *q)
{
    return q->state == ANSWERED;
}

int question_result(const struct question *q)
{
    return q->result;
}

bool question_address(
    const struct question *q, size_t i, union address *address)
{
    if (q->state != ANSWERED || i >= q->count)
        return false;
    *address = (union address){.sa.sa_family = (sa_family_t)q->family};
    const char *bytes = q->addresses + i * address_size(q);
    if (q->family == AF_INET)
        memcpy(&address->in.sin_addr, bytes, address_size(q));
    else
        memcpy(&address->in6.sin6_addr, bytes, address_size(q));
    return true;
}
