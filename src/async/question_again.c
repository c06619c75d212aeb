/*
 * question_again - "not now" (REFUSED, or SERVFAIL under load) told from
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
 * Invariant: `pending` counts the questions of a test that have no answer yet
 * and are not set aside, its witness included.
 */
#include "question_inside.h"

#include "error.h"

#include <string.h>

enum {
    MARGIN = 8, /* places fewer, for those asked later */
    STAGES_MAX = 4, /* so often, where a limit is known */
    REFUSALS_MAX = 64, /* of one question */
    IN_A_ROW_MAX = 64, /* then the server as a whole is doubted */
    SERVFAIL_FEW = 8, /* with so many places taken there is no load */
    SERVFAILS_MAX = 8,
    NAMES_MIN = 16,
    PROOF = 2, /* tests, where what is silent is left out of account */
    STEPS_MAX = 100, /* through a list */
};

#define PAUSE_FIRST (100 * LOOP_MILLISECOND)
#define PAUSE_MAX (2 * LOOP_SECOND)
/* Without any answer for so long it refuses us, not now or this name. */
#define STARVED_MAX (120 * LOOP_SECOND)

static void test_step(struct questions *all);

void again_init(struct questions *all)
{
    struct again *again = &all->again;
    TAILQ_INIT(&again->later);
    TAILQ_INIT(&again->doubted);
    TAILQ_INIT(&again->tested);
    again->ramp = QUESTIONS_OPEN_MAX;
    again->pause = PAUSE_FIRST;
}

static bool has_witness(const struct again *again)
{
    return again->witness.name[0];
}

/* Places that nobody here uses any more. */
static unsigned silent(const struct questions *all)
{
    unsigned opened = all->opened + all->again.witness.open;

    return all->window.level > opened ? all->window.level - opened : 0;
}

/* What is being asked is still counted. */
void again_forget(struct questions *all)
{
    struct again *again = &all->again;
    if (!again->witness.open)
        again->witness.name[0] = '\0';
    again->names = again->in_a_row = 0;
    again->servfails = 0;
    again->refuses_all = false;
    window_forget(&all->window);
}

/* --- lists --- */

/* Those refused at the lowest levels come first, for a test has these first;
 * nearly always they come in that order. */
static void doubt(struct question *q)
{
    struct question_list *list = &q->all->again.doubted;
    struct question *before = TAILQ_LAST(list, question_list);
    for (int i = 0; before && i < STEPS_MAX; i++) {
        if (before->refused_at <= q->refused_at)
            break;
        before = TAILQ_PREV(before, question_list, link);
    }
    if (before)
        TAILQ_INSERT_AFTER(list, before, q, link);
    else
        TAILQ_INSERT_HEAD(list, q, link);
}

static void wait_for_later(struct again *again, struct question *q)
{
    if (TAILQ_EMPTY(&again->later) || q->refused_at < again->later_at)
        again->later_at = q->refused_at;
    TAILQ_INSERT_TAIL(&again->later, q, link);
}

static void put_off(struct question *q, enum question_state state)
{
    struct again *again = &q->all->again;
    q->state = state;
    if (state == QUESTION_DOUBTED)
        doubt(q);
    else if (state == QUESTION_LATER)
        wait_for_later(again, q);
    else
        TAILQ_INSERT_TAIL(&again->tested, q, link);
}

static void refuse(struct question *q)
{
    question_unlist(q);
    question_finish(q, &(struct dns_answer){.result = q->not_now});
}

static void refuse_all(struct question_list *list)
{
    while (!TAILQ_EMPTY(list))
        refuse(TAILQ_FIRST(list));
}

static void refuse_everything(struct again *again)
{
    again->refuses_all = true;
    again->witness.name[0] = '\0';
    refuse_all(&again->tested);
    refuse_all(&again->doubted);
    refuse_all(&again->later);
}

static void move_all(struct question_list *list, enum question_state state)
{
    struct question *q;
    while ((q = TAILQ_FIRST(list))) {
        question_unlist(q);
        put_off(q, state);
    }
}

/* --- the pause --- */

