/*
 * tls_info - what is known of a TLS connection and its peer's certificate.
 * Plain data but for `certs`, filled as far as the handshake got.
 */
#ifndef ASYNC_TLS_INFO_H
#define ASYNC_TLS_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_NAME_MAX = 256, TLS_WHY_MAX = 640 };

struct tls_info {
    const char *version, *cipher; /* static texts; NULL: not agreed on */
    bool has_certificate; /* the next three are known; never if brief */
    char subject[TLS_NAME_MAX]; /* RFC 2253, cut when longer, UTF-8 */
    char issuer[TLS_NAME_MAX];
    int64_t not_after; /* seconds since 1970; INT64_MIN: unreadable */
    bool verified; /* chain and name */
    /* If asked for: the certificates that the server sent, as curl writes them,
     * lines that end in LF; heap, the owner's of the struct; NULL: it sent
     * none, or one that was rejected for more than its name. */
    char *certs;
    size_t certs_len;
    int cert_count;
    bool resumed; /* a session was resumed */
    bool closed; /* by the server, within the handshake */
    bool is_http; /* what the server speaks instead of TLS */
    char why[TLS_WHY_MAX]; /* of ASYNC_TLS_… results; control bytes as \xNN */
};

#endif
