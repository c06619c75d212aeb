/*
 * address_limit - limits the connections to one address at a time; further ones
 * wait in a queue.
 *
 * A loop has limits or none: connection asks them, a stream gives its place
 * back when it is closed.
 */
#ifndef ASYNC_ADDRESS_LIMIT_H
#define ASYNC_ADDRESS_LIMIT_H

#include "async/core/address.h"
#include "async/core/task.h"

#include <stdbool.h>

struct address_limit; /* of one address */
struct address_limits; /* of one loop, on its own or with others */
struct address_limit_wait; /* of a place in a queue */
struct mailbox;

/* From now on the loop keeps at most `limit` connections to an address open, on
 * all ports together.  0 or -ENOMEM. */
int address_limits_create(struct loop *loop, unsigned limit);

/* The loop's limits; NULL: it has none. */
struct address_limits *address_limits_of(struct loop *loop);

/* The loop, which has this mailbox, has these limits, too: a place may be taken
 * in one thread when it is given back in another.  Before any of the loops has
 * a connection, and for the loop that they are of first of all.  0 or
 * -ENOMEM. */
int address_limits_share(
    struct address_limits *limits, struct loop *loop, struct mailbox *mailbox);
/* Everybody is canceled: who waits gets no place any more. */
void address_limits_stop(struct address_limits *limits);

/* A place within a limit, or in its queue; all zero to begin with. */
struct address_limit_place {
    struct address_limit *limit; /* NULL: neither */
    struct future *changed; /* completed when the place is granted */
    struct address_limit_wait *wait; /* NULL: it does not, or no longer */
    bool granted;
};

/* Takes a place, first come, first served: see place->granted.  0 or
 * -ENOMEM. */
int address_limit_enter(struct address_limits *limits,
    const union address *address, struct address_limit_place *place);
/* Gives a place up, granted or not; NULL-safe as to the limit. */
void address_limit_give_up(struct address_limit_place *place);
/* Gives back a granted place that was moved elsewhere.  NULL-safe. */
void address_limit_leave(struct address_limit *limit);

#endif
