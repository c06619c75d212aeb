/*
 * quote - what a peer sent instead of what it should, for a message.
 */
#ifndef AFETCH_QUOTE_H
#define AFETCH_QUOTE_H

#include "record/result.h"

struct stream;

/*
 * Awaits.  Fails the result with this code.  The message names HTTP/2 or TLS if
 * the peer speaks that, else it quotes the first line of the unread bytes, or
 * as much as a message shows; waits for those, a second at most, so that the
 * message does not depend on segments. Returns FAILURE_TOLD.
 */
int quote_peer(struct stream *stream, struct result *result, enum phase phase,
    enum fetch_error code);

#endif
