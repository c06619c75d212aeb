/*
 * tls_session - sessions of servers met before, so that the next handshake
 * with one is short.  Bounded: a newer session takes the place of an older
 * one, of the same name or of another that falls into the same slot.
 */
#ifndef ASYNC_TLS_SESSION_H
#define ASYNC_TLS_SESSION_H

#include <openssl/ssl.h>
#include <stdint.h>

enum { TLS_SESSIONS = 256 };

struct tls_sessions {
    struct tls_session {
        SSL_SESSION *session; /* NULL: free */
        char *name;
        uint16_t port;
    } slots[TLS_SESSIONS];
};

/* Takes the session over, whether it can be kept or not. */
void tls_sessions_put(struct tls_sessions *sessions, const char *name,
    uint16_t port, SSL_SESSION *session);
/*
 * The session for this name, a reference of the caller's own; NULL if there
 * is none.  One of TLS 1.3 is used once (RFC 8446 appendix C.4): the
 * handshake that takes it up brings the next one.
 */
SSL_SESSION *tls_sessions_take(
    struct tls_sessions *sessions, const char *name, uint16_t port);
/* Drops them all. */
void tls_sessions_clear(struct tls_sessions *sessions);

#endif
