/*
 * address_limit - see address_limit.h.
 *
 * Invariant: an address has a limit while somebody is inside; somebody queues
 * only while it is full.
 */
#include "async/net/address_limit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct address_limit {
    struct address_limits *limits;
    union address address;
    unsigned inside;
    TAILQ_HEAD(, address_limit_place) queue;
    LIST_ENTRY(address_limit) link;
};

struct address_limits {
    unsigned most; /* connections to one address */
    LIST_HEAD(, address_limit) buckets[BUCKETS];
};

static void address_limits_destroy(void *arg)
{
    struct address_limits *limits = arg;
    for (size_t i = 0; i < BUCKETS; i++)
        assert(LIST_EMPTY(&limits->buckets[i]));
    free(limits);
}

int address_limits_create(struct loop *loop, unsigned limit)
{
    struct address_limits *limits = calloc(1, sizeof *limits);
    if (!limits)
        return -ENOMEM;
    limits->most = limit;
    loop_set_local(
        loop, LOOP_LOCAL_ADDRESS_LIMITS, limits, address_limits_destroy);
    return 0;
}

struct address_limits *address_limits_of(struct loop *loop)
{
    return loop_local(loop, LOOP_LOCAL_ADDRESS_LIMITS);
}

static const void *bytes_of(const union address *address, size_t *size)
{
    bool v6 = address->sa.sa_family == AF_INET6;
    *size = v6 ? sizeof address->in6.sin6_addr : sizeof address->in.sin_addr;
    return v6 ? (const void *)&address->in6.sin6_addr
              : (const void *)&address->in.sin_addr;
}

static bool is_same_address(const union address *a, const union address *b)
{
    size_t size;
    const void *bytes = bytes_of(a, &size);
    return a->sa.sa_family == b->sa.sa_family &&
           memcmp(bytes, bytes_of(b, &size), size) == 0;
}

/* FNV-1a. */
static size_t limit_bucket_of(const union address *address)
{
    size_t size;
    const unsigned char *bytes = bytes_of(address, &size);
    uint32_t hash = 2166136261;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 16777619;
    return hash % BUCKETS;
}

static struct address_limit *address_limit_get(
    struct address_limits *limits, const union address *address)
{
    size_t bucket = limit_bucket_of(address);
    struct address_limit *limit;
    LIST_FOREACH (limit, &limits->buckets[bucket], link)
        if (is_same_address(&limit->address, address))
            return limit;
    limit = calloc(1, sizeof *limit);
    if (!limit)
        return NULL;
    limit->limits = limits;
    limit->address = *address;
    TAILQ_INIT(&limit->queue);
    LIST_INSERT_HEAD(&limits->buckets[bucket], limit, link);
    return limit;
}

int address_limit_enter(struct address_limits *limits,
    const union address *address, struct address_limit_place *place)
{
    struct address_limit *limit = address_limit_get(limits, address);
    if (!limit)
        return -ENOMEM;
    place->limit = limit;
    place->granted = limit->inside < limits->most;
    if (place->granted)
        limit->inside++;
    else
        TAILQ_INSERT_TAIL(&limit->queue, place, link);
    return 0;
}

void address_limit_leave(struct address_limit *limit)
{
    struct address_limit_place *first =
        limit ? TAILQ_FIRST(&limit->queue) : NULL;
    if (first) {
        TAILQ_REMOVE(&limit->queue, first, link);
        first->granted = true;
        future_set(first->changed, 0);
    } else if (limit && --limit->inside == 0) {
        LIST_REMOVE(limit, link);
        free(limit);
    }
}

void address_limit_give_up(struct address_limit_place *place)
{
    if (place->limit && place->granted)
        address_limit_leave(place->limit);
    else if (place->limit)
        TAILQ_REMOVE(&place->limit->queue, place, link);
    place->limit = NULL;
}
