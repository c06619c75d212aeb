/*
 * query_again - "not now" (REFUSED, or SERVFAIL under load) told from
 * "not this name" and "not you".
 *
 * A server may have no place for a question (dnsmasq, CoreDNS), may answer so
 * many a minute only (Pi-hole), may not want to answer for a name (a policy)
 * or at all (an access list).  A question that is refused is asked again when
 * a few places fewer are taken (`later`), which tells the first; after that
 * (`doubted`) in a test: when half of the places are free, together with a
 * question that the server has answered before, the witness, behind them.
 * When that one is refused, too, nothing at all is asked for a while.  When it
 * is answered, those that were refused a moment before are refused for their
 * names.
 *
 * SERVFAIL of a server that has answered many is of the name's zone once any
 * question that was asked after it is answered (`failed`), if need be the
 * witness: it may be said to all beyond so many a period, too.
 *
 * Invariant: a question in one of the lists has somebody who waits for it.
 */
#include "async/dns/query_inside.h"

#include "async/core/error.h"

#include <limits.h>
#include <string.h>

enum {
    MARGIN = 8, /* places fewer, for those asked later */
    STAGES_AT_ONCE = 2, /* so often, before places are thought of */
    IN_A_ROW_FEW = 8, /* more are no chance */
    STAGES_MAX = 6, /* so often, where a limit is known */
    REFUSALS_MAX = 64, /* of one question */
    IN_A_ROW_MAX = 64, /* then the server as a whole is doubted */
    SERVFAIL_FEW = 8, /* with so many places taken there is no load */
    SERVFAILS_MAX = 8,
    BROKEN_MIN = 32,
    STEPS_MAX = 100, /* through a list */
    CHANCES_MIN = 3, /* refusals that places do not explain */
    ANSWERS_MANY = 32, /* then many SERVFAILs may be a limit */
    STAGES_BY_CHANCE = 32, /* so often at once, after so many of these */
};

void again_init(struct upstream *up)
{
    struct again *again = &up->again;
    TAILQ_INIT(&again->later);
    TAILQ_INIT(&again->doubted);
    TAILQ_INIT(&again->tested);
    TAILQ_INIT(&again->failed);
    again->ramp = QUERIES_OPEN_MAX;
    again->pause = TEST_PAUSE_FIRST;
}

/* Places that nobody here uses any more. */
unsigned again_silent(const struct upstream *up)
{
    unsigned opened = up->opened + up->again.witness.open;
    return up->window.level > opened ? up->window.level - opened : 0;
}

/* --- lists --- */

/* Those refused at the lowest levels come first, for a test has these first;
 * nearly always they come in that order. */
static void doubt(struct query *q)
{
    struct query_list *list = &q->upstream->again.doubted;
    struct query *before = TAILQ_LAST(list, query_list);
    for (int i = 0; before && i < STEPS_MAX; i++) {
        if (before->refused_at <= q->refused_at)
            break;
        before = TAILQ_PREV(before, query_list, link);
    }
    if (before)
        TAILQ_INSERT_AFTER(list, before, q, link);
    else
        TAILQ_INSERT_HEAD(list, q, link);
}

/* Those that places do not keep are first. */
static void wait_for_later(struct again *again, struct query *q)
{
    unsigned at = q->refused_at ? q->refused_at : UINT_MAX;
    if (TAILQ_EMPTY(&again->later) || at < again->later_at)
        again->later_at = at;
    if (q->refused_at)
        TAILQ_INSERT_TAIL(&again->later, q, link);
    else
        TAILQ_INSERT_HEAD(&again->later, q, link);
}

void again_put_off(struct query *q, enum query_state state)
{
    struct again *again = &q->upstream->again;
    q->state = state;
    if (state == QUERY_DOUBTED)
        doubt(q);
    else if (state == QUERY_LATER)
        wait_for_later(again, q);
    else if (state == QUERY_FAILED)
        TAILQ_INSERT_TAIL(&again->failed, q, link);
    else
        TAILQ_INSERT_TAIL(&again->tested, q, link);
}

void again_refuse_name(struct query *q)
{
    query_unlist(q);
    query_finish(q, &(struct dns_answer){.result = q->not_now});
}

static void refuse_all(struct query_list *list)
{
    while (!TAILQ_EMPTY(list))
        again_refuse_name(TAILQ_FIRST(list));
}

