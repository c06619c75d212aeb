/*
 * query_inside - a name server as the rooms of query see it: query_ask
 * (places), query_again (refusals), query_probe (what they mean), upstream.
 */
#ifndef ASYNC_QUERY_INSIDE_H
#define ASYNC_QUERY_INSIDE_H

#include "async/dns/nameserver.h"
#include "async/dns/query.h"
#include "async/dns/window.h"

enum { WITNESS_NAME_MAX = 256 };

TAILQ_HEAD(query_list, query);

/* Refusals, and what they mean. */
struct again {
    struct query_list later, doubted, tested, failed;
    struct witness { /* a name that the server has answered for */
        char name[WITNESS_NAME_MAX]; /* "": none yet */
        int family;
        int64_t asked; /* loop_time */
        int said;
        bool open; /* asked without an answer */
    } witness;
    unsigned pending; /* questions of the test; 0: there is none */
    bool confirms; /* the test is of those that failed: none is asked again */
    int test_result; /* 0, or why the witness has no answer */
    int64_t test_began;
    unsigned later_at; /* the lowest level that was too much for one of these */
    bool paused, refused; /* and its witness was refused, too */
    int64_t pause, pause_ends; /* how long; loop_time */
    int64_t starved; /* loop_time of the first pause since an answer, or 0 */
    unsigned ramp; /* so many may be open */
    unsigned in_a_row; /* refusals since an answer */
    unsigned chances; /* refusals that were no matter of places */
    bool lucky; /* asked again at once, some were answered */
    unsigned names; /* refused for themselves, since any other refusal */
    bool has_refused_names;
    bool refuses_all; /* it has not answered anything so far */
    unsigned broken; /* SERVFAIL twice, the second time with fewer places */
    unsigned answers; /* as many as matter */
    int servfails; /* above 0: SERVFAIL is a refusal, too */
};

struct upstream {
    struct loop *loop;
    struct nameserver *ns;
    struct upstream *next;
    const struct query_events *events;
    void (*look)(void *arg);
    void *arg;
    struct loop_call pump;
    struct query_list queue, open;
    struct query_list silent; /* aside, and their askers not told yet */
    struct loop_timer clock, tick, silence;
    int64_t patience; /* until they are told; 0: never */
    bool ticks, closing;
    unsigned opened, aside; /* in `open`; at c-ares, but not there */
    int64_t refused; /* loop_time: the last one */
    int64_t held; /* loop_time: when the queue was looked through */
    struct window window;
    struct again again;
};

/* --- query --- */

/* The answer is final. */
void query_finish(struct query *q, const struct dns_answer *answer);

/* --- query_ask --- */

void asking_init(struct upstream *up);
void asking_fini(struct upstream *up);
/* The server does not refuse. */
bool asking_is_answer(int result);
/* A place for one more? */
bool asking_has_place(const struct upstream *up);
/* Asks one that is in no list any more. */
void query_ask(struct query *q, int64_t now);
/* It gives up its place here, not the one at the server. */
void query_set_aside(struct query *q);
/* Its asker is not told of silence any more. */
void silence_leave(struct query *q);
/* It has begun or ceased to wait for a place. */
void query_moved(struct query *q);
/* Out of the list that it waits in. */
void query_unlist(struct query *q);

/* --- query_again --- */

void again_init(struct upstream *up);
/* Asks again what may be; asking_has_place holds for it, too. */
void again_pump(struct upstream *up, int64_t now);
/* Those that were refused are to be asked before any new one. */
bool again_is_first(const struct upstream *up, int64_t now);
/* Time alone may bring what is waited for. */
bool again_waits(const struct upstream *up);
/* The server has answered; its place is not given back yet. */
void again_answered(struct query *q);
/* An answer that is none: takes the question, which has given its place back,
 * to be asked later.  False: the result is final. */
bool again_refused(struct query *q, int result);
/* Places taken at the server by those that are not open here any more. */
unsigned again_silent(const struct upstream *up);
/* Into the list of this state. */
void again_put_off(struct query *q, enum query_state state);
void again_move_all(struct query_list *list, enum query_state state);
/* For good. */
void again_refuse_name(struct query *q);
void again_refuse_everything(struct again *again);
/* SERVFAIL has been seen to mean load. */
void again_servfail_explained(struct again *again);

/* --- query_probe --- */

#define TEST_PAUSE_FIRST (100 * LOOP_MILLISECOND)

bool test_has_witness(const struct again *again);
/* The server has answered it. */
void test_note_witness(struct again *again, const struct query *q);
/* From such a server a question that keeps silent evidently takes no place
 * from others: names were refused when few places were taken, and never any
 * other question. */
bool test_only_names(const struct upstream *up);
/* The level at which a question may be asked in a test. */
unsigned test_level(const struct query *q);
/* May those that are doubted be tested now?  Then test_run does. */
bool test_may_begin(const struct upstream *up);
void test_run(struct upstream *up, int64_t now);
/* Another question was answered: those that failed before it was asked did so
 * for their zones. */
void test_confirmed_by(const struct query *q);
/* Is it time to ask the witness for them? */
bool test_may_confirm(const struct upstream *up, int64_t now);
/* Those that failed: is the witness still answered? */
void test_confirm(struct upstream *up, int64_t now);
/* Many were refused: nothing is asked until it is known whether the witness
 * is, too. */
void test_server(struct again *again);
/* Within a pause: asks the witness, if it is time. */
void test_probe(struct upstream *up, int64_t now);
/* Is not part of the test any more. */
void test_leave(struct query *q);

#endif