static void pause_begin(struct questions *all)
{
    struct again *again = &all->again;
    int64_t now = loop_time();
    again->paused = again->refused = true;
    again->pause_ends = now + again->pause;
    if (again->pause < PAUSE_MAX)
        again->pause *= 2;
    if (!again->starved)
        again->starved = now;
    if (now - again->starved < STARVED_MAX)
        return;
    again->paused = false;
    refuse_everything(again);
}

/* Many were refused: perhaps the witness is, too. */
static void server_doubt(struct again *again)
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
    move_all(&again->doubted, QUESTION_LATER);
    TAILQ_FOREACH (q, &again->later, link)
        q->refused_at = q->stage = q->tests = 0;
}

/* --- the witness --- */

static void witness_note(struct again *again, const struct question *q)
{
    size_t size = strlen(q->name) + 1;
    if (has_witness(again) || size > sizeof again->witness.name)
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
        &(struct nameserver_question){witness->name, witness->family},
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
static bool refuses_only_names(const struct questions *all)
{
    return all->again.names >= NAMES_MIN &&
           all->window.limit == WINDOW_NO_LIMIT;
}

/* The level at which a question may be asked in a test. */
static unsigned test_level(const struct question *q)
{
    if (refuses_only_names(q->all))
        return silent(q->all) + half(q->refused_among);
    return half(q->refused_at);
}

static void test_begin(struct again *again, int64_t now)
{
    again->test_began = now;
    again->test_result = 0;
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

/* The witness, which was asked last, was answered. */
static void refuse_name(struct again *again, struct question *q)
{
    bool strict = q->level <= half(q->refused_at);
    q->tests += strict ? PROOF : 1;
    if (q->tests < PROOF) {
        question_unlist(q);
        put_off(q, QUESTION_DOUBTED);
        return;
    }
    again->has_refused_names = true;
    again->names += again->names < NAMES_MIN;
    if (q->not_now == ASYNC_DNS_SERVFAIL && again->servfails > 0)
        again->servfails--;
    refuse(q);
}

static void refuse_tested(struct again *again)
{
    struct question *q;
    while ((q = TAILQ_FIRST(&again->tested)))
        refuse_name(again, q);
}

static void tested(struct questions *all)
{
    struct again *again = &all->again;
    if (!has_witness(again) && !TAILQ_EMPTY(&again->tested)) {
        refuse_everything(again);
    } else if (!again->test_result) {
        refuse_tested(again);
    } else {
        move_all(&again->tested, QUESTION_DOUBTED);
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
    else
        tested(all);
    if (again->test_result && !is_not_now(again->test_result))
        again->witness.name[0] = '\0'; /* it is of no use */
    loop_call_soon(all->loop, &all->pump);
}

void again_leave_test(struct question *q)
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
    q->all->again.pending++;
    question_ask(q, now);
}

/* As many as there are, while half of the places are free. */
static void test_run(struct questions *all, int64_t now)
{
    struct again *again = &all->again;
    struct question *q = TAILQ_FIRST(&again->doubted);
    bool known = has_witness(again);
    test_begin(again, now);

    do

        test_ask(q, now);
    while (known && (q = TAILQ_FIRST(&again->doubted)) &&
           all->window.level < test_level(q) && asking_has_place(all));
    if (known)
        witness_ask(all, now);
    test_step(all);
}

/* A test is worth while when many can be in it, and without a witness it is of
 * one that is asked alone. */
static bool test_may_begin(const struct questions *all)
{
    const struct question *q = TAILQ_FIRST(&all->again.doubted);
    if (!q || silent(all) >= test_level(q))
        return false;
    if (!has_witness(&all->again))
        return all->opened == 0;
    return all->opened * 2 <= test_level(q) - silent(all);
}

/* --- asking --- */

static bool may_ask_later(const struct question *q)
{
    const struct questions *all = q->all;
    unsigned most = all->again.later_at;
    unsigned margin = most / 2 < MARGIN ? most / 2 : MARGIN;
    if (!asking_has_place(all))
        return false;
    return !q->refused_at || all->window.level < most - margin;
}

static void ask_later(struct questions *all, int64_t now)
{
    struct question *q;
    while ((q = TAILQ_FIRST(&all->again.later)) && may_ask_later(q)) {
        question_unlist(q);
        question_ask(q, now);
    }
}

void again_pump(struct questions *all, int64_t now)
{
    struct again *again = &all->again;
    if (again->pending)
        return;
    if (again->paused) {
        if (now < again->pause_ends)
            return;
        test_begin(again, now);
        witness_ask(all, now);
        test_step(all);
        return;
    }
    ask_later(all, now);
    if (TAILQ_EMPTY(&again->later) && test_may_begin(all))
        test_run(all, now);
}

bool again_is_first(const struct questions *all, int64_t now)
{
    const struct again *again = &all->again;
    const struct question *q = TAILQ_FIRST(&again->doubted);
    if (again->paused || !TAILQ_EMPTY(&again->later))
        return true;
    if (again->pending && !again->names &&
        now - again->test_began < QUESTION_PLACE_TIME)
        return true;
    return q && silent(all) < test_level(q);
}

bool again_waits(const struct questions *all)
{
    const struct again *again = &all->again;
    return again->paused || again->pending || !TAILQ_EMPTY(&again->later) ||
           !TAILQ_EMPTY(&again->doubted);
}

/* --- answers --- */

/* It was refused and is answered now, with fewer places taken. */
static void refusal_explained(struct question *q)
{
    struct questions *all = q->all;
    if (!q->refused_at)
        return;
    if (all->window.limit == WINDOW_NO_LIMIT)
        move_all(&all->again.doubted, QUESTION_LATER);
    window_exceeded(&all->window, q->refused_at);
    all->again.names = 0;
    if (q->not_now == ASYNC_DNS_SERVFAIL)
        all->again.servfails = SERVFAILS_MAX;
}

void again_answered(struct question *q)
{
    struct again *again = &q->all->again;
    window_bore(&q->all->window, q->level);
    again->in_a_row = 0;
    again->starved = 0;
    again->refuses_all = false;
    again->pause = PAUSE_FIRST;
    if (again->ramp < QUESTIONS_OPEN_MAX)
        again->ramp++;
    refusal_explained(q);
    witness_note(again, q);
}

/* SERVFAIL is of the name's zone, unless it came at once, where more places
 * were taken than the server has been seen to bear. */
static bool is_of_load(const struct question *q)
{
    const struct questions *all = q->all;
    if (q->state != QUESTION_OPEN)
        return false;
    if (all->again.servfails > 0)
        return true;
    return q->stage == 0 && q->level > SERVFAIL_FEW &&
           q->level > all->window.highest;
}

/* It could not have been answered with fewer places taken, and whether the
 * server answers anything is not known. */
static bool is_refused_alone(const struct question *q)
{
    const struct again *again = &q->all->again;
    return q->level == 1 && q->all->opened == 0 && !has_witness(again) &&
           !again_waits(q->all);
}

static bool is_final(const struct question *q, int result)
{

    if (q->references == 0 || q->refusals >= REFUSALS_MAX ||
        q->all->again.refuses_all)
        return true;
    if (result == ASYNC_DNS_SERVFAIL)
        return !is_of_load(q);
    return result != ASYNC_DNS_REFUSED;
}

/* Where nothing is silent, half of the places are soon free for a test. */
static bool is_for_later(const struct question *q)
{
    const struct questions *all = q->all;
    bool known = all->window.limit != WINDOW_NO_LIMIT;
    if (q->not_now == ASYNC_DNS_SERVFAIL && !all->again.servfails)
        return true;
    if (refuses_only_names(all))
        return false;
    if (q->stage == 1)
        return known || silent(all) > 0;
    return known && !all->again.has_refused_names && q->stage < STAGES_MAX;
}

bool again_refused(struct question *q, int result)
{
    struct again *again = &q->all->again;

    bool in_test = q->in_test;
    if (result == ASYNC_DNS_REFUSED && is_refused_alone(q))
        again->refuses_all = true;
    if (is_final(q, result)) {
        again_leave_test(q);
        return false;
    }
    q->not_now = result;
    if (!in_test) {
        q->refused_at = q->level;
        q->refused_among = q->among;
    }
    q->refusals++;
    q->stage++;
    put_off(q, in_test           ? QUESTION_TESTED
               : is_for_later(q) ? QUESTION_LATER
                                 : QUESTION_DOUBTED);
    question_moved(q);
    again_leave_test(q);
    if (!in_test && ++again->in_a_row >= IN_A_ROW_MAX && !again->paused &&
        !again->pending && has_witness(again))
        server_doubt(again);
    return true;
}
