/*
 * tls_session - sessions of servers met before, so that the next handshake
 * with one is short.  Bounded: a newer session takes the place of an older
 * one, of the same server or of another that falls into the same slot.
 *
 * A server is a name at an address: what is told of a certificate comes from
 * the session, and another address of the name may have another one.
 */
#ifndef ASYNC_TLS_SESSION_H
#define ASYNC_TLS_SESSION_H

#include "async/core/address.h"

#include <openssl/ssl.h>
#include <stdint.h>

enum { TLS_SESSIONS = 256 };

struct tls_sessions {
    struct tls_session {
        unsigned char *bytes; /* written down, then the name; NULL: free */
        size_t size; /* without the name */
        uint16_t port;
        union address address;
    } slots[TLS_SESSIONS];
};

struct tls_server_id {
    const char *name;
    uint16_t port;
    const union address *address; /* of the server, or of a proxy */
};

/* A copy, unless there is no memory; the session stays the caller's. */
void tls_sessions_put(struct tls_sessions *sessions,
    const struct tls_server_id *server, const SSL_SESSION *session);
/*
 * The session for this server, the caller's own; NULL if there is none.  One of
 * TLS 1.3 is used once (RFC 8446 appendix C.4): the handshake that takes it up
 * brings the next one.
 */
SSL_SESSION *tls_sessions_take(
    struct tls_sessions *sessions, const struct tls_server_id *server);
/* Drops them all. */
void tls_sessions_clear(struct tls_sessions *sessions);

#endif
