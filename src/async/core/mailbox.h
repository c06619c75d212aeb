/*
 * mailbox - calls on a loop that other threads ask for.
 *
 * Everything else in async belongs to the thread whose loop it is on: what is
 * to happen elsewhere is sent there as a letter.  A letter's content is the
 * receiver's from mailbox_post on, until the receiver posts it back.
 */
#ifndef ASYNC_MAILBOX_H
#define ASYNC_MAILBOX_H

#include "async/core/loop.h"

#include <stdatomic.h>
#include <stddef.h>

struct mailbox; /* of one loop */

/* A call on the mailbox's loop; the sender's storage, which must stay where it
 * is until the call has begun.  fn may post it again, or free it. */
struct letter {
    void (*fn)(struct letter *letter);
    void (*leaves)(struct letter *letter); /* on the sender's loop, the last
                                              moment to add to it; or NULL */
    struct mailbox *to;
    STAILQ_ENTRY(letter) link;
};

/* The struct that a letter is a member of. */
#define LETTER_OF(letter, type, member)                                        \
    ((type *)(void *)((char *)(letter)-offsetof(type, member)))

/* 0, -ENOMEM, -EMFILE, …  Called by the thread whose loop it is, or before
 * that runs.  A loop with an open mailbox waits for it: never -EDEADLK. */
int mailbox_create(struct mailbox **out, struct loop *loop);
/* Nobody may post any more, nor be within mailbox_post; letters that are left
 * are forgotten.  NULL-safe. */
void mailbox_destroy(struct mailbox *mailbox);

/*
 * From any thread: fn(letter) once, in a later pass of the loop, in the order
 * of the sender's posts.  Never fails: it takes no memory.  What the sender
 * wrote before it, fn reads.  Letters of a loop that has a mailbox itself leave
 * together at the end of its pass, and wake a loop only where that waits.
 */
void mailbox_post(struct mailbox *mailbox, struct letter *letter);

/* A letter that may be posted again before it has arrived: told again and
 * again, fn is called at least once after the last time. */
struct bell {
    struct letter letter;
    atomic_bool rings; /* it is on its way */
};

/* fn begins with bell_heard. */
void bell_ring(struct mailbox *mailbox, struct bell *bell);
void bell_heard(struct bell *bell);

/* What the loop has posted leaves now: ahead of what blocks the thread, and
 * where it does not run any more. */
void mailbox_flush(struct mailbox *mailbox);
/* Where it does not: calls what has come; waits for it, if there is nothing. */
void mailbox_empty(struct mailbox *mailbox);
void mailbox_wait(struct mailbox *mailbox);

#endif
