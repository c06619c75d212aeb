/*
 * resolve - names to socket addresses: the hosts file, then c-ares, as one
 * awaitable call.  Knows nothing of HTTP.
 *
 * Both families are asked at once and their addresses taken in turn, IPv6
 * first (RFC 8305 sections 3 and 4): lookup_wait returns as soon as there is
 * one to begin with, others may follow while connections are tried.
 *
 * As in the C library, the names of the search list are asked one after the
 * other, each for both families: an address of either one ends the search
 * for both.
 */
#ifndef ASYNC_RESOLVE_H
#define ASYNC_RESOLVE_H

#include "async/core/address.h"
#include "async/core/task.h"
#include "async/dns/asked.h"

struct resolver;

struct resolver_config {
    const char *servers; /* "ip[:port],…"; NULL: resolv.conf(5)'s, whose
                          * search list then holds, too */
    const char *hosts_file; /* NULL: /etc/hosts */
    struct resolver *owner; /* whose questions are asked, from another thread:
                               it outlives this one; NULL: its own are */
    struct mailbox *owner_mailbox, *mailbox; /* with an owner: the loops' */
};

/* 0; -ENOMEM; -EINVAL: bad servers; -EIO: the system has no good ones */
int resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config);
/* Every lookup must have been stopped.  NULL-safe. */
void resolver_destroy(struct resolver *resolver);

struct lookup_name {
    const char *name;
    int family; /* AF_UNSPEC: both */
    bool absolute; /* no search list */
};

/* One name being looked up; the caller's storage. */
struct lookup {
    struct lookup_family {
        struct lookup *lookup;
        struct asked asked;
        struct question_waiter waiter;
        size_t taken, count; /* of the addresses, once there are any */
    } families[2]; /* AAAA, A */
    const union address *given; /* the whole answer, if not NULL */
    size_t given_count, given_taken;
    int given_family;
    struct local_names *local; /* whose addresses are given, or NULL */
    unsigned turn;
    bool told_moves; /* `changed` is completed by these, too */
    struct future *changed; /* completed when an answer comes */
    struct resolver *resolver; /* NULL: nothing is asked */
    struct lookup_name name;
    int step; /* which name of the search list is asked; -1: none yet */
    int told; /* the most telling of the results so far, or 0 */
};

/*
 * Starts; the name must live until lookup_stop, which must follow.  0; -ENOMEM;
 * ASYNC_DNS_NXDOMAIN: not a name for DNS (RFC 7686).
 */
int lookup_start(struct lookup *lookup, struct resolver *resolver,
    const struct lookup_name *name);
/* A lookup whose answer is known: the addresses of this family, AF_UNSPEC:
 * either; they live as long as the lookup.  0, or ASYNC_OTHER_FAMILY: there is
 * none. */
int lookup_given(struct lookup *lookup, int family,
    const union address *addresses, size_t count);
/* Ends the lookup; its questions stay for others. */
void lookup_stop(struct lookup *lookup);

/* Awaits, over the names of the search list.  0: there is an address to begin
 * with; or why there is none: -ETIMEDOUT only where no answer tells more. */
int lookup_wait(struct lookup *lookup);
/* Awaits.  As lookup_wait, but to the last answer.  An interruption leaves
 * what has come so far. */
int lookup_wait_all(struct lookup *lookup);

/* The next address not taken yet, port 0; false: none now. */
bool lookup_next(struct lookup *lookup, union address *address);
/* Is there such an address? */
bool lookup_has_next(const struct lookup *lookup);
/* An answer may still come and complete `changed`. */
bool lookup_pending(const struct lookup *lookup);
/* Whether all answers that may come wait for places at the server; from then
 * on `changed` is completed, too, when one of them does so no longer. */
bool lookup_queues(struct lookup *lookup);
/* The addresses of every family are known. */
bool lookup_is_whole(const struct lookup *lookup);
/* Who is told of an answer: at most one future, or NULL. */
void lookup_notify(struct lookup *lookup, struct future *changed);

#endif
