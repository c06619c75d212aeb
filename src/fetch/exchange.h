/*
 * exchange - one request, and the head of the response to it, over a stream.
 *
 * The seam behind which the versions of HTTP stand: fetch and tunnel say what
 * is requested and what becomes of the head, but not how either is encoded.
 */
#ifndef AFETCH_EXCHANGE_H
#define AFETCH_EXCHANGE_H

#include "fetch/response.h"

struct phases;
struct request_turn;
struct request_wishes;

struct exchange {
    const struct request_wishes *wishes;
    const struct request_turn *turn;
    const char *connect_to; /* host:port that turn's proxy is to CONNECT to;
                               NULL: what the turn asks for */
    struct phases *phases; /* get send, wait and receive; NULL: all is part of
                              the phase that is going on */
    struct answer answer; /* the response, and the stream that leads there */
};

/*
 * Awaits.  0: the head has been read; FAILURE_TOLD: the answer's result carries
 * the error; as request_write; or a negative result of the stream, ASYNC_EOF
 * when no byte came.  If sending fails, the peer may still have responded: the
 * error of sending is returned only if it has not.
 */
int exchange_run(struct exchange *exchange);

#endif
