/*
 * tls_connection - the connection as the rooms of tls see it.
 */
#ifndef ASYNC_TLS_CONNECTION_H
#define ASYNC_TLS_CONNECTION_H

#include "async/tls/tls.h"
#include "async/tls/tls_decoders.h"
#include "async/tls/tls_session.h"
#include "async/tls/tls_signatures.h"

#include <errno.h>
#include <openssl/ssl.h>

enum { TLS_BEGIN_MAX = 60, TLS_HELD_MAX = 128 };

/* Limits: bytes of a server's certificates; post-handshake messages;
 * renegotiations; bytes of records without content, see tls_limits_received. */
enum {
    TLS_CERTIFICATES_MAX = 64 * 1024,
    TLS_LATE_MAX = 100,
    TLS_RENEGOTIATIONS_MAX = 5,
    TLS_EMPTY_MAX = 1024 * 1024
};

enum { TLS_HEADER = 5 }; /* RFC 8446 section 5.1: type, 3, minor, length */

/* tls_limits: limits what a server may cost. */
struct tls_limits {
    /* OpenSSL's own */
    int (*is_secure)(const SSL *ssl, const SSL_CTX *context, int operation,
        int bits, int nid, void *other, void *arg);
};

struct tls {
    SSL_CTX *context; /* NULL: not needed so far */
    BIO_METHOD *bio_method;
    bool insecure, brief, certs;
    bool trusts_none; /* no authority: the trust store is missing or empty */
    void (*warn)(const char *text); /* or NULL */
    struct tls_limits limits;
    struct tls_sessions sessions;
    struct tls_signatures signatures;
    struct tls_decoders decoders;
};

struct tls_connection {
    SSL *ssl;
    struct tls *tls;
    struct tls_link link;
    short needs; /* EV_READ or EV_WRITE, after -EAGAIN */
    bool established;
    bool has_session; /* new, for the next connection */
    bool ended; /* recv(2) met the end */
    bool no_memory; /* in a call of OpenSSL, which may have gone on without */
    int error; /* errno of recv(2) or send(2), for good */
    int verdict; /* -ENOMEM or ASYNC_TLS_… on the certificate, or 0 */
    X509 *certificate; /* of the first handshake, where another may follow */
    unsigned late_messages; /* post-handshake */
    unsigned renegotiations;
    size_t empty; /* bytes of records beyond what their content allows */
    bool is_plain; /* after the handshake the peer went on without TLS, */
    char plain[TLS_HEADER]; /* so */
    size_t budget; /* bytes that the current call may still read */
    size_t begin_len;
    char begin[TLS_BEGIN_MAX]; /* the first bytes that the peer sent */
    size_t held_len;
    char held[TLS_HELD_MAX]; /* our last flight, which the request follows */
    uint16_t port;
    char name[]; /* as in tls_peer */
};

/* OpenSSL does without what it finds no memory for, a group or a cipher, and
 * then the server is the one to refuse.  To be asked where errno still is that
 * of OpenSSL. */
static inline void tls_note_memory(struct tls_connection *connection)
{
    connection->no_memory |= errno == ENOMEM;
}

/* tls_bio: recv(2) and send(2) as OpenSSL wants them. */
BIO_METHOD *tls_bio_method(void); /* the caller's; NULL: no memory */
BIO *tls_bio(BIO_METHOD *method, struct tls_connection *connection);

/* tls_certificate: puts down the certificate, if it is there. */
void tls_certificate_note(struct tls_info *info, X509 *certificate);
/* Why verification failed, in words and as an ASYNC_TLS_… code. */
int tls_certificate_fault(
    struct tls_connection *connection, X509_STORE_CTX *store);

/* tls_chain: puts all of them down, unless they are there.  0 or -ENOMEM. */
int tls_chain_note(struct tls_info *info, STACK_OF(X509) * chain);

/* The limits must live as long as the context. */
void tls_limits_set(SSL_CTX *context, struct tls_limits *limits);
/* So many bytes came; so many of content came out of them. */
void tls_limits_received(struct tls_connection *connection, size_t size);
void tls_limits_content(struct tls_connection *connection, size_t size);
struct tls_limit {
    int most;
    const char *what; /* is sent */
};
/* The limit that the peer has passed; static, NULL: none. */
const struct tls_limit *tls_limits_passed(
    const struct tls_connection *connection);

/* tls_verify: certificates are verified by tls_info's and tls's rules. */
void tls_verify_set(SSL_CTX *context, struct tls *tls);

/* tls_context: makes tls->context, unless it is there.  0, -ENOMEM, …,
 * ASYNC_TLS_SETUP. */
int tls_context_need(struct tls *tls, char why[TLS_WHY_MAX]);
/* Why OpenSSL has just refused what it only refuses without memory or with a
 * bad configuration: -ENOMEM, or ASYNC_TLS_SETUP and the words. */
int tls_setup_fault(char why[TLS_WHY_MAX]);

/* tls_trust: the certificates in a PEM file.  0, -errno,
 * ASYNC_TLS_NO_CERTIFICATES, ASYNC_TLS_DAMAGED with the words. */
int tls_trust_file(SSL_CTX *context, const char *file, char why[TLS_WHY_MAX]);
/* What the system, or its environment, trusts; warns if that is nobody.  0,
 * -ENOMEM, … */
int tls_trust_system(struct tls *tls);

/* tls_bundle: has a file a block that cannot be read?  Then which, in words,
 * which have to be empty. */
bool tls_bundle_is_damaged(const char *file, char why[TLS_WHY_MAX]);

/* tls_fault: why a call of OpenSSL failed, likewise. */
int tls_fault(struct tls_connection *connection);
/* The failure that OpenSSL has just told, or not got to telling, is one of
 * memory.  errno must have been 0 before; OpenSSL's queue is empty then. */
bool tls_is_no_memory(void);
/* Does a record begin so, as far as this goes? */
bool tls_is_record(const void *bytes, size_t len);

#endif
