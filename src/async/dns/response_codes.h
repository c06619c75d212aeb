/*
 * response_codes - the errors that name servers returned for questions that are
 * still open.  Only channel uses this.
 *
 * With several servers c-ares goes on to the next one after an error that it
 * knows; in the end it reports only the last one's silence, or that none is
 * left.
 */
#ifndef ASYNC_RESPONSE_CODES_H
#define ASYNC_RESPONSE_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* On one open question; the caller's storage. */
struct response_code {
    const char *name; /* the question's, */
    int type; /* and its type; both the caller's */
    int *said; /* 0, or the worst: an enum async_error; the caller's */
    bool sent; /* the question has an id and a place in `sent` */
    uint16_t id;
    int socket; /* by which it went last */
    LIST_ENTRY(response_code) link;
};

enum { RESPONSE_CODE_BUCKETS = 256 };

/* All zero: none. */
struct response_codes {
    struct response_code
        *next; /* whose question is the next one sent, or NULL */
    LIST_HEAD(, response_code) sent[RESPONSE_CODE_BUCKETS]; /* by id */
};

/* Its question is the next one sent, *said is 0 now; the verdict, its name and
 * *said must live until response_code_end. */
void response_code_begin(
    struct response_codes *verdicts, struct response_code *verdict);
void response_code_end(
    struct response_codes *verdicts, struct response_code *verdict);

/* A question with a whole header (RFC 1035 section 4.1.1) goes out by this
 * socket. */
void response_codes_sent(
    struct response_codes *verdicts, const unsigned char *question, int socket);

/* A message that came by a socket, in the place where c-ares looks for it. */
struct response_message {
    unsigned char *bytes;
    size_t size, room;
    int socket;
};

/*
 * Rewrites a response for c-ares: to SERVFAIL if c-ares would take it for a
 * usable one, or fail on it; an error without its question, as unbound sends,
 * gets it; addresses become those of the name asked for.  False: it is not a
 * response to an open question.
 */
bool response_codes_received(
    struct response_codes *verdicts, struct response_message *answer);

#endif
