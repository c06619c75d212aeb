/*
 * query_probe - questions that were refused are asked again together, and
 * behind them one that the server has answered before, the witness.  When that
 * one is refused, too, the server refuses everything now.
 *
 * Invariant: `pending` counts the questions of a test that have no answer yet
 * and are not set aside, the witness included.
 */
#include "async/dns/query_inside.h"

#include "async/core/error.h"

#include <string.h>

enum {
    NAMES_MIN = 16,
    PROOF = 2, /* tests, where what is silent is left out of account */
    PROOF_LUCKY = 8, /* where it may have been chance each time */
    REFUSALS_FEW = 2, /* the test's included: it was not asked at once */
};

/* So long an answer to any other question is waited for. */
#define CONFIRM_DELAY (50 * LOOP_MILLISECOND)
#define PAUSE_MAX (2 * LOOP_SECOND)
/* Without any answer for so long it refuses us, not now or this name. */
#define STARVED_MAX (120 * LOOP_SECOND)

static void test_step(struct upstream *up);

/* --- the pause --- */

static void pause_begin(struct upstream *up)
{
    struct again *again = &up->again;
    int64_t now = loop_time();
    if (again->test_result == ASYNC_DNS_SERVFAIL)
        again_servfail_explained(again);
    again->paused = again->refused = true;
    again->pause_ends = now + again->pause;
    if (again->pause < PAUSE_MAX)
        again->pause *= 2;
    if (!again->starved)
        again->starved = now;
    if (now - again->starved >= STARVED_MAX) {
        again->paused = false;
        again_refuse_everything(again);
    }
    upstream_return_queue(up);
}

/* Many were refused: perhaps the witness is, too. */
void test_server(struct again *again)
{
    again->paused = true;
    again->refused = false;
    again->pause_ends = 0;
    again->in_a_row = 0;
}

/* The time was not right for those that were refused, whatever the level. */
static void pause_end(struct again *again)
{
    struct query *q;
    again->paused = false;
    if (!again->refused)
        return;
    again->names = 0;
    again->ramp = 1;
    again->in_a_row = 0;
    again_move_all(&again->doubted, QUERY_LATER);
    again_move_all(&again->failed, QUERY_LATER);
    TAILQ_FOREACH (q, &again->later, link)
        q->refused_at = q->stage = q->tests = 0;
}

/* --- the witness --- */

bool test_has_witness(const struct again *again)
{
    return again->witness.name[0];
}

void test_note_witness(struct again *again, const struct query *q)
{
    size_t size = strlen(q->name) + 1;
    if (test_has_witness(again) || size > sizeof again->witness.name)
        return;
    memcpy(again->witness.name, q->name, size);
    again->witness.family = q->family;
}

static void witness_answered(void *arg, const struct dns_answer *answer)
{
    struct upstream *up = arg;
    up->again.witness.open = false;
    if (up->closing)
        return;
    window_give_back(&up->window, up->again.witness.asked);
    if (!asking_is_answer(answer->result))
        up->again.test_result = answer->result;
    loop_call_soon(up->loop, &up->pump);
    test_step(up);
}

static void witness_ask(struct upstream *up, int64_t now)
{
    struct witness *witness = &up->again.witness;
    witness->asked = now;
    witness->open = true;
    up->again.pending++;
    window_take(&up->window, now);
    nameserver_ask(up->ns,
        &(struct nameserver_question){witness->name, witness->family},
        &witness->said, witness_answered, up);
}

/* --- the test --- */

static unsigned half(unsigned level)
{
    return level > 2 ? level / 2 : 1;
}

/* From such a server a question that keeps silent evidently takes no place
 * from others: names were refused when few places were taken, and never any
 * other question. */
bool test_only_names(const struct upstream *up)
{
    return up->again.names >= NAMES_MIN && up->window.limit == WINDOW_NO_LIMIT;
}

/* The level at which a question may be asked in a test. */
unsigned test_level(const struct query *q)
{
    if (test_only_names(q->upstream))
        return again_silent(q->upstream) + half(q->refused_among);
    return half(q->refused_at);
}

static void test_begin(struct again *again, int64_t now)
{
    again->test_began = now;
    again->test_result = 0;
    again->confirms = false;
    again->pending = 1; /* until all are asked */
}

static bool is_not_now(int result)
{
    return result == ASYNC_DNS_REFUSED || result == ASYNC_DNS_SERVFAIL;
}

static void probed(struct upstream *up)
{
    struct again *again = &up->again;
    if (is_not_now(again->test_result))
        pause_begin(up);
    else
        pause_end(again);
}

