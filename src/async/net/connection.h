/*
 * connection - open_connection as asyncio has it, with Happy Eyeballs
 * (RFC 8305 section 5): the addresses of a lookup tried one after the other,
 * the next as soon as one fails or after 250 ms; the first connected wins.
 */
#ifndef ASYNC_CONNECTION_H
#define ASYNC_CONNECTION_H

#include "async/dns/resolve.h"
#include "async/net/stream.h"

/* RFC 8305 section 8: Connection Attempt Delay. */
#define CONNECTION_ATTEMPT_DELAY (250 * LOOP_MILLISECOND)

/*
 * Awaits.  A connected stream to `port` (host byte order) of one of the
 * lookup's addresses, or the -errno of the last attempt: -ETIMEDOUT only
 * where that had not ended.  *remote is the address connected to, else the
 * last one tried; untouched when none was.
 */
int open_connection(struct stream **out, struct lookup *lookup, uint16_t port,
    union address *remote);

enum { CONNECTION_ATTEMPTS_MAX = 64 }; /* that are noted */

struct connection_attempt {
    union address address;
    int64_t began; /* loop_time */
    int64_t took; /* ns */
    int error; /* 0: connected; -ECANCELED also: another one was first */
};

struct connection_notes { /* all zero to begin with, but for `wanted` */
    union address remote; /* as of open_connection */
    bool wanted; /* what follows: */
    struct connection_attempt *attempts; /* in the order begun, as long as there
                                            is memory; heap, the caller's */
    size_t count;
};

/* Awaits.  As open_connection, and what was tried is noted. */
int open_connection_noted(struct stream **out, struct lookup *lookup,
    uint16_t port, struct connection_notes *notes);

#endif
