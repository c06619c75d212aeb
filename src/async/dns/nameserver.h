/*
 * nameserver - c-ares on the loop: one question of one type asked of the
 * configured servers.  Only resolve uses this.
 */
#ifndef ASYNC_NAMESERVER_H
#define ASYNC_NAMESERVER_H

#include "async/core/loop.h"
#include "async/dns/dns_answer.h"

struct nameserver;

typedef void nameserver_done(void *arg, const struct dns_answer *answer);

/*
 * servers: as resolv_conf_given takes them, or NULL for what resolv.conf(5)
 * says now, its search list included.  So many of the first ones are asked
 * last.  0; -ENOMEM; -EINVAL: not a list of
 * servers; -EIO, …: the system's configuration cannot be read.
 */
int nameserver_create(struct nameserver **out, struct loop *loop,
    const char *servers, unsigned last);
/* Every question that is still open ends with -ECANCELED.  NULL-safe. */
void nameserver_destroy(struct nameserver *ns);

struct nameserver_question {
    const char *name; /* complete: no search list; lives until answered */
    int family; /* AF_INET: A, AF_INET6: AAAA */
    void (*told)(void *arg); /* when *said is set; or NULL */
};

/*
 * Calls done exactly once, perhaps before it returns; on the loop's stack
 * (c-ares wants several KiB).  Until then *said is the error that some server
 * returned while others are asked: enum async_error, or 0.
 * nameserver_flush must follow.
 */
void nameserver_ask(struct nameserver *ns,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg);
/* Sends what was asked, in batches. */
void nameserver_flush(struct nameserver *ns);
/* Does the first of several servers keep silent, while others answer?  Not
 * asked of those that take turns (`rotate`). */
bool nameserver_is_silent(const struct nameserver *ns);
/* How many questions are open. */
size_t nameserver_open(const struct nameserver *ns);
/* The search list of resolv.conf(5); NULL with servers given. */
const struct search_list *nameserver_search(const struct nameserver *ns);

#endif
