/*
 * nameservers - see nameservers.h.
 *
 * Invariant: the first of `all` is asked; the others have been, and stay until
 * their last query has ended.
 */
#include "async/dns/nameservers.h"

#include "async/dns/resolv_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LOOK_INTERVAL LOOP_SECOND
/* How long a silent server is asked last. */
#define SILENT_TIME (30 * LOOP_SECOND)
/* So many questions that it does not answer are more than a silent zone. */
enum { SILENT_MIN = 16 };

/* One reading of the file. */
struct generation {
    struct resolv_conf conf;
    struct upstream **ring; /* as many as there are servers */
    size_t first; /* whom questions are put to first, */
    int64_t first_until; /* loop_time; if not server 0 */
    unsigned missed; /* in a row, by the first one */
    SLIST_ENTRY(generation) link;
};

/* What tells one state of a file from another. */
struct stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

struct nameservers {
    struct loop *loop;
    const char *servers; /* NULL: the file's */
    const struct query_events *events;
    SLIST_HEAD(, generation) all;
    unsigned number; /* of the file's state */
    bool unread; /* it has changed since the first was made */
    struct loop_call sweep; /* what is old and idle; never within its calls */
    int64_t next_look; /* loop_time */
    bool doubted; /* it was empty at the last look */
    struct stamp stamp; /* of the file before it was read; zeroes: none */
};

static struct stamp stamp_take(void)
{
    struct stat status;
    if (stat(RESOLV_CONF, &status))
        return (struct stamp){0};
    return (struct stamp){status.st_dev, status.st_ino, status.st_size,
        status.st_mtim, status.st_ctim};
}

static bool is_same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode &&
           a->size == b->size && is_same_time(a->modified, b->modified) &&
           is_same_time(a->changed, b->changed);
}

/* --- one reading --- */

static void generation_free(struct generation *generation)
{
    for (size_t i = 0; generation->ring && i < generation->conf.server_count;
         i++)
        upstream_destroy(generation->ring[i]);
    free(generation->ring);
    resolv_conf_fini(&generation->conf);
    free(generation);
}

static void look_again(void *arg)
{
    nameservers_look(arg);
}

static int ring_create(struct nameservers *all, struct generation *generation)
{
    size_t count = generation->conf.server_count;
    struct upstream_config config = {.loop = all->loop,
        .conf = &generation->conf,
        .events = all->events,
        .look = look_again,
        .arg = all};
    generation->ring = calloc(count, sizeof *generation->ring);
    int result = generation->ring ? 0 : -ENOMEM;
    for (; config.server < count && !result; config.server++)
        result = upstream_create(&generation->ring[config.server], &config);
    for (size_t i = 0; i < count && !result; i++)
        upstream_link(generation->ring[i], generation->ring[(i + 1) % count]);
    return result;
}

static int generation_begin(struct nameservers *all)
{
    struct generation *generation = calloc(1, sizeof *generation);
    if (!generation)
        return -ENOMEM;
    int result = all->servers
                     ? resolv_conf_given(&generation->conf, all->servers)
                     : resolv_conf_read(&generation->conf, RESOLV_CONF);
    if (!result)
        result = ring_create(all, generation);
    if (result)
        generation_free(generation);
    else
        SLIST_INSERT_HEAD(&all->all, generation, link);
    return result;
}

static bool is_idle(const struct generation *generation)
{
    for (size_t i = 0; i < generation->conf.server_count; i++)
        if (!upstream_is_idle(generation->ring[i]))
            return false;
    return true;
}

/* The loop's call. */
static void sweep_generations(void *arg)
{
    struct nameservers *all = arg;
    struct generation *older = SLIST_NEXT(SLIST_FIRST(&all->all), link);
    while (older) {
        struct generation *generation = older;
        older = SLIST_NEXT(generation, link);
        if (!is_idle(generation))
            continue;
        SLIST_REMOVE(&all->all, generation, generation, link);
        generation_free(generation);
    }
}

