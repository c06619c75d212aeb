/*
 * hint - what to try for a better answer, where the server is fine and
 * something else was asked than it serves.
 */
#ifndef AFETCH_HINT_H
#define AFETCH_HINT_H

#include "fetch/request.h"

#include <stddef.h>

struct result;

/* The server answers plain requests by TLS. */
extern const char HINT_HTTPS[];

/* What the result of the last turn suggests: static, or NULL for nothing. */
const char *hint_find(const struct request_wishes *wishes,
    const struct request_turn *turn, const struct result *result);

/* The same by the content as far as it came with a head of this status;
 * servers say there, and there only, that their port is for TLS. */
const char *hint_content(
    const struct request_turn *turn, int status, const char *bytes, size_t len);

#endif
