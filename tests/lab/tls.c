/* Handshakes. The ClientHello's name decides the rest, so everything is done
 * in its callback: the certificate is chosen, or the handshake is left
 * hanging for the connection to deal with. */
#include "tls.h"

#include "cert.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_SLOTS = 4096 };

/* The certificates of the names last asked for. */
struct cached {
    char *name;
    enum cert flaw;
    struct text san;
    X509 *cert;
};

struct tls {
    SSL_CTX *ctx;
    EVP_PKEY *key; /* one for all leaves */
    struct authority ca, stranger;
    struct cached cache[CACHE_SLOTS];
};

static bool cached_is(
    const struct cached *e, struct text name, const struct behaviour *b)
{
    return e->cert && text_is(name, e->name) && e->flaw == b->cert &&
           e->san.p == b->san.p;
}

static void cached_fini(struct cached *e)
{
    X509_free(e->cert);
    free(e->name);
    *e = (struct cached){0};
}

/* The certificate for `name`, owned by the cache until its slot is taken. */
static X509 *cert_of(struct tls *t, struct text name, const struct behaviour *b)
{
    struct cached *e = &t->cache[(text_hash(name) + b->cert) % CACHE_SLOTS];
    const struct authority *by =
        b->cert == CERT_UNKNOWN ? &t->stranger : &t->ca;

    if (cached_is(e, name, b))
        return e->cert;
    cached_fini(e);
    e->cert = cert_make(by, t->key, name, b);
    e->name = lab_strndup(name.p, name.n);
    e->flaw = b->cert;
    e->san = b->san;
    return e->cert;
}

/* The extension holds a list with, in practice, one host name: two bytes of
 * length, one of type, two of length, the name. */
static struct text hello_sni(SSL *ssl)
{
    const unsigned char *p;
    size_t n, length;

    if (!SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &p, &n) ||
        n < 5 || p[2] != TLSEXT_NAMETYPE_host_name)
        return TEXT("");
    length = (size_t)(p[3] << 8 | p[4]);
    if (length > n - 5 || length > 255)
        return TEXT("");
    return (struct text){(const char *)p + 5, length};
}

static int on_hello(SSL *ssl, int *alert, void *arg)
{
    struct conn *owner = SSL_get_app_data(ssl);
    const struct behaviour *b = conn_hello(owner, hello_sni(ssl));
    struct tls *t = arg;
    X509 *cert;

    if (!b)
        return SSL_CLIENT_HELLO_RETRY;
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    if (b->tls == TLS_ALERT)
        return SSL_CLIENT_HELLO_ERROR;
    if (b->tls == TLS_OLD)
        SSL_set_max_proto_version(ssl, TLS1_1_VERSION);
    cert = cert_of(t, conn_hello_name(owner), b);
    if (!cert || SSL_use_certificate(ssl, cert) != 1 ||
        SSL_use_PrivateKey(ssl, t->key) != 1)
        return SSL_CLIENT_HELLO_ERROR;
    return SSL_CLIENT_HELLO_SUCCESS;
}

static int on_servername(SSL *ssl, int *alert, void *arg)
{
    (void)ssl;
    (void)alert;
    (void)arg;
    return SSL_TLSEXT_ERR_OK; /* or OpenSSL would forget the name */
}

static SSL_CTX *context_create(struct tls *t)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx)
        return NULL;
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_cipher_list(ctx, "DEFAULT@SECLEVEL=0");
    /* A ticket acknowledges the client's Finished at once. Without one, a
     * client that leaves Nagle's algorithm on waits 40 ms there. */
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_client_hello_cb(ctx, on_hello, t);
    SSL_CTX_set_tlsext_servername_callback(ctx, on_servername);
    return ctx;
}

struct tls *tls_create(void)
{
    struct tls *t = lab_alloc(sizeof *t);

    t->key = cert_key();
    t->ctx = context_create(t);
    if (t->key && t->ctx && authority_init(&t->ca, "afetch lab CA") == 0 &&
        authority_init(&t->stranger, "Nobody's CA") == 0)
        return t;
    tls_destroy(t);
    return NULL;
}

void tls_destroy(struct tls *t)
{
    if (!t)
        return;
    for (int i = 0; i < CACHE_SLOTS; i++)
        cached_fini(&t->cache[i]);
    authority_fini(&t->ca);
    authority_fini(&t->stranger);
    EVP_PKEY_free(t->key);
    SSL_CTX_free(t->ctx);
    free(t);
}

void tls_ca_pem(const struct tls *t, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    long n;

    if (bio && PEM_write_bio_X509(bio, t->ca.cert)) {
        n = BIO_get_mem_data(bio, &pem);
        buf_add(out, pem, (size_t)n);
    }
    BIO_free(bio);
}

int tls_start(struct tls *t, struct wire *w, struct conn *owner)
{
    w->ssl = SSL_new(t->ctx);
    if (!w->ssl || !SSL_set_fd(w->ssl, w->fd))
        return -ENOMEM;
    SSL_set_app_data(w->ssl, owner);
    SSL_set_accept_state(w->ssl);
    return 0;
}

void tls_drop(struct wire *w)
{
    SSL_free(w->ssl);
    w->ssl = NULL;
}

const char *tls_sni(const struct wire *w)
{
    if (!w->ssl)
        return NULL;
    return SSL_get_servername(w->ssl, TLSEXT_NAMETYPE_host_name);
}
