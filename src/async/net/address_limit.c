/*
 * address_limit - see address_limit.h.
 *
 * Invariant: an address has a limit while somebody is inside; somebody queues
 * only while it is full.  What loops share is looked at within the lock; a
 * place is its own loop's alone, which hears of a grant by a letter.
 */
#include "async/net/address_limit.h"

#include "async/core/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct address_limit_wait {
    struct letter letter; /* of the grant */
    struct address_limit *limit;
    struct mailbox *home; /* of the place's loop; NULL: no loop but this */
    struct address_limit_place *place; /* NULL: given up since the grant */
    bool queued;
    TAILQ_ENTRY(address_limit_wait) link;
};

struct address_limit {
    struct shared_limits *shared;
    union address address;
    unsigned inside;
    TAILQ_HEAD(, address_limit_wait) queue;
    LIST_ENTRY(address_limit) link;
};

struct shared_limits {
    pthread_mutex_t lock;
    unsigned loops;
    unsigned most; /* connections to one address */
    bool stopped;
    LIST_HEAD(, address_limit) buckets[BUCKETS];
};

struct address_limits {
    struct shared_limits *shared;
    struct mailbox *home; /* NULL: they are not shared */
};

static void shared_release(struct shared_limits *shared)
{
    if (--shared->loops)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        assert(LIST_EMPTY(&shared->buckets[i]));
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static void address_limits_destroy(void *arg)
{
    struct address_limits *limits = arg;
    shared_release(limits->shared);
    free(limits);
}

static int limits_set(
    struct loop *loop, struct shared_limits *shared, struct mailbox *home)
{
    struct address_limits *limits = malloc(sizeof *limits);
    if (!limits)
        return -ENOMEM;
    *limits = (struct address_limits){shared, home};
    shared->loops++;
    loop_set_local(
        loop, LOOP_LOCAL_ADDRESS_LIMITS, limits, address_limits_destroy);
    return 0;
}

int address_limits_create(struct loop *loop, unsigned limit)
{
    struct shared_limits *shared = calloc(1, sizeof *shared);
    if (!shared)
        return -ENOMEM;
    pthread_mutex_init(&shared->lock, NULL);
    shared->most = limit;
    shared->loops = 1; /* until it is set */
    int error = limits_set(loop, shared, NULL);
    shared_release(shared);
    return error;
}

struct address_limits *address_limits_of(struct loop *loop)
{
    return loop_local(loop, LOOP_LOCAL_ADDRESS_LIMITS);
}

int address_limits_share(
    struct address_limits *limits, struct loop *loop, struct mailbox *mailbox)
{
    struct address_limits *own = address_limits_of(loop);
    if (!own)
        return limits_set(loop, limits->shared, mailbox);
    own->home = mailbox;
    return 0;
}

void address_limits_stop(struct address_limits *limits)
{
    pthread_mutex_lock(&limits->shared->lock);
    limits->shared->stopped = true;
    pthread_mutex_unlock(&limits->shared->lock);
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

static struct address_limit *limit_find(
    struct shared_limits *shared, const union address *address)
{
    size_t bucket = limit_bucket_of(address);
    struct address_limit *limit;
    LIST_FOREACH (limit, &shared->buckets[bucket], link)
        if (is_same_address(&limit->address, address))
            return limit;
    return NULL;
}

static struct address_limit *limit_get(
    struct shared_limits *shared, const union address *address)
{
    struct address_limit *limit = limit_find(shared, address);
    if (limit || !(limit = calloc(1, sizeof *limit)))
        return limit;
    limit->shared = shared;
    limit->address = *address;
    TAILQ_INIT(&limit->queue);
    LIST_INSERT_HEAD(&shared->buckets[limit_bucket_of(address)], limit, link);
    return limit;
}

/* On the place's own loop. */
static void place_grant(struct address_limit_wait *wait)
{
    struct address_limit_place *place = wait->place;
    if (place) {
        place->wait = NULL;
        place->granted = true;
        future_set(place->changed, 0);
    } else {
        address_limit_leave(wait->limit);
    }
    free(wait);
}

static void place_granted(struct letter *letter)
{
    place_grant((struct address_limit_wait *)letter);
}

static int place_queue(struct address_limit *limit, struct mailbox *home,
    struct address_limit_place *place)
{
    struct address_limit_wait *wait = malloc(sizeof *wait);
    if (!wait)
        return -ENOMEM;
    *wait = (struct address_limit_wait){.letter.fn = place_granted,
        .limit = limit,
        .home = home,
        .place = place,
        .queued = true};
    TAILQ_INSERT_TAIL(&limit->queue, wait, link);
    place->wait = wait;
    return 0;
}

int address_limit_enter(struct address_limits *limits,
    const union address *address, struct address_limit_place *place)
{
    struct shared_limits *shared = limits->shared;
    int error = 0;
    pthread_mutex_lock(&shared->lock);
    struct address_limit *limit = limit_get(shared, address);
    place->granted = limit && limit->inside < shared->most;
    if (place->granted)
        limit->inside++;
    else
        error = limit ? place_queue(limit, limits->home, place) : -ENOMEM;
    pthread_mutex_unlock(&shared->lock);
    if (!error)
        place->limit = limit;
    return error;
}

static void limit_drop(struct address_limit *limit)
{
    if (limit->inside || !TAILQ_EMPTY(&limit->queue))
        return;
    LIST_REMOVE(limit, link);
    free(limit);
}

/* The next one in the queue, which has the place from now on. */
static struct address_limit_wait *limit_pass_on(struct address_limit *limit)
{
    struct address_limit_wait *first =
        limit->shared->stopped ? NULL : TAILQ_FIRST(&limit->queue);
    if (first) {
        TAILQ_REMOVE(&limit->queue, first, link);
        first->queued = false;
    } else {
        limit->inside--;
        limit_drop(limit);
    }
    return first;
}

void address_limit_leave(struct address_limit *limit)
{
    if (!limit)
        return;
    struct shared_limits *shared = limit->shared;
    pthread_mutex_lock(&shared->lock);
    struct address_limit_wait *first = limit_pass_on(limit);
    pthread_mutex_unlock(&shared->lock);
    if (first && first->home)
        mailbox_post(first->home, &first->letter);
    else if (first)
        place_grant(first);
}

/* Granted since, by a letter that has not arrived, it stays for that. */
static void place_leave_queue(struct address_limit_place *place)
{
    struct address_limit_wait *wait = place->wait;
    struct shared_limits *shared = place->limit->shared;
    pthread_mutex_lock(&shared->lock);
    bool queued = wait->queued;
    if (queued) {
        TAILQ_REMOVE(&wait->limit->queue, wait, link);
        limit_drop(wait->limit);
    }
    pthread_mutex_unlock(&shared->lock);
    wait->place = NULL;
    place->wait = NULL;
    if (queued)
        free(wait);
}

void address_limit_give_up(struct address_limit_place *place)
{
    if (place->limit && place->granted)
        address_limit_leave(place->limit);
    else if (place->limit)
        place_leave_queue(place);
    place->limit = NULL;
}
