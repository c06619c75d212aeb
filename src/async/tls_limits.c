/*
 * tls_limits - what a server may cost.
 *
 * All others wait while OpenSSL computes, and it computes what a server asks
 * for: two exponentiations modulo a prime of the server's own choice, 2 s of
 * 10,000 bits, with DHE; 80 ms with the largest of the groups of RFC 7919.
 * So these are not offered, as browsers do not; whatever else is policy, of
 * OpenSSL's defaults or its configuration file, stays.
 */
#include "tls_connection.h"

#include <openssl/obj_mac.h>

static bool is_dear(int operation, int nid, const void *other)
{
    switch ((unsigned)operation & SSL_SECOP_OTHER_TYPE) {
    case SSL_SECOP_OTHER_CIPHER:
        return SSL_CIPHER_get_kx_nid(other) == NID_kx_dhe;
    case SSL_SECOP_OTHER_CURVE:
        return nid == NID_ffdhe4096 || nid == NID_ffdhe6144 ||
               nid == NID_ffdhe8192;
    default:
        return false;
    }
}

/* OpenSSL asks of all that it may offer, and of what the server chose. */
static int is_allowed(const SSL *ssl, const SSL_CTX *context, int operation,
    int bits, int nid, void *other, void *arg)
{
    const struct tls_limits *limits = arg;
    return !is_dear(operation, nid, other) &&
           limits->is_secure(ssl, context, operation, bits, nid, other, NULL);
}

/* New sessions and keys are a server's right, but each takes a while. */
static void count_message(int written, int version, int type, const void *bytes,
    size_t size, SSL *ssl, void *arg)
{
    struct tls_connection *connection = SSL_get_app_data(ssl);
    (void)version, (void)bytes, (void)size, (void)arg;
    if (!written && type == SSL3_RT_HANDSHAKE && connection->established)
        connection->late_messages++;
}

void tls_limits_set(SSL_CTX *context, struct tls_limits *limits)
{
    limits->is_secure = SSL_CTX_get_security_callback(context);
    SSL_CTX_set0_security_ex_data(context, limits);
    SSL_CTX_set_security_callback(context, is_allowed);
    SSL_CTX_set_msg_callback(context, count_message);
    SSL_CTX_set_max_cert_list(context, TLS_CERTIFICATES_MAX);
}
