/*
 * question_inside - a question as the rooms of question see it: question
 * (coalescing and cache), question_ask (places), question_again
 * (refusals), question_probe (what they mean).
 */
#ifndef ASYNC_QUESTION_INSIDE_H
#define ASYNC_QUESTION_INSIDE_H

#include "async/dns/question.h"
#include "async/dns/window.h"

enum { QUESTION_BUCKETS = 8192, WITNESS_NAME_MAX = 256 };

struct question {
    struct questions *all;
    LIST_ENTRY(question) bucket;
    TAILQ_ENTRY(question) link; /* of the list of its state */
    TAILQ_HEAD(, question_waiter) waiters; /* in the order they came */
    enum question_state {
        QUESTION_QUEUED,
        QUESTION_LATER, /* refused: with fewer places taken */
        QUESTION_DOUBTED, /* refused again: in a test */
        QUESTION_TESTED, /* refused in the test that is going on */
        QUESTION_FAILED, /* SERVFAIL: of its zone, if others are answered */
        QUESTION_OPEN,
        QUESTION_ASIDE,
        QUESTION_ANSWERED
    } state;
    unsigned references;
    int family;
    bool hashed;
    bool seen, held; /* QUEUED: for some time; for longer, or ASIDE: refused */
    bool in_test; /* OPEN */
    bool tried; /* OPEN, with no fewer places than when it was refused */
    int result; /* until it is answered: what is said against it so far */
    int not_now; /* what the last refusal was, or 0 */
    unsigned refusals, stage; /* in all; since the last pause */
    unsigned level; /* of the window, when it was asked last */
    unsigned among; /* so many open ones, itself included, it was asked */
    unsigned refused_at; /* level, or 0: that was not the reason */
    unsigned refused_among;
    unsigned tests; /* that it has failed; PROOF: enough */
    int64_t asked; /* loop_time */
    unsigned servers; /* nameservers_look, when it was asked */
    int64_t expires; /* loop_time: its place, then its answer; FAILED: since */
    size_t count;
    char *addresses; /* of struct in_addr or in6_addr */
    char name[];
};

TAILQ_HEAD(question_list, question);
LIST_HEAD(question_bucket, question);

/* Refusals, and what they mean. */
struct again {
    struct question_list later, doubted, tested, failed;
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

struct questions {
    struct loop *loop;
    struct nameservers *ns;
    struct loop_call pump;
    struct question_list queue, open, unused;
    struct loop_timer clock, tick;
    bool ticks;
    unsigned opened, aside; /* in `open`, and in that state */
    size_t cached; /* in `unused` */
    unsigned servers; /* the last nameservers_look */
    int64_t refused; /* loop_time: the last one */
    int64_t held; /* loop_time: when the queue was looked through */
    bool closing;
    struct window window;
    struct again again;
    struct question_bucket buckets[QUESTION_BUCKETS];
};

/* --- question --- */

/* The answer is final. */
void question_finish(struct question *q, const struct dns_answer *answer);

/* --- question_ask --- */

void asking_init(struct questions *all);
void asking_fini(struct questions *all);
/* The server does not refuse. */
bool asking_is_answer(int result);
/* A place for one more? */
bool asking_has_place(const struct questions *all);
/* Asks one that is in no list any more. */
void question_ask(struct question *q, int64_t now);
/* It gives up its place here, not the one at the server. */
void question_set_aside(struct question *q);
/* It has begun or ceased to wait for a place. */
void question_moved(struct question *q);
/* Out of the list that it waits in. */
void question_unlist(struct question *q);

/* --- question_again --- */

void again_init(struct questions *all);
/* Asks again what may be; asking_has_place holds for it, too. */
void again_pump(struct questions *all, int64_t now);
/* Those that were refused are to be asked before any new one. */
bool again_is_first(const struct questions *all, int64_t now);
/* Time alone may bring what is waited for. */
bool again_waits(const struct questions *all);
/* The server has answered; its place is not given back yet. */
void again_answered(struct question *q);
/* An answer that is none: takes the question, which has given its place back,
 * to be asked later.  False: the result is final. */
bool again_refused(struct question *q, int result);
/* Other servers are asked from now on: nothing is known of them. */
void again_forget(struct questions *all);
/* Places taken at the server by those that are not open here any more. */
unsigned again_silent(const struct questions *all);
/* Into the list of this state. */
void again_put_off(struct question *q, enum question_state state);
void again_move_all(struct question_list *list, enum question_state state);
/* For good. */
void again_refuse_name(struct question *q);
void again_refuse_everything(struct again *again);
/* SERVFAIL has been seen to mean load. */
void again_servfail_explained(struct again *again);

/* --- question_probe --- */

#define TEST_PAUSE_FIRST (100 * LOOP_MILLISECOND)

bool test_has_witness(const struct again *again);
/* The server has answered it. */
void test_note_witness(struct again *again, const struct question *q);
/* From such a server a question that keeps silent evidently takes no place
 * from others: names were refused when few places were taken, and never any
 * other question. */
bool test_only_names(const struct questions *all);
/* The level at which a question may be asked in a test. */
unsigned test_level(const struct question *q);
/* May those that are doubted be tested now?  Then test_run does. */
bool test_may_begin(const struct questions *all);
void test_run(struct questions *all, int64_t now);
/* Another question was answered: those that failed before it was asked did so
 * for their zones. */
void test_confirmed_by(const struct question *q);
/* Is it time to ask the witness for them? */
bool test_may_confirm(const struct questions *all, int64_t now);
/* Those that failed: is the witness still answered? */
void test_confirm(struct questions *all, int64_t now);
/* Many were refused: nothing is asked until it is known whether the witness
 * is, too. */
void test_server(struct again *again);
/* Within a pause: asks the witness, if it is time. */
void test_probe(struct questions *all, int64_t now);
/* Is not part of the test any more. */
void test_leave(struct question *q);

#endif
