/*
 * response_codes - the errors that a name server returned for questions that
 * are still open, where c-ares knows no word for them; and answers as c-ares
 * reads them well.  Only channel uses this.
 */
#ifndef ASYNC_RESPONSE_CODES_H
#define ASYNC_RESPONSE_CODES_H

#include "async/dns/dns_message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* On one open question; the caller's storage. */
struct response_code {
    const char *name; /* the question's, */
    int type; /* and its type; both the caller's, as */
    unsigned char *question; /* room of dns_question_room: as in messages */
    /* Set by response_code_begin, as what follows: */
    int said; /* against it by the server: an enum async_error; or 0 */
    size_t question_size;
    uint16_t id; /* when it has been sent */
    int socket; /* by which it went last */
    LIST_ENTRY(response_code) link;
};

enum { RESPONSE_CODE_BUCKETS = 256 };

LIST_HEAD(response_code_list, response_code);

/* All zero: none. */
struct response_codes {
    struct response_code_list begun; /* nearly always the latest alone */
    struct response_code_list sent[RESPONSE_CODE_BUCKETS]; /* by id */
};

/* Its question will be sent; the verdict and its name must live until
 * response_code_end.  False, and nothing has begun: the name is none. */
bool response_code_begin(
    struct response_codes *verdicts, struct response_code *verdict);
void response_code_end(struct response_code *verdict);

/* Has one that has been sent this id? */
bool response_codes_have(const struct response_codes *verdicts, uint16_t id);

/* A message by a socket, of UDP or TCP; what came, in a place where it may
 * grow. */
struct response_message {
    unsigned char *bytes;
    size_t size, room;
    int socket;
    bool by_tcp;
};

/* A question goes out; its bytes are only read. */
void response_codes_sent(
    struct response_codes *verdicts, const struct response_message *question);

/*
 * Rewrites a response for c-ares: to SERVFAIL if it says something against the
 * server, which c-ares might take for an answer, or fail on; an error without
 * its question, as unbound sends, gets it; addresses become those of the name
 * asked for, and records that say nothing are left out.  False: it is not a
 * response to an open question.
 */
bool response_codes_received(
    struct response_codes *verdicts, struct response_message *answer);

#endif