/* Asked before the server had answered anything, it may have had bad luck. */
static bool is_strict(const struct query *q)
{
    return q->level <= half(q->refused_at) &&
           (q->refusals > REFUSALS_FEW || test_only_names(q->upstream));
}

/* The witness, which was asked last, was answered. */
static void refuse_name(struct again *again, struct query *q)
{
    q->tests += is_strict(q) ? PROOF : 1;
    if (q->tests < (again->lucky ? PROOF_LUCKY : PROOF)) {
        query_unlist(q);
        again_put_off(q, QUERY_DOUBTED);
        return;
    }
    again->has_refused_names = true;
    again->names += again->names < NAMES_MIN;
    if (q->not_now == ASYNC_DNS_SERVFAIL && again->servfails > 0)
        again->servfails--;
    again_refuse_name(q);
}

static void refuse_tested(struct again *again)
{
    struct query *q;
    while ((q = TAILQ_FIRST(&again->tested)))
        refuse_name(again, q);
}

/* What is silent now says nothing against SERVFAIL. */
static void confirmed(struct upstream *up)
{
    struct again *again = &up->again;
    struct query *q;
    if (is_not_now(again->test_result)) {
        again_move_all(&again->tested, QUERY_FAILED);
        pause_begin(up);
        return;
    }
    while ((q = TAILQ_FIRST(&again->tested)))
        again_refuse_name(q);
}

void test_confirmed_by(const struct query *by)
{
    struct again *again = &by->upstream->again;
    struct query *q;
    if (again->paused)
        return;
    while ((q = TAILQ_FIRST(&again->failed)) && q->expires < by->asked)
        again_refuse_name(q);
}

static void tested(struct upstream *up)
{
    struct again *again = &up->again;
    if (!test_has_witness(again) && !TAILQ_EMPTY(&again->tested)) {
        again_refuse_everything(again);
    } else if (!again->test_result) {
        refuse_tested(again);
    } else {
        again_move_all(&again->tested, QUERY_DOUBTED);
        if (is_not_now(again->test_result))
            pause_begin(up);
    }
}

static void test_step(struct upstream *up)
{
    struct again *again = &up->again;
    if (--again->pending > 0)
        return;
    if (again->paused)
        probed(up);
    else if (again->confirms)
        confirmed(up);
    else
        tested(up);
    if (again->test_result && !is_not_now(again->test_result))
        again->witness.name[0] = '\0'; /* it is of no use */
    loop_call_soon(up->loop, &up->pump);
}

void test_leave(struct query *q)
{
    if (!q->in_test)
        return;
    q->in_test = false;
    test_step(q->upstream);
}

static void test_ask(struct query *q, int64_t now)
{
    query_unlist(q);
    q->in_test = true;
    q->tried = false;
    q->upstream->again.pending++;
    query_ask(q, now);
}

void test_probe(struct upstream *up, int64_t now)
{
    if (now < up->again.pause_ends)
        return;
    test_begin(&up->again, now);
    witness_ask(up, now);
    test_step(up);
}

/* As many as there are, while half of the places are free. */
void test_run(struct upstream *up, int64_t now)
{
    struct again *again = &up->again;
    struct query *q = TAILQ_FIRST(&again->doubted);
    bool known = test_has_witness(again);
    test_begin(again, now);
    do
        test_ask(q, now);
    while (known && (q = TAILQ_FIRST(&again->doubted)) &&
           up->window.level < test_level(q) && asking_has_place(up));
    if (known)
        witness_ask(up, now);
    test_step(up);
}

bool test_may_confirm(const struct upstream *up, int64_t now)
{
    const struct query *q = TAILQ_FIRST(&up->again.failed);
    return q && (!up->opened || now - q->expires >= CONFIRM_DELAY);
}

void test_confirm(struct upstream *up, int64_t now)
{
    struct again *again = &up->again;
    test_begin(again, now);
    again->confirms = true;
    again_move_all(&again->failed, QUERY_TESTED);
    witness_ask(up, now);
    test_step(up);
}

/* A test is worth while when many can be in it, and without a witness it is of
 * one that is asked alone. */
bool test_may_begin(const struct upstream *up)
{
    const struct query *q = TAILQ_FIRST(&up->again.doubted);
    if (!q || again_silent(up) >= test_level(q))
        return false;
    if (!test_has_witness(&up->again))
        return up->opened == 0;
    return up->opened * 2 <= test_level(q) - again_silent(up);
}
