/*
 * asked - a question as a lookup has it: one of its own thread's questions, or
 * of those of another thread, the owner's, to which it goes by letter.
 *
 * So each (name, family) is asked once, and one window holds for each server,
 * however many threads there are; no question knows of threads.
 */
#ifndef ASYNC_ASKED_H
#define ASYNC_ASKED_H

#include "async/dns/question.h"

struct mailbox;
struct distant;

/* Who is asked. */
struct asked_owner {
    struct questions *questions;
    struct mailbox *mailbox; /* of the loop they are on; NULL: of this one */
    struct mailbox *back; /* of the loop that asks */
};

/* Zeroed, nothing is. */
struct asked {
    struct question *question;
    struct distant *distant; /* the owner's; one of the two, or neither */
};

/* As question_get, but 0 or -ENOMEM. */
int asked_begin(struct asked *asked, const struct asked_owner *owner,
    const struct nameserver_question *ask, struct question_waiter *waiter);
/* As question_put; harmless when nothing is asked. */
void asked_end(struct asked *asked, struct question_waiter *waiter);
/* Is anything asked? */
static inline bool asked_is(const struct asked *asked)
{
    return asked->question || asked->distant;
}

/* As those of question, if anything is asked; it is answered when its waiter
 * does not wait any more. */
bool asked_waits(const struct asked *asked);
int asked_result(const struct asked *asked);
/* Awaits, on through interruptions.  Ahead of asked_result, where there is no
 * answer: what has been said against it so far is known. */
void asked_look(const struct asked *asked);
size_t asked_count(const struct asked *asked);
bool asked_address(const struct asked *asked, size_t i, union address *address);

#endif
