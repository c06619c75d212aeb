/*
 * tls_context - what connections have in common: policy, trust, sessions.
 *
 * Invariant: without --cacert nothing of OpenSSL's is loaded before the first
 * connection.
 */
#include "error.h"
#include "tls_connection.h"
#include "tls_session.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

/* One record that is sent; the buffer for it is as large. */
enum { FRAGMENT = 4096 };

/* Some servers give several; the connection's last one is kept. */
static int new_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_connection *connection = SSL_get_app_data(ssl);
    (void)session;
    connection->has_session = true;
    return 0; /* it stays OpenSSL's */
}

static void context_set(SSL_CTX *context, struct tls *tls)
{
    tls_limits_set(context, &tls->limits);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    /* TLS 1.3's way to ask for a client's certificate later. */
    SSL_CTX_set_post_handshake_auth(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_max_send_fragment(context, FRAGMENT);
    tls_verify_set(context, tls);
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, new_session);
    /* Whatever is in the store is trusted, not self-signed ones alone. */
    X509_VERIFY_PARAM_set_flags(
        SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

static int context_create(struct tls *tls)
{
    static const unsigned char alpn[] = "\x08http/1.1";
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context)
        return -ENOMEM;
    context_set(context, tls);
    if (SSL_CTX_set_alpn_protos(context, alpn, sizeof alpn - 1)) {
        SSL_CTX_free(context);
        return -ENOMEM;
    }
    tls->context = context;
    return 0;
}

static int trust_file(struct tls *tls, const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    close(fd);
    errno = 0;
    if (SSL_CTX_load_verify_locations(tls->context, file, NULL) == 1)
        return 0;
    return tls_is_no_memory() ? -ENOMEM : ASYNC_TLS_NO_CERTIFICATES;
}

int tls_context_need(struct tls *tls)
{
    if (tls->context)
        return 0;
    int error = context_create(tls);
    if (!error) /* none in the system's place: then no issuer is known */
        SSL_CTX_set_default_verify_paths(tls->context);
    return error;
}

int tls_create(struct tls **out, const struct tls_config *config)
{
    struct tls *tls = calloc(1, sizeof *tls);
    int error = -ENOMEM;
    if (!tls)
        return error;
    tls->insecure = config->insecure;
    tls->brief = config->brief;
    tls->bio_method = tls_bio_method();
    if (tls->bio_method)
        error = config->ca_file ? context_create(tls) : 0;
    if (!error && config->ca_file)
        error = trust_file(tls, config->ca_file);
    if (error) {
        tls_destroy(tls);
        return error;
    }
    *out = tls;
    return 0;
}

void tls_destroy(struct tls *tls)
{
    if (!tls)
        return;
    tls_forget(tls);
    SSL_CTX_free(tls->context);
    BIO_meth_free(tls->bio_method);
    free(tls);
}

void tls_forget(struct tls *tls)
{
    tls_sessions_clear(&tls->sessions);
}
