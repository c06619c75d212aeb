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
#include <stdint.h>

struct http_status;
struct tls_info;

/* An address that was connected to, or not. */
struct response_tried {
    union address address;
    int64_t took; /* ns */
    int error; /* enum fetch_error; FETCH_OK: connected */
};

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
    /* The heads of the 1xx responses before it, where the head is kept: in the
     * same form, but with an empty line behind each; NULL: none came. */
    char *interim;
    size_t interim_len;
    /* When each line kept was read, those of interim first, empty ones left
     * out: ns since the request was sent, on the target's own clock; heap, NULL
     * when no report asked for them. */
    int64_t *times;
    size_t time_count;
    /* The addresses tried, in the order begun; heap, NULL when no report asked
     * for them or none was. */
    struct response_tried *tried;
    size_t tried_count;
    struct tls_info *tls; /* heap; NULL: no TLS, or not reached */
};

/* The head's first line; false when it is no status line or there is no head:
 * what failed may have stored something else. */
bool response_status_line(
    const struct response *response, struct http_status *status);
/* Keeps one line more, without its LF: of the head, or of those before it,
 * with the empty line that ends one.  0 or -ENOMEM. */
int response_keep_line(
    struct response *response, bool interim, const char *line, size_t len);
/* Keeps when the last line was read.  0 or -ENOMEM. */
int response_keep_time(struct response *response, int64_t time);
/* Lines of the heads of 1xx responses that were kept, empty ones left out: as
 * many times come before that of the head's first line. */
size_t response_interim_lines(const struct response *response);
/* The i-th time, 0 when it was not kept. */
int64_t response_time(const struct response *response, size_t i);
/* Frees all that is heap; all is zero afterwards. */
void response_fini(struct response *response);

#endif
