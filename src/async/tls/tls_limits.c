/*
 * tls_limits - what a server may cost.
 *
 * All others wait while OpenSSL computes, and it computes what a server asks
 * for: two exponentiations modulo a prime of the server's own choice, 2 s of
 * 10,000 bits, with DHE; 80 ms with the largest of the groups of RFC 7919.
 * So these are not offered, as browsers do not; whatever else is policy, of
 * OpenSSL's defaults or its configuration file, stays.
 */
#include "async/tls/tls_connection.h"

#include <openssl/obj_mac.h>
#include <string.h>

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

/* --- what is sent without end --- */

/* Each byte of content pays for so many bytes of records: one alone takes 22
 * to 85, without padding. */
enum { WIRE_FOR_A_BYTE = 100 };

void tls_limits_received(struct tls_connection *connection, size_t size)
{
    connection->empty += size;
}

void tls_limits_content(struct tls_connection *connection, size_t size)
{
    size_t paid = size * WIRE_FOR_A_BYTE;
    connection->empty -= paid < connection->empty ? paid : connection->empty;
}

static const struct tls_limit renegotiations = {
    TLS_RENEGOTIATIONS_MAX, "renegotiations before the headers"};
static const struct tls_limit messages = {
    TLS_LATE_MAX, "post-handshake TLS messages before the headers"};
static const struct tls_limit records = {
    TLS_EMPTY_MAX, "bytes of almost empty TLS records"};
static const struct tls_limit handshake = {
    TLS_EMPTY_MAX, "bytes in the TLS handshake"};

const struct tls_limit *tls_limits_passed(
    const struct tls_connection *connection)
{
    if (connection->renegotiations > TLS_RENEGOTIATIONS_MAX)
        return &renegotiations;
    if (connection->late_messages > TLS_LATE_MAX)
        return &messages;
    if (connection->empty > TLS_EMPTY_MAX)
        return connection->established ? &records : &handshake;
    return NULL;
}

/* New sessions and keys are a server's right, but each takes a while; a
 * handshake takes longer. */
static void count_message(
    struct tls_connection *connection, const unsigned char *message)
{
    connection->late_messages++;
    connection->renegotiations += message[0] == SSL3_MT_HELLO_REQUEST;
}

static void look_at_header(struct tls_connection *connection, const void *bytes)
{
    if (connection->is_plain || tls_is_record(bytes, TLS_HEADER))
        return;
    connection->is_plain = true;
    memcpy(connection->plain, bytes, TLS_HEADER);
}

/* What OpenSSL has got of the peer, after the first handshake. */
static void look_at(int written, int version, int type, const void *bytes,
    size_t size, SSL *ssl, void *arg)
{
    struct tls_connection *connection = SSL_get_app_data(ssl);
    (void)version, (void)arg;
    if (written || !connection->established)
        return;
    if (type == SSL3_RT_HANDSHAKE && size)
        count_message(connection, bytes);
    else if (type == SSL3_RT_HEADER && size >= TLS_HEADER)
        look_at_header(connection, bytes);
}

void tls_limits_set(SSL_CTX *context, struct tls_limits *limits)
{
    limits->is_secure = SSL_CTX_get_security_callback(context);
    SSL_CTX_set0_security_ex_data(context, limits);
    SSL_CTX_set_security_callback(context, is_allowed);
    SSL_CTX_set_msg_callback(context, look_at);
    SSL_CTX_set_max_cert_list(context, TLS_CERTIFICATES_MAX);
}
