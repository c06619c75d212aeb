/*
 * quote - what a peer sent instead of what it should, for a message.
 */
#ifndef AFETCH_QUOTE_H
#define AFETCH_QUOTE_H

#include "record/result.h"

struct stream;

/*
 * Awaits.  The result fails with this code, and what the peer speaks is named
 * where it is HTTP/2 or TLS, else the beginning of what is unread is quoted:
 * its first line, or as much as a message shows.  That is waited for, a second
 * at most, so that segments make no other message. Returns
 * RESULT_FAILED.
 */
int quote_peer(struct stream *stream, struct result *result, enum phase phase,
    enum fetch_error code);

#endif
