/*
 * wellformed - what must hold of every target that was accepted, and of what
 * is sent for it, however strange the input.
 */
#ifndef TESTS_FUZZ_WELLFORMED_H
#define TESTS_FUZZ_WELLFORMED_H

#include <stddef.h>

struct request_wishes;
struct target;

/* Printable ASCII throughout; its URL is the same target again; what is sent
 * for it is one request. */
void check_target(const struct target *target);

/* The same place, by whatever address. */
void check_same_target(const struct target *a, const struct target *b);

/* These bytes are exactly one well-formed request without a body (RFC 9112
 * section 3), with at most one Host. */
void check_request(const char *bytes, size_t len);

/* … and so is what these wishes make of the target. */
void check_wishes(
    const struct request_wishes *wishes, const struct target *target);

/* A text for people: not empty, one line, nothing that drives a terminal. */
void check_message(const char *text);

#endif
