/*
 * question_ask - places, here and at the server: which questions are asked
 * when.
 *
 * Invariant: while a question waits in a list, something will call pump: an
 * answer, a place that is over, or the tick.
 */
#include "async/dns/question_inside.h"

#include "async/core/error.h"

#include <assert.h>

/* How often is looked for places that time has freed at the server. */
#define TICK (50 * LOOP_MILLISECOND)

/* A wait that is shorter than this is none: who waits need not be woken. */
#define HOLD_EVERY (10 * LOOP_MILLISECOND)
/* How long after a refusal the next place is tried for. */
#define STRETCH_DELAY (500 * LOOP_MILLISECOND)

/* So often no time passes for a question that one server refuses and another
 * keeps silent about: its name may be what is refused. */
enum { HELD_MAX = 6 };

static void places_over(evutil_socket_t fd, short what, void *arg);

static void place_take(struct question *q, int64_t now)
{
    struct questions *all = q->all;
    q->state = QUESTION_OPEN;
    q->held = false;
    q->servers = all->servers;
    q->asked = now;
    q->level = window_take(&all->window, now);
    q->expires = now + QUESTION_PLACE_TIME;
    TAILQ_INSERT_TAIL(&all->open, q, link);
    q->among = all->opened + 1;
    if (all->opened++ == 0)
        loop_timer_start(
            all->loop, &all->clock, QUESTION_PLACE_TIME, places_over, all);
}

static void place_leave(struct question *q)
{
    struct questions *all = q->all;
    TAILQ_REMOVE(&all->open, q, link);
    if (--all->opened == 0)
        loop_timer_stop(&all->clock);
}

/* One of several servers had no place for it, and another keeps silent. */
static bool is_refused_by_one(const struct question *q)
{
    return q->result == ASYNC_DNS_REFUSED && q->refusals < HELD_MAX &&
           !q->all->again.refuses_all;
}

/* c-ares cannot give a question up: it is only counted elsewhere. */
void question_set_aside(struct question *q)
{
    place_leave(q);
    q->state = QUESTION_ASIDE;
    q->all->aside++;
    test_leave(q);
    q->held = is_refused_by_one(q) && test_has_witness(&q->all->again);
    if (q->held)
        question_moved(q);
    loop_call_soon(q->all->loop, &q->all->pump);
}

/* Some server has said something against it long after it was set aside: the
 * first one kept silent, and it came with all others that did.  Whether that
 * server answers anything may not be known yet. */
static void question_told(void *arg)
{
    struct question *q = arg;
    if (q->state != QUESTION_ASIDE || q->held || !is_refused_by_one(q))
        return;
    q->held = true;
    question_moved(q);
}

static void places_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct questions *all = arg;
    struct question *first;
    int64_t now = loop_time();
    while ((first = TAILQ_FIRST(&all->open)) && first->expires <= now)
        question_set_aside(first);
    if (first)
        loop_timer_start(
            all->loop, &all->clock, first->expires - now, places_over, all);
}

/* --- lists --- */

static struct question_list *list_of(struct question *q)
{
    switch (q->state) {
    case QUESTION_LATER:
        return &q->all->again.later;
    case QUESTION_DOUBTED:
        return &q->all->again.doubted;
    case QUESTION_TESTED:
        return &q->all->again.tested;
    case QUESTION_FAILED:
        return &q->all->again.failed;
    default:
        return &q->all->queue;
    }
}

void question_unlist(struct question *q)
{
    TAILQ_REMOVE(list_of(q), q, link);
}

void question_moved(struct question *q)
{
    struct question_waiter *waiter;
    TAILQ_FOREACH (waiter, &q->waiters, link)
        if (waiter->moved)
            waiter->moved(waiter->arg);
}

/* --- asking --- */

/* Whoever keeps silent has its place at the server until that gives up. */
static void place_give_back(struct question *q, int result)
{
    if (result != ASYNC_DNS_TIMEOUT)
        window_give_back(&q->all->window, q->asked);
}

