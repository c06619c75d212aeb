/*
 * tls - OpenSSL over a connected descriptor that does not block.  Streams
 * use the second half; everybody else tls_create and stream_start_tls.
 *
 * A server must support TLS 1.2 or newer and have a certificate that a trusted
 * authority issued for its name, by subjectAltName alone, wildcards only as a
 * whole first label (RFC 9525 section 6.3), which may have "_".  Names are sent
 * as SNI, addresses never.  A server may renegotiate a few times,
 * with the same certificate.
 */
#ifndef ASYNC_TLS_H
#define ASYNC_TLS_H

#include "async/core/address.h"
#include "async/tls/tls_info.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What the connections of a run have in common: trust and sessions. */
struct tls;

struct tls_config {
    const char *ca_file; /* PEM; NULL: the system's trust store */
    bool insecure; /* accept any certificate; it is still verified for
                      tls_info */
    bool brief; /* tls_info needs nothing from the certificate */
    bool certs; /* … but all certificates in words */
    char *why; /* TLS_WHY_MAX bytes for what tls_create's result means, empty
                  if there is no more to say; or NULL */
    /* Told at the first connection, once, when the system's trust store is
     * empty or cannot be read; or NULL. */
    void (*warn)(const char *text);
};

/* 0; -ENOMEM; with ca_file also -ENOENT, …, ASYNC_TLS_NO_CERTIFICATES,
 * ASYNC_TLS_DAMAGED or ASYNC_TLS_SETUP.  Without one, nothing is loaded before
 * the first connection. */
int tls_create(struct tls **out, const struct tls_config *config);
/* No connection may be left.  NULL-safe. */
void tls_destroy(struct tls *tls);
/* Drops the sessions, so that all that follow are new. */
void tls_forget(struct tls *tls);

/* --- one connection; the calls run on the loop's stack --- */

struct tls_connection;

struct tls_peer {
    const char *name; /* a name (A-labels), or an address without brackets */
    uint16_t port; /* with name and address, what a session is kept under */
};

/* Whose bytes go where.  `address` is the peer's; `ready` has EV_READ and
 * EV_WRITE; what the descriptor refused to do is cleared there. */
struct tls_link {
    int fd;
    const union address *address;
    short *ready;
    struct tls_info *info;
};

/* What the link points to stays the caller's, for as long as the connection.
 * 0, -ENOMEM, -EMFILE, …, ASYNC_TLS_SETUP with info->why. */
int tls_open(struct tls_connection **out, struct tls *tls,
    const struct tls_peer *peer, const struct tls_link *link);
/* Sends nothing.  NULL-safe. */
void tls_close(struct tls_connection *connection);

/* 0: done; -EAGAIN: once more when tls_needs is ready (at once if it is:
 * only so much is read in one call); -errno; ASYNC_TLS_… with info->why. */
int tls_handshake(struct tls_connection *connection);
/* After ASYNC_TLS_NOT_TLS: puts what the peer says instead into info->why, its
 * first line or as much as fits.  0: that is all; -EAGAIN: more may come. */
int tls_quote(struct tls_connection *connection);
/* A count, 0 at the end of the stream (with close_notify or without), else
 * as tls_handshake. */
ssize_t tls_read(struct tls_connection *connection, void *bytes, size_t size);
/* A count; -EAGAIN: not writable; else as tls_handshake.  The bytes refused
 * come first in the next call. */
ssize_t tls_write(
    struct tls_connection *connection, const void *bytes, size_t size);
/* EV_READ or EV_WRITE: what reading waits for. */
short tls_needs(const struct tls_connection *connection);

#endif
