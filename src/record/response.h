/*
 * response - what came back for one request, and from where: a value that is
 * moved and assigned whole.
 *
 * Invariant: without a status there is no HTTP version either.
 */
#ifndef AFETCH_RESPONSE_H
#define AFETCH_RESPONSE_H

#include "async/core/address.h"

#include <stdbool.h>
#include <stddef.h>

struct http_status;
struct tls_info;

/* All zero: nothing came, and from nowhere. */
struct response {
    union address
        remote; /* connected to, else the last tried; AF_UNSPEC if none */
    const char *proxy; /* its URL, if that is a proxy's; lives with the run */
    int http_major, http_minor;
    int status; /* 0 when there is none */
    size_t header_bytes; /* of the final head, to its blank line inclusive */
    /* The complete lines of the final head, status line first, each ended
     * by one LF, in heap memory; NULL when no report asked for them or none
     * came.  Bytes as they came: they may hold NUL and bare CR, never LF. */
    char *head;
    size_t head_len;
    struct tls_info *tls; /* heap; NULL: no TLS, or not reached */
};

/* The head's first line; false when it is no status line or there is no head:
 * what failed may have stored something else. */
bool response_status_line(
    const struct response *response, struct http_status *status);
/* Frees head and tls; all is zero afterwards. */
void response_fini(struct response *response);

#endif
