/*
 * question - the resolver's questions: each (name, family) in flight is
 * asked once however many wait for it; answers are kept for their TTL in a
 * bounded cache.  Only resolve uses this.
 *
 * It is put to the first server, and to the next one as soon as that one
 * refuses it, fails, or keeps silent for the time of a try; the first answer
 * counts.
 */
#ifndef ASYNC_QUESTION_H
#define ASYNC_QUESTION_H

#include "async/core/address.h"
#include "async/dns/nameserver.h"

#include <stdbool.h>
#include <sys/queue.h>

enum { QUESTIONS_CACHED_MAX = 4096 };

struct questions; /* all of a resolver */
struct question; /* one, counted by references */

/* A waiter for an answer; in the waiter's own storage. */
struct question_waiter {
    void (*answered)(void *arg);
    void (*moved)(void *arg); /* question_waits has changed; or NULL */
    void *arg;
    TAILQ_ENTRY(question_waiter) link;
    bool waiting; /* there is no answer yet */
};

/* As nameservers_create. */
int questions_create(
    struct questions **out, struct loop *loop, const char *servers);
/* No reference may be left.  NULL-safe. */
void questions_destroy(struct questions *questions);
/* As nameservers_search. */
const struct search_list *questions_search(struct questions *questions);

/*
 * The question with a reference for the caller, asked soon if it must be;
 * `waiter` is told when it is answered, unless it is already: first come,
 * first served.  NULL when there is no memory.
 */
struct question *question_get(struct questions *questions,
    const struct nameserver_question *ask, struct question_waiter *waiter);
/* Drops the reference and stops waiting. */
void question_put(struct question *question, struct question_waiter *waiter);

/* Whether question_result is final, an error included. */
bool question_answered(const struct question *question);
/* Whether it waits for a place at the server: it is not asked now. */
bool question_waits(const struct question *question);
/* 0 or why there are no addresses; until it is answered, the error that
 * some server returned, or 0. */
int question_result(const struct question *question);
/* How many addresses there are; until it is answered, none. */
size_t question_count(const struct question *question);
/* The i-th address, port 0; false past the last. */
bool question_address(
    const struct question *question, size_t i, union address *address);

#endif
