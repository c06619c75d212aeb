/*
 * nameserver - c-ares on the loop: one question of one type asked of the
 * configured servers.  Only resolve uses this.
 */
#ifndef ASYNC_NAMESERVER_H
#define ASYNC_NAMESERVER_H

#include "loop.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct nameserver;

enum { NAMESERVER_ADDRESSES_MAX = 32 }; /* of one answer; more are dropped */

struct nameserver_answer {
    int result; /* 0 or enum async_error, -EMFILE, -ENOMEM */
    int64_t ttl; /* s; the least of the addresses' */
    size_t count;
    union {
        struct in_addr in[NAMESERVER_ADDRESSES_MAX];
        struct in6_addr in6[NAMESERVER_ADDRESSES_MAX];
    } addresses; /* by the family asked for */
};

typedef void nameserver_done(void *arg, const struct nameserver_answer *answer);

/*
 * servers: "ip[:port],…", or NULL for resolv.conf(5)'s; it must live as
 * long.  0; -ENOMEM; -EINVAL: not a list
 * of servers; -EIO: the system's configuration cannot be read.
 */
int nameserver_create(
    struct nameserver **out, struct loop *loop, const char *servers);
/* Every question that is still open ends with -ECANCELED.  NULL-safe. */
void nameserver_destroy(struct nameserver *ns);

struct nameserver_question {
    const char *name; /* whole: it is asked as it is; lives until answered */
    int family; /* AF_INET: A, AF_INET6: AAAA */
};

/*
 * Calls done exactly once, perhaps before it returns; on the loop's stack
 * (c-ares wants several KiB).  Until then *said is what some server has said
 * against the question while others are asked: enum async_error, or 0.
 * nameserver_flush must follow.
 */
void nameserver_ask(struct nameserver *ns,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg);
/* Sends what was asked, in batches. */
void nameserver_flush(struct nameserver *ns);

#endif
