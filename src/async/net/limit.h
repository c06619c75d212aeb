/*
 * gate - limits the connections to one address at a time; further ones wait in
 * a queue.
 *
 * A loop has gates or none: connection asks them, a stream gives its place
 * back when it is closed.
 */
#ifndef ASYNC_GATE_H
#define ASYNC_GATE_H

#include "async/core/address.h"
#include "async/core/task.h"

#include <stdbool.h>
#include <sys/queue.h>

struct gate; /* of one address */
struct gates; /* of one loop */

/* From now on the loop keeps at most `limit` connections to an address open, on
 * all ports together.  0 or -ENOMEM. */
int gates_create(struct loop *loop, unsigned limit);

/* The loop's gates; NULL: it has none. */
struct gates *gates_of(struct loop *loop);

/* A place at a gate, or in its queue; all zero to begin with. */
struct gate_place {
    struct gate *gate; /* NULL: neither */
    struct future *changed; /* completed when the place is granted */
    bool granted;
    TAILQ_ENTRY(gate_place) link;
};

/* Takes a place, first come, first served: see place->granted.  0 or
 * -ENOMEM. */
int gate_enter(struct gates *gates, const union address *address,
    struct gate_place *place);
/* Gives a place up, granted or not; NULL-safe as to its gate. */
void gate_give_up(struct gate_place *place);
/* Gives back a granted place that was moved elsewhere.  NULL-safe. */
void gate_leave(struct gate *gate);

#endif
