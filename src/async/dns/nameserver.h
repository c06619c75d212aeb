/*
 * nameserver - c-ares on the loop: one question of one type asked of one
 * server.  Only query uses this.
 */
#ifndef ASYNC_NAMESERVER_H
#define ASYNC_NAMESERVER_H

#include "async/core/loop.h"
#include "async/dns/dns_answer.h"

struct nameserver;
struct resolv_conf;

typedef void nameserver_done(void *arg, const struct dns_answer *answer);

/* Of the servers of `conf`, which lives as long, this one.  0; -ENOMEM; -EIO:
 * c-ares cannot read the system's configuration. */
int nameserver_create(struct nameserver **out, struct loop *loop,
    const struct resolv_conf *conf, size_t server);
/* Every question that is still open ends with -ECANCELED.  NULL-safe. */
void nameserver_destroy(struct nameserver *ns);

struct nameserver_question {
    const char *name; /* complete: no search list; lives until answered */
    int family; /* AF_INET: A, AF_INET6: AAAA */
};

/*
 * Calls done exactly once, perhaps before it returns; on the loop's stack
 * (c-ares wants several KiB).  Until then *said is as it was, or
 * ASYNC_DNS_TCP_TIMEOUT: the rest of the answer is asked for by TCP.
 * nameserver_flush must follow.
 */
void nameserver_ask(struct nameserver *ns,
    const struct nameserver_question *question, int *said,
    nameserver_done *done, void *arg);
/* Sends what was asked, in batches. */
void nameserver_flush(struct nameserver *ns);

#endif
