/*
 * address_limit - see address_limit.h.
 *
 * Invariant: a gate exists while somebody is inside; somebody queues only
 * while it is full.
 */
#include "async/net/address_limit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct address_limit {
    struct address_limits *gates;
    union address address;
    unsigned inside;
    TAILQ_HEAD(, address_limit_place) queue;
    LIST_ENTRY(address_limit) link;
};

struct address_limits {
    unsigned limit;
    LIST_HEAD(, address_limit) buckets[BUCKETS];
};

static void address_limits_destroy(void *arg)
{
    struct address_limits *gates = arg;
    for (size_t i = 0; i < BUCKETS; i++)
        assert(LIST_EMPTY(&gates->buckets[i]));
    free(gates);
}

int address_limits_create(struct loop *loop, unsigned limit)
{
    struct address_limits *gates = calloc(1, sizeof *gates);
    if (!gates)
        return -ENOMEM;
    gates->limit = limit;
    loop_set_local(loop, LOOP_LOCAL_GATES, gates, address_limits_destroy);
    return 0;
}

struct address_limits *address_limits_of(struct loop *loop)
{
    return loop_local(loop, LOOP_LOCAL_GATES);
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
    struct address_limits *gates, const union address *address)
{
    size_t bucket = limit_bucket_of(address);
    struct address_limit *gate;
    LIST_FOREACH (gate, &gates->buckets[bucket], link)
        if (is_same_address(&gate->address, address))
            return gate;
    gate = calloc(1, sizeof *gate);
    if (!gate)
        return NULL;
    gate->gates = gates;
    gate->address = *address;
    TAILQ_INIT(&gate->queue);
    LIST_INSERT_HEAD(&gates->buckets[bucket], gate, link);
    return gate;
}

int address_limit_enter(struct address_limits *gates,
    const union address *address, struct address_limit_place *place)
{
    struct address_limit *gate = address_limit_get(gates, address);
    if (!gate)
        return -ENOMEM;
    place->gate = gate;
    place->granted = gate->inside < gates->limit;
    if (place->granted)
        gate->inside++;
    else
        TAILQ_INSERT_TAIL(&gate->queue, place, link);
    return 0;
}

void address_limit_leave(struct address_limit *gate)
{
    struct address_limit_place *first = gate ? TAILQ_FIRST(&gate->queue) : NULL;
    if (first) {
        TAILQ_REMOVE(&gate->queue, first, link);
        first->granted = true;
        future_set(first->changed, 0);
    } else if (gate && --gate->inside == 0) {
        LIST_REMOVE(gate, link);
        free(gate);
    }
}

void address_limit_give_up(struct address_limit_place *place)
{
    if (place->gate && place->granted)
        address_limit_leave(place->gate);
    else if (place->gate)
        TAILQ_REMOVE(&place->gate->queue, place, link);
    place->gate = NULL;
}
