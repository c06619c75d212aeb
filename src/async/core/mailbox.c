/*
 * mailbox - a queue behind a lock, and an eventfd for a loop that waits.
 *
 * Invariant: a loop that waits for events is `asleep`, or has been woken since
 * the first letter came; its own letters have left.
 */
#include "async/core/mailbox.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

STAILQ_HEAD(letters, letter);

struct mailbox {
    struct loop *loop;
    struct letters leaving; /* for others; the loop's own thread's */
    int wake; /* eventfd */
    struct event event;
    pthread_mutex_t lock; /* of the next two */
    struct letters waiting;
    bool asleep;
};

/* --- there --- */

static void mailbox_wake(const struct mailbox *mailbox)
{
    (void)eventfd_write(mailbox->wake, 1); /* 1 always fits in */
}

static void mailbox_put(struct mailbox *mailbox, struct letters *letters)
{
    pthread_mutex_lock(&mailbox->lock);
    bool wake = mailbox->asleep;
    mailbox->asleep = false;
    STAILQ_CONCAT(&mailbox->waiting, letters);
    pthread_mutex_unlock(&mailbox->lock);
    if (wake)
        mailbox_wake(mailbox);
}

static void letter_leave(struct letter *letter)
{
    if (letter->leaves)
        letter->leaves(letter);
}

static void send_one(struct letter *letter)
{
    struct letters one = STAILQ_HEAD_INITIALIZER(one);
    letter_leave(letter);
    STAILQ_INSERT_TAIL(&one, letter, link);
    mailbox_put(letter->to, &one);
}

/* Those in a row for one mailbox go there together. */
void mailbox_flush(struct mailbox *mailbox)
{
    struct letter *letter;
    while ((letter = STAILQ_FIRST(&mailbox->leaving))) {
        struct mailbox *to = letter->to;
        struct letters row = STAILQ_HEAD_INITIALIZER(row);
        do {
            STAILQ_REMOVE_HEAD(&mailbox->leaving, link);
            letter_leave(letter);
            STAILQ_INSERT_TAIL(&row, letter, link);
            letter = STAILQ_FIRST(&mailbox->leaving);
        } while (letter && letter->to == to);
        mailbox_put(to, &row);
    }
}

void mailbox_post(struct mailbox *mailbox, struct letter *letter)
{
    struct loop *loop = loop_running();
    struct mailbox *own = loop ? loop_local(loop, LOOP_LOCAL_MAILBOX) : NULL;
    letter->to = mailbox;
    if (own)
        STAILQ_INSERT_TAIL(&own->leaving, letter, link);
    else
        send_one(letter);
}

void bell_ring(struct mailbox *mailbox, struct bell *bell)
{
    if (!atomic_exchange(&bell->rings, true))
        mailbox_post(mailbox, &bell->letter);
}

void bell_heard(struct bell *bell)
{
    atomic_store(&bell->rings, false);
}

/* --- here --- */

/* All at once: posting never waits for a call. */
void mailbox_empty(struct mailbox *mailbox)
{
    struct letters taken = STAILQ_HEAD_INITIALIZER(taken);
    struct letter *letter;
    pthread_mutex_lock(&mailbox->lock);
    STAILQ_CONCAT(&taken, &mailbox->waiting);
    mailbox->asleep = false;
    pthread_mutex_unlock(&mailbox->lock);
    while ((letter = STAILQ_FIRST(&taken))) {
        STAILQ_REMOVE_HEAD(&taken, link);
        letter->fn(letter);
    }
}

/* What has come meanwhile is for the next pass, which begins at once. */
static void fall_asleep(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    mailbox->asleep = STAILQ_EMPTY(&mailbox->waiting);
    bool wake = !mailbox->asleep;
    pthread_mutex_unlock(&mailbox->lock);
    if (wake)
        mailbox_wake(mailbox);
}

void mailbox_wait(struct mailbox *mailbox)
{
    struct pollfd woken = {mailbox->wake, POLLIN, 0};
    eventfd_t times;
    fall_asleep(mailbox);
    (void)poll(&woken, 1, -1);
    (void)eventfd_read(mailbox->wake, &times);
    mailbox_empty(mailbox);
    mailbox_flush(mailbox);
}

/* A loop that has failed has tasks to put away: some wait for other loops. */
static void mailbox_pass(void *arg, bool failed)
{
    struct mailbox *mailbox = arg;
    mailbox_empty(mailbox);
    mailbox_flush(mailbox);
    while (failed && !loop_has_calls(mailbox->loop))
        mailbox_wait(mailbox);
    if (!failed && !loop_has_calls(mailbox->loop))
        fall_asleep(mailbox);
}

/* --- its life --- */

/* The next pass looks by itself. */
static void mailbox_woken(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what, (void)arg;
}

/* Edge-triggered: each write is told, none needs to be read. */
static int mailbox_open(struct mailbox *mailbox)
{
    mailbox->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mailbox->wake < 0)
        return -errno;
    event_assign(&mailbox->event, loop_base(mailbox->loop), mailbox->wake,
        EV_READ | EV_ET | EV_PERSIST, mailbox_woken, NULL);
    if (!event_add(&mailbox->event, NULL))
        return 0;
    close(mailbox->wake);
    return -ENOMEM;
}

int mailbox_create(struct mailbox **out, struct loop *loop)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (!mailbox)
        return -ENOMEM;
    mailbox->loop = loop;
    int error = mailbox_open(mailbox);
    if (error) {
        free(mailbox);
        return error;
    }
    pthread_mutex_init(&mailbox->lock, NULL); /* without attributes: cannot */
    STAILQ_INIT(&mailbox->waiting);
    STAILQ_INIT(&mailbox->leaving);
    loop_set_local(loop, LOOP_LOCAL_MAILBOX, mailbox, NULL);
    loop_set_mail_hook(loop, mailbox_pass, mailbox);
    *out = mailbox;
    return 0;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    loop_set_mail_hook(mailbox->loop, NULL, NULL);
    loop_set_local(mailbox->loop, LOOP_LOCAL_MAILBOX, NULL, NULL);
    event_del(&mailbox->event);
    close(mailbox->wake);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}
