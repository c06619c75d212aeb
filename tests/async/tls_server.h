/*
 * tls_server - a TLS server in a thread, with certificates to order, for one
 * connection after the other.
 */
#ifndef TESTS_ASYNC_TLS_SERVER_H
#define TESTS_ASYNC_TLS_SERVER_H

#include "async/core/address.h"

#include <openssl/types.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Who signs: made once, TLS_CA_FILE holds the first of them. */
enum tls_signer {
    SIGNED_BY_CA,
    SIGNED_BY_UNKNOWN,
    SIGNED_BY_ITSELF,
    SIGNED_BY_INTERMEDIATE, /* which is sent along */
    SIGNED_BY_OLD_INTERMEDIATE, /* likewise; expired */
    SIGNED_BY_ABSENT_INTERMEDIATE, /* not sent */
};

struct tls_certificate {
    const char *san; /* "DNS:a.test,IP:127.0.0.1"; NULL: none */
    const char *subject; /* its common name; NULL: "test"; "": no name */
    enum tls_signer signer;
    long from, to; /* days from now; 0 and 0: -1 and 30 */
    const char *usage; /* extended key usage; NULL: serverAuth */
    const char *critical; /* an extension "OID=value" no one knows */
    const char *nul; /* a DNS name whose '_' is NUL, instead of san */
    int rsa_bits; /* 0: an EC key, or */
    const char *key; /* of this type, in OpenSSL's words; NULL: EC */
};

/* A certificate that several servers have, with what it is sent with; made by
 * tls_own_make. */
struct tls_own {
    X509 *certificate;
    X509 *intermediate; /* NULL: none is sent */
    EVP_PKEY *key;
};

struct tls_server {
    struct tls_certificate certificate;
    const struct tls_own *own; /* instead; or NULL */
    int max_version; /* 0: any */
    const char *ciphers; /* of TLS 1.2; NULL: the usual ones */
    const char *suites; /* of TLS 1.3, likewise; and no tickets */
    const char *groups; /* NULL: the usual ones */
    int extra_certificates; /* sent behind its own */
    int key_updates; /* sent ahead of the reply */
    int tickets; /* likewise */
    /* Instead of a reply, once something was read. */
    void (*script)(struct tls_server *server, SSL *ssl);
    const char *raw; /* sent instead of TLS, then closed */
    const char *reply; /* sent once something was read; NULL: "ok\n" */
    bool no_notify; /* closes without close_notify */
    bool early; /* ... before anything was read */
    int connections; /* how many there will be; 0: 1 */

    /* what the server says */
    union address address;
    char sni[256]; /* of the last hello; "" for none */
    char alpn[32];
    int resumed; /* handshakes that took up a session */
    int handshakes;
    unsigned char secret[64]; /* TLS 1.3's, of what the server sends */
    size_t secret_len;

    int listener;
    pthread_t thread;
};

/* The file with the CA's certificate, made on first use. */
const char *tls_ca_file(void);

/* signer: by the CA or by the intermediate. */
void tls_own_make(struct tls_own *own, const struct tls_certificate *wanted);
/* Another intermediate of the same name, with an extension instead of the usual
 * one, or more. */
struct tls_issuer {
    enum tls_signer signer;
    EVP_PKEY *key; /* NULL: the same, too */
    int nid;
    const char *value;
};
void tls_own_swap_issuer(struct tls_own *own, const struct tls_issuer *wanted);
void tls_own_fini(struct tls_own *own);
/* By the intermediate once more: other bytes, and as good. */
void tls_own_sign_again(struct tls_own *own);
/* Changes a bit of the signature; once more, and it is good again. */
void tls_own_spoil(X509 *certificate);

/* Another certificate for the connection's next handshake. */
void tls_server_certify(SSL *ssl, const struct tls_certificate *wanted);

void tls_server_start(struct tls_server *server);
/* Waits for the last of the connections to end. */
void tls_server_join(struct tls_server *server);

#endif
