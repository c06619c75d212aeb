/*
 * query_ask - places, here and at the server: which queries are sent when.
 *
 * Invariant: while a query waits in a list, something will call pump: an
 * answer, a place that is over, or the tick.
 */
#include "async/dns/query_inside.h"

#include "async/core/error.h"

#include <assert.h>

/* How often is looked for places that time has freed at the server. */
#define TICK (50 * LOOP_MILLISECOND)

/* A wait that is shorter than this is none: who waits need not be woken. */
#define HOLD_EVERY (10 * LOOP_MILLISECOND)
/* How long after a refusal the next place is tried for. */
#define STRETCH_DELAY (500 * LOOP_MILLISECOND)

static void places_over(evutil_socket_t fd, short what, void *arg);
static void silence_start(struct upstream *up, int64_t time);

static void place_take(struct query *q, int64_t now)
{
    struct upstream *up = q->upstream;
    q->state = QUERY_OPEN;
    q->held = false;
    q->said = 0;
    q->asked = now;
    q->level = window_take(&up->window, now);
    q->expires = now + QUERY_PLACE_TIME;
    TAILQ_INSERT_TAIL(&up->open, q, link);
    q->among = up->opened + 1;
    if (up->opened++ == 0)
        loop_timer_start(
            up->loop, &up->clock, QUERY_PLACE_TIME, places_over, up);
}

static void place_leave(struct query *q)
{
    struct upstream *up = q->upstream;
    TAILQ_REMOVE(&up->open, q, link);
    if (--up->opened == 0)
        loop_timer_stop(&up->clock);
}

/* --- silence --- */

static void silence_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct upstream *up = arg;
    struct query *first;
    int64_t now = loop_time();
    while ((first = TAILQ_FIRST(&up->silent)) &&
           first->asked + up->patience <= now) {
        silence_leave(first);
        up->events->silent(first);
    }
    if ((first = TAILQ_FIRST(&up->silent)))
        silence_start(up, first->asked + up->patience - now);
}

static void silence_start(struct upstream *up, int64_t time)
{
    loop_timer_start(up->loop, &up->silence, time, silence_over, up);
}

/* Its asker has others to ask. */
static void silence_enter(struct query *q)
{
    struct upstream *up = q->upstream;
    if (TAILQ_EMPTY(&up->silent))
        silence_start(up, q->asked + up->patience - loop_time());
    q->timed = true;
    TAILQ_INSERT_TAIL(&up->silent, q, link);
}

void silence_leave(struct query *q)
{
    struct upstream *up = q->upstream;
    if (!q->timed)
        return;
    q->timed = false;
    TAILQ_REMOVE(&up->silent, q, link);
    if (TAILQ_EMPTY(&up->silent))
        loop_timer_stop(&up->silence);
}

/* c-ares cannot give a query up: it is only counted elsewhere. */
void query_set_aside(struct query *q)
{
    struct upstream *up = q->upstream;
    place_leave(q);
    q->state = QUERY_ASIDE;
    up->aside++;
    test_leave(q);
    if (q->wanted && up->patience)
        silence_enter(q);
    loop_call_soon(up->loop, &up->pump);
}

static void places_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct upstream *up = arg;
    struct query *first;
    int64_t now = loop_time();
    while ((first = TAILQ_FIRST(&up->open)) && first->expires <= now)
        query_set_aside(first);
    if (first)
        loop_timer_start(
            up->loop, &up->clock, first->expires - now, places_over, up);
}

/* --- lists --- */

static struct query_list *list_of(struct query *q)
{
    switch (q->state) {
    case QUERY_LATER:
        return &q->upstream->again.later;
    case QUERY_DOUBTED:
        return &q->upstream->again.doubted;
    case QUERY_TESTED:
        return &q->upstream->again.tested;
    case QUERY_FAILED:
        return &q->upstream->again.failed;
    default:
        return &q->upstream->queue;
    }
}

void query_unlist(struct query *q)
{
    TAILQ_REMOVE(list_of(q), q, link);
}

void query_moved(struct query *q)
{
    if (q->wanted)
        q->upstream->events->moved(q);
}