int nameservers_create(struct nameservers **out, struct loop *loop,
    const char *servers, const struct query_events *events)
{
    struct nameservers *all = calloc(1, sizeof *all);
    if (!all)
        return -ENOMEM;
    all->loop = loop;
    all->servers = servers;
    all->events = events;
    all->stamp = stamp_take();
    all->next_look = loop_time() + LOOK_INTERVAL;
    SLIST_INIT(&all->all);
    loop_call_init(&all->sweep, sweep_generations, all);
    int result = generation_begin(all);
    if (result)
        free(all);
    else
        *out = all;
    return result;
}

void nameservers_destroy(struct nameservers *all)
{
    if (!all)
        return;
    while (!SLIST_EMPTY(&all->all)) {
        struct generation *generation = SLIST_FIRST(&all->all);
        SLIST_REMOVE_HEAD(&all->all, link);
        generation_free(generation);
    }
    loop_call_cancel(all->loop, &all->sweep);
    free(all);
}

/* --- the file --- */

/* What waits for the old servers may ask the new ones. */
static void return_all(const struct generation *generation)
{
    for (size_t i = 0; i < generation->conf.server_count; i++)
        upstream_return_all(generation->ring[i]);
}

/* What cannot be read now for want of something is tried again. */
static void follow_file(struct nameservers *all)
{
    struct generation *before = SLIST_FIRST(&all->all);
    if (generation_begin(all))
        return;
    all->unread = false;
    return_all(before);
}

/* A file that is empty or not there is looked at again: it may be just being
 * written. */
static bool has_changed(struct nameservers *all)
{
    struct stamp stamp = stamp_take();
    bool doubted = all->doubted;
    all->doubted = stamp.size == 0;
    if (is_same_stamp(&stamp, &all->stamp) || all->doubted > doubted)
        return false;
    all->stamp = stamp;
    return true;
}

unsigned nameservers_look(struct nameservers *all)
{
    int64_t now = all->servers ? 0 : loop_time();
    if (now < all->next_look)
        return all->number;
    all->next_look = now + LOOK_INTERVAL;
    if (SLIST_NEXT(SLIST_FIRST(&all->all), link))
        loop_call_soon(all->loop, &all->sweep);
    if (has_changed(all)) {
        all->unread = true;
        all->number++;
    }
    if (all->unread)
        follow_file(all);
    return all->number;
}

const struct search_list *nameservers_search(struct nameservers *all)
{
    nameservers_look(all);
    return SLIST_FIRST(&all->all)->conf.search;
}

/* --- the order --- */

static void set_first(struct generation *now, size_t first)
{
    now->first = first % now->conf.server_count;
    now->first_until = loop_time() + SILENT_TIME;
    now->missed = 0;
}

/* What is paused would be waited for. */
static struct upstream *first_ready(const struct generation *now)
{
    struct upstream *first = now->ring[now->first], *ready = first;
    while (upstream_is_paused(ready))
        if ((ready = upstream_next(ready)) == first)
            break;
    return ready;
}

struct upstream *nameservers_first(struct nameservers *all)
{
    struct generation *now = SLIST_FIRST(&all->all);
    if (now->conf.rotate)
        set_first(now, now->first + 1);
    else if (now->first && loop_time() >= now->first_until)
        set_first(now, 0);
    return first_ready(now);
}

static bool is_first(const struct generation *now, const struct upstream *up)
{
    return now->ring[now->first] == up;
}

void nameservers_answered(struct nameservers *all, const struct upstream *first)
{
    struct generation *now = SLIST_FIRST(&all->all);
    if (is_first(now, first))
        now->missed = 0;
}

void nameservers_missed(struct nameservers *all, struct upstream *first)
{
    struct generation *now = SLIST_FIRST(&all->all);
    if (now->conf.rotate || !is_first(now, first) || ++now->missed < SILENT_MIN)
        return;
    set_first(now, now->first + 1);
    upstream_return_queue(first);
}
