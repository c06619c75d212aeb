/*
 * nameservers - see nameservers.h.
 *
 * Invariant: the first of `all` is asked; the others have been, and stay until
 * their last question has ended.
 */
#include "async/dns/nameservers.h"

#include "async/dns/resolv_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/stat.h>

#define LOOK_INTERVAL LOOP_SECOND
/* How long a silent server is asked last. */
#define SILENT_TIME (30 * LOOP_SECOND)

/* One reading of the file, or one order of its servers. */
struct generation {
    struct nameserver *ns;
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
    SLIST_HEAD(, generation) all;
    unsigned number; /* of the file's state */
    unsigned last; /* so many first servers are asked last, */
    int64_t last_until; /* loop_time */
    bool unread; /* it has changed since the first was made */
    struct resolv_conf next; /* what it says now, if names need that; or 0 */
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

static int generation_begin(struct nameservers *all)
{
    struct generation *generation = malloc(sizeof *generation);
    if (!generation)
        return -ENOMEM;
    int result =
        nameserver_create(&generation->ns, all->loop, all->servers, all->last);
    if (result) {
        free(generation);
        return result;
    }
    SLIST_INSERT_HEAD(&all->all, generation, link);
    return 0;
}

static void generation_end(
    struct nameservers *all, struct generation *generation)
{
    SLIST_REMOVE(&all->all, generation, generation, link);
    nameserver_destroy(generation->ns);
    free(generation);
}

int nameservers_create(
    struct nameservers **out, struct loop *loop, const char *servers)
{
    struct nameservers *all = calloc(1, sizeof *all);
    if (!all)
        return -ENOMEM;
    all->loop = loop;
    all->servers = servers;
    all->stamp = stamp_take();
    all->next_look = loop_time() + LOOK_INTERVAL;
    SLIST_INIT(&all->all);
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
    while (!SLIST_EMPTY(&all->all))
        generation_end(all, SLIST_FIRST(&all->all));
    resolv_conf_fini(&all->next);
    free(all);
}

/* --- the file --- */

static void end_those_done(struct nameservers *all)
{
    struct generation *older = SLIST_NEXT(SLIST_FIRST(&all->all), link);
    while (older) {
        struct generation *generation = older;
        older = SLIST_NEXT(generation, link);
        if (nameserver_open(generation->ns) == 0)
            generation_end(all, generation);
    }
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
    resolv_conf_fini(&all->next);
    return true;
}

unsigned nameservers_look(struct nameservers *all)
{
    int64_t now = all->servers ? 0 : loop_time();
    if (now < all->next_look)
        return all->number;
    all->next_look = now + LOOK_INTERVAL;
    if (has_changed(all)) {
        all->unread = true;
        all->number++;
    }
    return all->number;
}

const struct search_list *nameservers_search(struct nameservers *all)
{
    nameservers_look(all);
    if (all->unread && !all->next.server_count)
        resolv_conf_read(&all->next, RESOLV_CONF);
    return all->next.server_count
               ? all->next.search
               : nameserver_search(SLIST_FIRST(&all->all)->ns);
}

/* --- questions --- */

/* What cannot be read now for want of something is tried again. */
static void follow_file(struct nameservers *all)
{
    unsigned last = all->last;
    all->last = 0;
    if (!generation_begin(all)) {
        all->unread = false;
        resolv_conf_fini(&all->next);
    } else {
        all->last = last;
    }
}

static void change_order(struct nameservers *all, unsigned last)
{
    unsigned before = all->last;
    all->last = last;
    all->last_until = loop_time() + SILENT_TIME;
    if (generation_begin(all))
        all->last = before;
}

/* What is silent is known after a time-out: orders do not change often. */
static void follow_servers(struct nameservers *all)
{
    if (all->unread)
        follow_file(all);
    else if (nameserver_is_silent(SLIST_FIRST(&all->all)->ns))
        change_order(all, all->last + 1);
    else if (all->last && loop_time() >= all->last_until)
        change_order(all, 0);
    end_those_done(all);
}

void nameservers_ask(struct nameservers *all,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg)
{
    follow_servers(all);
    nameserver_ask(SLIST_FIRST(&all->all)->ns, question, said, done, arg);
}

void nameservers_flush(struct nameservers *all)
{
    struct generation *generation;
    SLIST_FOREACH (generation, &all->all, link)
        nameserver_flush(generation->ns);
}
