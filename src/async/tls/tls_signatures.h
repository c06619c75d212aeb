/*
 * tls_signatures - signatures of certificates that were good: what a key has
 * signed stays true.
 *
 * Kept are pairs of SHA-256 digests, of a certificate and of its issuer's, in
 * a table of a fixed size where a new pair may push out an old one.  These are
 * facts about bytes, not trust: the chain is built, and validity, name,
 * purpose, constraints and security level are looked at, for each connection.
 */
#ifndef ASYNC_TLS_SIGNATURES_H
#define ASYNC_TLS_SIGNATURES_H

#include <openssl/ssl.h>

enum {
    SIGNATURE_DIGEST = 32,
    SIGNATURES_KEPT = 8192, /* 512 KiB */
};

struct tls_signature {
    unsigned char certificate[SIGNATURE_DIGEST], issuer[SIGNATURE_DIGEST];
};

/* All zero: none yet. */
struct tls_signatures {
    struct tls_signature *kept; /* heap, with the first one; NULL: none */
    EVP_MD *digest;
    X509_STORE_CTX_verify_fn original; /* OpenSSL's own */
};

/* Has the chains of this context's connections verified by way of these.  When
 * OpenSSL has no SHA-256 or no memory all are verified each time. */
void tls_signatures_set(SSL_CTX *context, struct tls_signatures *signatures);
void tls_signatures_fini(struct tls_signatures *signatures);

#endif
