/*
 * wire - connections without a peer: socket(2), connect(2), send(2) and
 * recv(2) are wrapped, so that streams run as they are on bytes that the
 * input brings, cut as it says.
 */
#ifndef TESTS_FUZZ_WIRE_H
#define TESTS_FUZZ_WIRE_H

#include "text/span.h"

enum { WIRE_SENT_MAX = 32 * 1024 };

/* What the peer of each connection sends, in which pieces. */
struct wire {
    struct span bytes;
    /* A byte a segment, in turn: its low bits count bytes, the highest one
     * has the reader wait for it.  Empty: as much as is read at once. */
    struct span cuts;
    size_t unit; /* a cut is so many times as long */
    int ending; /* behind the bytes: 0, or an errno */

    size_t read; /* by the last connection, so far */
    size_t next_cut, segment;
    bool waited;
    char sent[WIRE_SENT_MAX]; /* on it by the program */
    size_t sent_len;
};

/* Whatever connects from now on has this wire. */
void wire_use(struct wire *wire);

#endif
