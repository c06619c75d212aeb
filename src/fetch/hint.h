/*
 * hint - what to try for a better response when the server is fine, but was
 * asked the wrong way.
 */
#ifndef AFETCH_HINT_H
#define AFETCH_HINT_H

#include "fetch/request.h"

#include <stddef.h>

struct result;

/* The server responds to plain requests with TLS. */
extern const char HINT_HTTPS[];

/* What the result of the last turn suggests: static, or NULL for nothing. */
const char *hint_find(const struct request_wishes *wishes,
    const struct request_turn *turn, const struct result *result);

/* As hint_find, by the part of the content that came with a head of this
 * status, where servers say that their port expects TLS. */
const char *hint_content(
    const struct request_turn *turn, int status, const char *bytes, size_t len);

#endif