void again_refuse_everything(struct again *again)
{
    again->refuses_all = true;
    again->witness.name[0] = '\0';
    refuse_all(&again->tested);
    refuse_all(&again->doubted);
    refuse_all(&again->later);
    refuse_all(&again->failed);
}

void again_move_all(struct query_list *list, enum query_state state)
{
    struct query *q;
    while ((q = TAILQ_FIRST(list))) {
        query_unlist(q);
        again_put_off(q, state);
    }
}

/* --- asking --- */

/* Where no limit is known, half of those that are not silent are left. */
static unsigned margin_below(const struct upstream *up, unsigned most)
{
    unsigned still = again_silent(up);
    if (up->window.limit == WINDOW_NO_LIMIT && most > still + 2 * MARGIN)
        return (most - still) / 2;
    return most / 2 < MARGIN ? most / 2 : MARGIN;
}

static bool has_fewer_places(const struct query *q)
{
    const struct upstream *up = q->upstream;
    unsigned most = up->again.later_at;
    return !q->refused_at || up->window.level < most - margin_below(up, most);
}

static void ask_later(struct upstream *up, int64_t now)
{
    struct query *q;
    while ((q = TAILQ_FIRST(&up->again.later)) && asking_has_place(up)) {
        q->tried = !has_fewer_places(q);
        if (q->tried && up->opened >= up->window.stretch)
            break;
        query_unlist(q);
        query_ask(q, now);
    }
}

void again_pump(struct upstream *up, int64_t now)
{
    struct again *again = &up->again;
    if (again->pending)
        return;
    if (again->paused) {
        test_probe(up, now);
        return;
    }
    ask_later(up, now);
    if (test_may_confirm(up, now))
        test_confirm(up, now);
    else if (TAILQ_EMPTY(&again->later) && test_may_begin(up))
        test_run(up, now);
}

bool again_is_first(const struct upstream *up, int64_t now)
{
    const struct again *again = &up->again;
    const struct query *q = TAILQ_FIRST(&again->doubted);
    if (again->paused || !TAILQ_EMPTY(&again->later))
        return true;
    if (again->pending && !again->confirms && !again->names &&
        now - again->test_began < QUERY_PLACE_TIME)
        return true;
    return q && again_silent(up) < test_level(q);
}

bool again_waits(const struct upstream *up)
{
    const struct again *again = &up->again;
    return again->paused || again->pending || !TAILQ_EMPTY(&again->later) ||
           !TAILQ_EMPTY(&again->doubted) || !TAILQ_EMPTY(&again->failed);
}

/* --- answers --- */

void again_servfail_explained(struct again *again)
{
    again->servfails = SERVFAILS_MAX;
    again->broken = 0;
}

/* Does the server refuse without regard to places? */
static bool is_by_chance(const struct again *again)
{
    return again->chances >= CHANCES_MIN;
}

static void note_chance(struct upstream *up)
{
    if (++up->again.chances == CHANCES_MIN)
        window_forget(&up->window);
}

/* It was refused and is answered now: with fewer places taken, unless it was
 * the only one before, too, or was tried where places were silent. */
static void refusal_explained(struct query *q)
{
    struct upstream *up = q->upstream;
    up->again.lucky |= q->stage > 0 && !q->refused_at;
    if (!q->refused_at || is_by_chance(&up->again))
        return;
    if (q->level >= q->refused_at) {
        if (!q->tried)
            note_chance(up);
        return;
    }
    if (up->window.limit == WINDOW_NO_LIMIT)
        again_move_all(&up->again.doubted, QUERY_LATER);
    window_exceeded(&up->window, q->refused_at);
    up->again.names = 0;
    if (q->not_now == ASYNC_DNS_SERVFAIL)
        again_servfail_explained(&up->again);
}

void again_answered(struct query *q)
{
    struct again *again = &q->upstream->again;
    window_bore(&q->upstream->window, q->level);
    again->in_a_row = 0;
    again->starved = 0;
    again->refuses_all = false;
    again->pause = TEST_PAUSE_FIRST;
    if (again->ramp < QUERIES_OPEN_MAX)
        again->ramp++;
    again->answers += again->answers < ANSWERS_MANY;
    refusal_explained(q);
    test_confirmed_by(q);
    test_note_witness(again, q);
}

/* SERVFAIL is of the name's zone, unless it came at once, where places were
 * taken; and once it has often been so again with fewer, where more of them
 * were than the server has been seen to bear. */