bool asking_is_answer(int result)
{
    return !result || result == ASYNC_DNS_NXDOMAIN ||
           result == ASYNC_DNS_NODATA || result == ASYNC_DNS_UNSPECIFIED;
}

static void question_answer(void *arg, const struct dns_answer *answer)
{
    struct question *q = arg;
    struct questions *all = q->all;
    bool again;
    if (q->state == QUESTION_OPEN)
        place_leave(q);
    else
        all->aside--;
    if (!all->closing) {
        loop_call_soon(all->loop, &all->pump);
        if (asking_is_answer(answer->result))
            again_answered(q);
    }
    place_give_back(q, answer->result);
    again = !all->closing && again_refused(q, answer->result);
    if (!again)
        question_finish(q, answer);
}

bool asking_has_place(const struct questions *all)
{
    return all->opened < QUESTIONS_OPEN_MAX && all->opened < all->again.ramp &&
           all->opened + all->aside < QUESTIONS_ASKED_MAX &&
           window_has_room(&all->window);
}

void question_ask(struct question *q, int64_t now)
{
    struct questions *all = q->all;
    struct nameserver_question ask = {q->name, q->family, question_told};
    bool waited = question_waits(q);
    place_take(q, now);
    if (waited)
        question_moved(q);
    nameservers_ask(all->ns, &ask, &q->result, question_answer, q);
}

/* What is left in the queue for a second time waits from now on; new ones are
 * at its end. */
static void queue_hold(struct questions *all, int64_t now)
{
    struct question *q;
    if (now - all->held < HOLD_EVERY)
        return;
    all->held = now;
    TAILQ_FOREACH_REVERSE(q, &all->queue, question_list, link)
    {
        if (q->held)
            break;
        q->held = q->seen;
        q->seen = true;
        if (q->held)
            question_moved(q);
    }
}

static void places_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct questions *all = arg;
    all->ticks = false;
    loop_call_soon(all->loop, &all->pump);
}

static bool needs_tick(const struct questions *all)
{
    return again_waits(all) ||
           (!TAILQ_EMPTY(&all->queue) && !asking_has_place(all));
}

static void tick_start(struct questions *all)
{
    if (all->ticks || !needs_tick(all))
        return;
    all->ticks = true;
    loop_timer_start(all->loop, &all->tick, TICK, places_tick, all);
}

static void servers_look(struct questions *all)
{
    unsigned servers = nameservers_look(all->ns);
    if (servers != all->servers)
        again_forget(all);
    all->servers = servers;
}

/* Only the silent have places, and others wait for these. */
static void stretch(struct questions *all, int64_t now)
{
    bool waits = !TAILQ_EMPTY(&all->again.later) ||
                 (!TAILQ_EMPTY(&all->queue) && !window_has_room(&all->window));
    if (waits && !all->opened && now - all->refused >= STRETCH_DELAY)
        window_stretch(&all->window);
}

/* The loop's call: asks what may be asked. */
static void pump_questions(void *arg)
{
    struct questions *all = arg;
    struct question *q;
    int64_t now = loop_time();
    servers_look(all);
    window_pass(&all->window, now);
    stretch(all, now);
    again_pump(all, now);
    while ((q = TAILQ_FIRST(&all->queue)) && asking_has_place(all) &&
           !again_is_first(all, now)) {
        question_unlist(q);
        question_ask(q, now);
    }
    queue_hold(all, now);
    tick_start(all);
    nameservers_flush(all->ns);
}

/* --- all of them --- */

void asking_init(struct questions *all)
{
    loop_call_init(&all->pump, pump_questions, all);
    TAILQ_INIT(&all->queue);
    TAILQ_INIT(&all->open);
    window_init(&all->window);
    again_init(all);
}

void asking_fini(struct questions *all)
{
    loop_call_cancel(all->loop, &all->pump);
    if (all->ticks)
        loop_timer_stop(&all->tick);
    assert(TAILQ_EMPTY(&all->queue) && !all->opened && !all->aside);
}
