/*
 * question_probe - questions that were refused are asked again together, and
 * behind them one that the server has answered before, the witness.  When that
 * one is refused, too, the server refuses everything now.
 *
 * Invariant: `pending` counts the questions of a test that have no answer yet
 * and are not set aside, the witness included.
 */
#include "async/dns/question_inside.h"

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

static void test_step(struct questions *all);

/* --- the pause --- */

static void pause_begin(struct questions *all)
{
    struct again *again = &all->again;
    int64_t now = loop_time();
    if (again->test_result == ASYNC_DNS_SERVFAIL)
        again_servfail_explained(again);
    again->paused = again->refused = true;
    again->pause_ends = now + again->pause;
    if (again->pause < PAUSE_MAX)
        again->pause *= 2;
    if (!again->starved)
        again->starved = now;
    if (now - again->starved < STARVED_MAX)
        return;
    again->paused = false;
    again_refuse_everything(again);
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
    struct question *q;
    again->paused = false;
    if (!again->refused)
        return;
    again->names = 0;
    again->ramp = 1;
    again->in_a_row = 0;
    again_move_all(&again->doubted, QUESTION_LATER);
    again_move_all(&again->failed, QUESTION_LATER);
    TAILQ_FOREACH (q, &again->later, link)
        q->refused_at = q->stage = q->tests = 0;
}

/* --- the witness --- */

bool test_has_witness(const struct again *again)
{
    return again->witness.name[0];
}

void test_note_witness(struct again *again, const struct question *q)
{
    size_t size = strlen(q->name) + 1;
    if (test_has_witness(again) || size > sizeof again->witness.name)
        return;
    memcpy(again->witness.name, q->name, size);
    again->witness.family = q->family;
}

static void witness_answered(void *arg, const struct dns_answer *answer)
{
    struct questions *all = arg;
    all->again.witness.open = false;
    if (all->closing)
        return;
    window_give_back(&all->window, all->again.witness.asked);
    if (!asking_is_answer(answer->result))
        all->again.test_result = answer->result;
    loop_call_soon(all->loop, &all->pump);
    test_step(all);
}

static void witness_ask(struct questions *all, int64_t now)
{
    struct witness *witness = &all->again.witness;
    witness->asked = now;
    witness->open = true;
    all->again.pending++;
    window_take(&all->window, now);
    nameservers_ask(all->ns,
        &(struct nameserver_question){witness->name, witness->family, NULL},
        &witness->said, witness_answered, all);
}

/* --- the test --- */

static unsigned half(unsigned level)
{
    return level > 2 ? level / 2 : 1;
}

/* From such a server a question that keeps silent evidently takes no place
 * from others: names were refused when few places were taken, and never any
 * other question. */
bool test_only_names(const struct questions *all)
{
    return all->again.names >= NAMES_MIN &&
           all->window.limit == WINDOW_NO_LIMIT;
}

/* The level at which a question may be asked in a test. */
unsigned test_level(const struct question *q)
{
    if (test_only_names(q->all))
        return again_silent(q->all) + half(q->refused_among);
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

static void probed(struct questions *all)
{
    struct again *again = &all->again;
    if (is_not_now(again->test_result))
        pause_begin(all);
    else
        pause_end(again);
}

/* Asked before the server had answered anything, it may have had bad luck. */
static bool is_strict(const struct question *q)
{
    return q->level <= half(q->refused_at) &&
           (q->refusals > REFUSALS_FEW || test_only_names(q->all));
}

/* The witness, which was asked last, was answered. */
static void refuse_name(struct again *again, struct question *q)
{
    q->tests += is_strict(q) ? PROOF : 1;
    if (q->tests < (again->lucky ? PROOF_LUCKY : PROOF)) {
        question_unlist(q);
        again_put_off(q, QUESTION_DOUBTED);
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
    struct question *q;
    while ((q = TAILQ_FIRST(&again->tested)))
        refuse_name(again, q);
}

/* What is silent now says nothing against SERVFAIL. */
static void confirmed(struct questions *all)
{
    struct again *again = &all->again;
    struct question *q;
    if (is_not_now(again->test_result)) {
        again_move_all(&again->tested, QUESTION_FAILED);
        pause_begin(all);
        return;
    }
    while ((q = TAILQ_FIRST(&again->tested)))
        again_refuse_name(q);
}

void test_confirmed_by(const struct question *by)
{
    struct again *again = &by->all->again;
    struct question *q;
    if (again->paused)
        return;
    while ((q = TAILQ_FIRST(&again->failed)) && q->expires < by->asked)
        again_refuse_name(q);
}

static void tested(struct questions *all)
{
    struct again *again = &all->again;
    if (!test_has_witness(again) && !TAILQ_EMPTY(&again->tested)) {
        again_refuse_everything(again);
    } else if (!again->test_result) {
        refuse_tested(again);
    } else {
        again_move_all(&again->tested, QUESTION_DOUBTED);
        if (is_not_now(again->test_result))
            pause_begin(all);
    }
}

static void test_step(struct questions *all)
{
    struct again *again = &all->again;
    if (--again->pending > 0)
        return;
    if (again->paused)
        probed(all);
    else if (again->confirms)
        confirmed(all);
    else
        tested(all);
    if (again->test_result && !is_not_now(again->test_result))
        again->witness.name[0] = '\0'; /* it is of no use */
    loop_call_soon(all->loop, &all->pump);
}

void test_leave(struct question *q)
{
    if (!q->in_test)
        return;
    q->in_test = false;
    test_step(q->all);
}

static void test_ask(struct question *q, int64_t now)
{
    question_unlist(q);
    q->in_test = true;
    q->tried = false;
    q->all->again.pending++;
    question_ask(q, now);
}

void test_probe(struct questions *all, int64_t now)
{
    if (now < all->again.pause_ends)
        return;
    test_begin(&all->again, now);
    witness_ask(all, now);
    test_step(all);
}

/* As many as there are, while half of the places are free. */
void test_run(struct questions *all, int64_t now)
{
    struct again *again = &all->again;
    struct question *q = TAILQ_FIRST(&again->doubted);
    bool known = test_has_witness(again);
    test_begin(again, now);
    do
        test_ask(q, now);
    while (known && (q = TAILQ_FIRST(&again->doubted)) &&
           all->window.level < test_level(q) && asking_has_place(all));
    if (known)
        witness_ask(all, now);
    test_step(all);
}

bool test_may_confirm(const struct questions *all, int64_t now)
{
    const struct question *q = TAILQ_FIRST(&all->again.failed);
    return q && (!all->opened || now - q->expires >= CONFIRM_DELAY);
}

void test_confirm(struct questions *all, int64_t now)
{
    struct again *again = &all->again;
    test_begin(again, now);
    again->confirms = true;
    again_move_all(&again->failed, QUESTION_TESTED);
    witness_ask(all, now);
    test_step(all);
}

/* A test is worth while when many can be in it, and without a witness it is of
 * one that is asked alone. */
bool test_may_begin(const struct questions *all)
{
    const struct question *q = TAILQ_FIRST(&all->again.doubted);
    if (!q || again_silent(all) >= test_level(q))
        return false;
    if (!test_has_witness(&all->again))
        return all->opened == 0;
    return all->opened * 2 <= test_level(q) - again_silent(all);
}
