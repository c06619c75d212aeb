/*
 * question_inside - a question as the rooms of question see it: question
 * (coalescing and cache), question_servers (whom it is put to).
 */
#ifndef ASYNC_QUESTION_INSIDE_H
#define ASYNC_QUESTION_INSIDE_H

#include "async/dns/nameservers.h"
#include "async/dns/question.h"

enum { QUESTION_BUCKETS = 8192 };

struct question {
    struct questions *all;
    LIST_ENTRY(question) bucket;
    TAILQ_ENTRY(question) link; /* of `unused` */
    TAILQ_HEAD(, question_waiter) waiters; /* in the order they came */
    unsigned references;
    int family;
    bool hashed, answered;
    bool missed; /* the first server asked has said nothing */
    unsigned servers; /* nameservers_look, when it was put to them */
    unsigned live; /* queries that have not ended */
    int result; /* until it is answered: what is said against it so far */
    int64_t expires; /* loop_time: its answer */
    size_t count;
    char *addresses; /* of struct in_addr or in6_addr */
    struct question_query {
        struct query query;
        struct question_query *next; /* in the order they were begun */
    } first, *last;
    char name[];
};

TAILQ_HEAD(question_list, question);
LIST_HEAD(question_bucket, question);

struct questions {
    struct loop *loop;
    struct nameservers *ns;
    struct question_list unused;
    size_t cached; /* in `unused` */
    unsigned servers; /* the last nameservers_look */
    bool closing;
    struct question_bucket buckets[QUESTION_BUCKETS];
};

/* --- question --- */

/* The answer is final. */
void question_finish(struct question *q, const struct dns_answer *answer);
/* It has no references and no live query any more. */
void question_idle(struct question *q);

/* --- question_servers --- */

extern const struct query_events question_events;

/* Puts it to the first server. */
void servers_ask(struct question *q);
/* Nobody waits for an answer, or somebody does again. */
void servers_leave(struct question *q);
void servers_want(struct question *q);
/* As question_waits. */
bool servers_wait(const struct question *q);
/* What they have said against it so far, or 0. */
int servers_said(const struct question *q);
void servers_free(struct question *q);

#endif
