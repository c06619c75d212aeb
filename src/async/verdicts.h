/*
 * verdicts - what name servers have said against questions that are still
 * open.  Only channel uses this.
 *
 * With several servers c-ares goes on to the next one after such an answer,
 * if it is one of those it knows; in the end it tells of the last one's
 * silence, or that none is left.
 */
#ifndef ASYNC_VERDICTS_H
#define ASYNC_VERDICTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* On one open question; the caller's storage. */
struct verdict {
    int *said; /* 0, or the worst: an enum async_error */
    bool sent; /* the question has an id and a place in `sent` */
    uint16_t id;
    LIST_ENTRY(verdict) link;
};

enum { VERDICT_BUCKETS = 256 };

/* All zero: none. */
struct verdicts {
    bool several; /* servers: an answer that is broken is for the next one */
    struct verdict *next; /* whose question is the next one sent, or NULL */
    LIST_HEAD(, verdict) sent[VERDICT_BUCKETS]; /* by id */
};

/* Its question is the next one sent, *said is 0 now; both must live until
 * verdict_end. */
void verdict_begin(
    struct verdicts *verdicts, struct verdict *verdict, int *said);
void verdict_end(struct verdicts *verdicts, struct verdict *verdict);

/* Messages with a whole header (RFC 1035 section 4.1.1). */
void verdicts_sent(struct verdicts *verdicts, const unsigned char *question);
/* Returns the size of what c-ares shall have: SERVFAIL for what it would take
 * for an answer. */
size_t verdicts_received(
    struct verdicts *verdicts, unsigned char *answer, size_t size);
/* What an answer says against its question, by its header: ASYNC_DNS_SERVFAIL,
 * _REFUSED, _BAD_ANSWER, or 0. */
int verdict_on(const unsigned char *answer);

#endif