static bool is_of_load(const struct query *q)
{
    const struct upstream *up = q->upstream;
    if (q->state != QUERY_OPEN)
        return false;
    if (up->again.servfails > 0)
        return true;
    return q->stage == 0 && q->level > SERVFAIL_FEW &&
           (up->again.broken < BROKEN_MIN || q->level > up->window.highest);
}

/* It could not have been answered with fewer places taken, and whether the
 * server answers anything is not known. */
static bool is_refused_alone(const struct query *q)
{
    const struct again *again = &q->upstream->again;
    return q->level == 1 && q->upstream->opened == 0 &&
           !test_has_witness(again) && !again_waits(q->upstream);
}

static bool may_be_asked_again(const struct query *q)
{
    return q->wanted && q->refusals < REFUSALS_MAX &&
           !q->upstream->again.refuses_all;
}

static bool is_final(const struct query *q, int result)
{
    if (!may_be_asked_again(q))
        return true;
    if (result == ASYNC_DNS_SERVFAIL)
        return !is_of_load(q);
    return result != ASYNC_DNS_REFUSED;
}

/* Where nothing is silent, half of the places are soon free for a test. */
static bool is_for_later(const struct query *q)
{
    const struct upstream *up = q->upstream;
    bool known = up->window.limit != WINDOW_NO_LIMIT;
    if (q->not_now == ASYNC_DNS_SERVFAIL && !up->again.servfails)
        return true;
    if (test_only_names(up))
        return false;
    if (q->tried || q->stage <= STAGES_AT_ONCE + 1)
        return known || again_silent(up) > 0;
    return known && !up->again.has_refused_names && q->stage < STAGES_MAX;
}

/* A refusal alone says nothing of places: one of several servers behind an
 * address may refuse.  Of one that has not answered yet it says enough. */
static bool is_for_now(const struct query *q)
{
    const struct upstream *up = q->upstream;
    if (q->not_now != ASYNC_DNS_REFUSED || test_only_names(up) ||
        !test_has_witness(&up->again) || up->again.in_a_row >= IN_A_ROW_FEW)
        return false;
    return q->stage <=
           (is_by_chance(&up->again) ? STAGES_BY_CHANCE : STAGES_AT_ONCE);
}

/* 0: whatever places are taken. */
static void note_places(struct query *q)
{
    q->refused_at = is_for_now(q) ? 0 : q->level;
    q->refused_among = q->among;
}

static enum query_state state_of_refused(const struct query *q)
{
    return q->in_test                         ? QUERY_TESTED
           : is_for_now(q) || is_for_later(q) ? QUERY_LATER
                                              : QUERY_DOUBTED;
}

/* It came at once, of a server that has answered others. */
static bool is_to_confirm(const struct query *q, int result)
{
    return result == ASYNC_DNS_SERVFAIL && q->state == QUERY_OPEN &&
           may_be_asked_again(q) && test_has_witness(&q->upstream->again) &&
           q->upstream->again.answers >= ANSWERS_MANY;
}

static void put_to_failed(struct query *q)
{
    q->not_now = q->said = ASYNC_DNS_SERVFAIL;
    q->upstream->again.broken += q->stage > 0;
    q->refusals++;
    q->expires = loop_time();
    again_put_off(q, QUERY_FAILED);
    query_moved(q);
    test_leave(q);
}

bool again_refused(struct query *q, int result)
{
    struct again *again = &q->upstream->again;
    bool in_test = q->in_test;
    if (result == ASYNC_DNS_REFUSED && is_refused_alone(q))
        again->refuses_all = true;
    if (is_final(q, result) && is_to_confirm(q, result)) {
        put_to_failed(q);
        return true;
    }
    if (is_final(q, result)) {
        again->broken += result == ASYNC_DNS_SERVFAIL && q->stage > 0;
        test_leave(q);
        return false;
    }
    q->not_now = q->said = result;
    q->upstream->refused = loop_time();
    window_refused(&q->upstream->window);
    q->refusals++;
    q->stage += !q->tried;
    if (!in_test && !q->tried)
        note_places(q);
    again_put_off(q, state_of_refused(q));
    query_moved(q);
    test_leave(q);
    if (!in_test && ++again->in_a_row >= IN_A_ROW_MAX && !again->paused &&
        !again->pending && test_has_witness(again))
        test_server(again);
    return true;
}
