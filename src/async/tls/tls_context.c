/*
 * tls_context - what connections have in common: policy, trust, sessions.
 *
 * Invariant: without --cacert nothing of OpenSSL's is loaded before the first
 * connection.
 */
#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"
#include "async/tls/tls_session.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

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

int tls_setup_fault(char why[TLS_WHY_MAX])
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    if (tls_is_no_memory() || !code)
        return -ENOMEM;
    why[0] = '\0';
    message_add(why, TLS_WHY_MAX,
        "cannot set up OpenSSL: %s; check its configuration "
        "(openssl.cnf, OPENSSL_CONF)",
        reason ? reason : "OpenSSL gave no reason");
    return ASYNC_TLS_SETUP;
}

static int context_create(struct tls *tls, char why[TLS_WHY_MAX])
{
    static const unsigned char alpn[] = "\x08http/1.1";
    ERR_clear_error();
    errno = 0;
    tls_decoders_need(&tls->decoders);
    ERR_clear_error();
    SSL_CTX *context =
        SSL_CTX_new_ex(tls->decoders.library, NULL, TLS_client_method());
    if (!context)
        return tls_setup_fault(why);
    context_set(context, tls);
    tls_signatures_set(context, &tls->signatures);
    if (SSL_CTX_set_alpn_protos(context, alpn, sizeof alpn - 1) ||
        errno == ENOMEM) { /* some of its ciphers may be missing */
        SSL_CTX_free(context);
        return -ENOMEM;
    }
    tls->context = context;
    return 0;
}

static int context_trust(struct tls *tls, const char *file, char *why)
{
    int error =
        file ? tls_trust_file(tls->context, file, why) : tls_trust_system(tls);
    if (!error)
        return 0;
    SSL_CTX_free(tls->context);
    tls->context = NULL;
    return error;
}

static int context_make(struct tls *tls, const char *file, char *why)
{
    int error = context_create(tls, why);
    return error ? error : context_trust(tls, file, why);
}

int tls_context_need(struct tls *tls, char why[TLS_WHY_MAX])
{
    return tls->context ? 0 : context_make(tls, NULL, why);
}

int tls_create(struct tls **out, const struct tls_config *config)
{
    char unheard[TLS_WHY_MAX], *why = config->why ? config->why : unheard;
    struct tls *tls = calloc(1, sizeof *tls);
    int error = -ENOMEM;
    why[0] = '\0';
    if (!tls)
        return error;
    tls->insecure = config->insecure;
    tls->brief = config->brief;
    tls->certs = config->certs;
    tls->warn = config->warn;
    tls->bio_method = tls_bio_method();
    if (tls->bio_method)
        error = config->ca_file ? context_make(tls, config->ca_file, why) : 0;
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
    tls_signatures_fini(&tls->signatures);
    SSL_CTX_free(tls->context);
    tls_decoders_fini(&tls->decoders);
    BIO_meth_free(tls->bio_method);
    free(tls);
}

void tls_forget(struct tls *tls)
{
    tls_sessions_clear(&tls->sessions);
}
