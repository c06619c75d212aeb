/*
 * script - the other end of a stream, which has said all it has to say before
 * anybody asks.
 */
#ifndef TESTS_SCRIPT_H
#define TESTS_SCRIPT_H

#include <stddef.h>

struct stream;

/* Awaits.  A stream, and the descriptor of its other end, which has said these
 * bytes and says no more. */
int script_open(struct stream **stream, const char *says, size_t len);
/* What came there, at most size bytes; closes it. */
size_t script_close(int fd, char *bytes, size_t size);

#endif