/* --- asking --- */

/* Whoever keeps silent has its place at the server until that gives up. */
static void place_give_back(struct query *q, int result)
{
    if (result != ASYNC_DNS_TIMEOUT)
        window_give_back(&q->upstream->window, q->asked);
}

bool asking_is_answer(int result)
{
    return !result || result == ASYNC_DNS_NXDOMAIN ||
           result == ASYNC_DNS_NODATA || result == ASYNC_DNS_UNSPECIFIED;
}

static void query_answer(void *arg, const struct dns_answer *answer)
{
    struct query *q = arg;
    struct upstream *up = q->upstream;
    silence_leave(q);
    if (q->state == QUERY_OPEN)
        place_leave(q);
    else
        up->aside--;
    if (!up->closing) {
        loop_call_soon(up->loop, &up->pump);
        if (asking_is_answer(answer->result))
            again_answered(q);
    }
    place_give_back(q, answer->result);
    if (up->closing || !again_refused(q, answer->result))
        query_finish(q, answer);
}

bool asking_has_place(const struct upstream *up)
{
    return up->opened < QUERIES_OPEN_MAX && up->opened < up->again.ramp &&
           up->opened + up->aside < QUERIES_ASKED_MAX &&
           window_has_room(&up->window);
}

void query_ask(struct query *q, int64_t now)
{
    struct upstream *up = q->upstream;
    struct nameserver_question ask = {q->name, q->family};
    bool waited = query_waits(q);
    place_take(q, now);
    if (waited)
        query_moved(q);
    nameserver_ask(up->ns, &ask, &q->said, query_answer, q);
}

/* What is left in the queue for a second time waits from now on; new ones are
 * at its end. */
static void queue_hold(struct upstream *up, int64_t now)
{
    struct query *q;
    if (now - up->held < HOLD_EVERY)
        return;
    up->held = now;
    TAILQ_FOREACH_REVERSE(q, &up->queue, query_list, link)
    {
        if (q->held)
            break;
        q->held = q->seen;
        q->seen = true;
        if (q->held)
            query_moved(q);
    }
}

static void places_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct upstream *up = arg;
    up->ticks = false;
    loop_call_soon(up->loop, &up->pump);
}

static bool needs_tick(const struct upstream *up)
{
    return again_waits(up) ||
           (!TAILQ_EMPTY(&up->queue) && !asking_has_place(up));
}

static void tick_start(struct upstream *up)
{
    if (up->ticks || !needs_tick(up))
        return;
    up->ticks = true;
    loop_timer_start(up->loop, &up->tick, TICK, places_tick, up);
}

/* Only the silent have places, and others wait for these. */
static void stretch(struct upstream *up, int64_t now)
{
    bool waits = !TAILQ_EMPTY(&up->again.later) ||
                 (!TAILQ_EMPTY(&up->queue) && !window_has_room(&up->window));
    if (waits && !up->opened && now - up->refused >= STRETCH_DELAY)
        window_stretch(&up->window);
}

/* The loop's call: asks what may be asked. */
static void pump_queries(void *arg)
{
    struct upstream *up = arg;
    struct query *q;
    int64_t now = loop_time();
    up->look(up->arg);
    window_pass(&up->window, now);
    stretch(up, now);
    again_pump(up, now);
    while ((q = TAILQ_FIRST(&up->queue)) && asking_has_place(up) &&
           !again_is_first(up, now)) {
        query_unlist(q);
        query_ask(q, now);
    }
    queue_hold(up, now);
    tick_start(up);
    nameserver_flush(up->ns);
}

/* --- all of them --- */

void asking_init(struct upstream *up)
{
    loop_call_init(&up->pump, pump_queries, up);
    TAILQ_INIT(&up->queue);
    TAILQ_INIT(&up->open);
    TAILQ_INIT(&up->silent);
    window_init(&up->window);
    again_init(up);
}

void asking_fini(struct upstream *up)
{
    loop_call_cancel(up->loop, &up->pump);
    if (up->ticks)
        loop_timer_stop(&up->tick);
    assert(TAILQ_EMPTY(&up->queue) && !up->opened && !up->aside);
}
