/*
 * exchange - one request, and the head of the response to it, over a stream.
 *
 * The seam behind which the versions of HTTP stand: fetch and tunnel say what
 * is requested and what becomes of the head, but not how either is encoded.
 */
#ifndef AFETCH_EXCHANGE_H
#define AFETCH_EXCHANGE_H

#include "fetch/response_reader.h"

struct timings;
struct request_turn;
struct request_wishes;

struct exchange {
    const struct request_wishes *wishes;
    const struct request_turn *turn;
    const char *connect_to; /* host:port that turn's proxy is to CONNECT to;
                               NULL: what the turn asks for */
    struct timings *phases; /* get send, wait and receive; NULL: all is part of
                              the phase that is going on */
    struct response_reader
        answer; /* the response, and the stream that leads there */
};

/*
 * Awaits.  0: the head has been read; RESULT_FAILED: the answer's result says
 * what is wrong; as request_write; or a negative result of the stream,
 * ASYNC_EOF when no byte came.  A peer that reads no request may have answered
 * it: only if it has not, what sending ended with is returned.
 */
int exchange_run(struct exchange *exchange);

#endif
