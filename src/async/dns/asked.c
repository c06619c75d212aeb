/*
 * asked - see asked.h.
 *
 * Invariant: a distant question is freed by the thread that asks, and only
 * when no letter of it is on its way: after its answer, or after `gone`, which
 * is the owner's last one.
 */
#include "async/dns/asked.h"

#include "async/core/mailbox.h"
#include "async/core/task.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESSES_MAX = 64 };

struct distant {
    struct asked_owner owner;
    struct letter go, stop; /* to the owner; `stop` comes back as gone */
    struct letter answer; /* from it, as the bell */
    struct bell moved;
    atomic_bool owner_waits;
    struct letter look; /* to the owner and back */
    struct future looked;
    int said; /* as it was then */
    /* The asker's: */
    struct question_waiter *waiter; /* NULL: nobody waits */
    bool answered, waits;
    /* The owner's, until `answer` has come: */
    struct question *question;
    struct question_waiter own_waiter;
    struct loop_call soon; /* it is not put within its own answer */
    int family, result;
    size_t count;
    union address *addresses;
    char name[];
};

static void distant_free(struct distant *d)
{
    free(d->addresses);
    free(d);
}

/* --- on the asker's loop --- */

static void distant_moved(struct letter *letter)
{
    struct distant *d = LETTER_OF(letter, struct distant, moved.letter);
    bell_heard(&d->moved);
    d->waits = atomic_load(&d->owner_waits);
    if (d->waiter && d->waiter->moved)
        d->waiter->moved(d->waiter->arg);
}

static void distant_answered(struct letter *letter)
{
    struct distant *d = LETTER_OF(letter, struct distant, answer);
    d->answered = true;
    d->waits = false;
    if (!d->waiter)
        return;
    d->waiter->waiting = false;
    d->waiter->answered(d->waiter->arg);
}

static void distant_gone(struct letter *letter)
{
    distant_free(LETTER_OF(letter, struct distant, stop));
}

/* --- on the owner's --- */

static void take_addresses(struct distant *d)
{
    union address address;
    size_t count = 0;
    while (
        count < ADDRESSES_MAX && question_address(d->question, count, &address))
        count++;
    if (!count)
        return;
    d->addresses = malloc(count * sizeof *d->addresses);
    if (!d->addresses) {
        d->result = -ENOMEM;
        return;
    }
    for (; d->count < count; d->count++)
        question_address(d->question, d->count, &d->addresses[d->count]);
}

static void owner_answer(void *arg)
{
    struct distant *d = arg;
    d->result = question_result(d->question);
    take_addresses(d);
    question_put(d->question, &d->own_waiter);
    d->question = NULL;
    mailbox_post(d->owner.back, &d->answer);
}

static void owner_answered(void *arg)
{
    struct distant *d = arg;
    loop_call_soon(loop_running(), &d->soon);
}

static void owner_moved(void *arg)
{
    struct distant *d = arg;
    atomic_store(&d->owner_waits, question_waits(d->question));
    bell_ring(d->owner.back, &d->moved);
}

static void owner_ask(struct letter *letter)
{
    struct distant *d = LETTER_OF(letter, struct distant, go);
    struct nameserver_question ask = {d->name, d->family};
    loop_call_init(&d->soon, owner_answer, d);
    d->own_waiter = (struct question_waiter){
        .answered = owner_answered, .moved = owner_moved, .arg = d};
    d->question = question_get(d->owner.questions, &ask, &d->own_waiter);
    if (!d->question) {
        d->result = -ENOMEM;
        mailbox_post(d->owner.back, &d->answer);
    } else if (question_answered(d->question)) {
        owner_answer(d);
    } else if (question_waits(d->question)) {
        owner_moved(d);
    }
}

static void distant_looked(struct letter *letter)
{
    future_set(&LETTER_OF(letter, struct distant, look)->looked, 0);
}

static void owner_look(struct letter *letter)
{
    struct distant *d = LETTER_OF(letter, struct distant, look);
    if (d->question)
        d->said = question_result(d->question);
    letter->fn = distant_looked;
    mailbox_post(d->owner.back, letter);
}

static void owner_stop(struct letter *letter)
{
    struct distant *d = LETTER_OF(letter, struct distant, stop);
    loop_call_cancel(loop_running(), &d->soon);
    if (d->question)
        question_put(d->question, &d->own_waiter);
    d->question = NULL;
    d->stop.fn = distant_gone;
    mailbox_post(d->owner.back, &d->stop);
}

/* --- */

static int distant_begin(struct asked *asked, const struct asked_owner *owner,
    const struct nameserver_question *ask, struct question_waiter *waiter)
{
    size_t size = strlen(ask->name) + 1;
    struct distant *d = calloc(1, sizeof *d + size);
    if (!d)
        return -ENOMEM;
    d->owner = *owner;
    d->go.fn = owner_ask;
    d->stop.fn = owner_stop;
    d->moved.letter.fn = distant_moved;
    d->answer.fn = distant_answered;
    d->waiter = waiter;
    waiter->waiting = true;
    d->family = ask->family;
    memcpy(d->name, ask->name, size);
    asked->distant = d;
    mailbox_post(owner->mailbox, &d->go);
    return 0;
}

int asked_begin(struct asked *asked, const struct asked_owner *owner,
    const struct nameserver_question *ask, struct question_waiter *waiter)
{
    if (owner->mailbox)
        return distant_begin(asked, owner, ask, waiter);
    asked->question = question_get(owner->questions, ask, waiter);
    return asked->question ? 0 : -ENOMEM;
}

static void distant_end(struct distant *d)
{
    d->waiter = NULL;
    if (d->answered)
        distant_free(d);
    else
        mailbox_post(d->owner.mailbox, &d->stop);
}

void asked_end(struct asked *asked, struct question_waiter *waiter)
{
    if (asked->question)
        question_put(asked->question, waiter);
    if (asked->distant)
        distant_end(asked->distant);
    *asked = (struct asked){NULL, NULL};
}

bool asked_waits(const struct asked *asked)
{
    return asked->distant ? asked->distant->waits
                          : question_waits(asked->question);
}

int asked_result(const struct asked *asked)
{
    if (!asked->distant)
        return question_result(asked->question);
    return asked->distant->answered ? asked->distant->result
                                    : asked->distant->said;
}

void asked_look(const struct asked *asked)
{
    struct distant *d = asked->distant;
    if (!d || d->answered)
        return;
    future_init(&d->looked);
    d->look.fn = owner_look;
    mailbox_post(d->owner.mailbox, &d->look);
    (void)await_shielded(&d->looked);
}

size_t asked_count(const struct asked *asked)
{
    return asked->distant ? asked->distant->count
                          : question_count(asked->question);
}

bool asked_address(const struct asked *asked, size_t i, union address *address)
{
    const struct distant *d = asked->distant;
    if (!d)
        return question_address(asked->question, i, address);
    if (!d->answered || i >= d->count)
        return false;
    *address = d->addresses[i];
    return true;
}
