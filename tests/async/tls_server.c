/*
 * tls_server - certificates, then a thread that accepts.
 */
#include "tls_server.h"

#include "pair.h"

#include <check.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60 };

struct signer {
    X509 *certificate;
    EVP_PKEY *key;
};

static struct {
    bool made;
    char file[64];
    struct signer ca, unknown, intermediate, old;
} authorities;

/* --- certificates --- */

static EVP_PKEY *key_make(const struct tls_certificate *wanted)
{
    if (wanted->rsa_bits)
        return EVP_RSA_gen((unsigned)wanted->rsa_bits);
    if (!wanted->key)
        return EVP_EC_gen("P-256");
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, wanted->key, NULL);
    EVP_PKEY *key = NULL;
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    if (!strcmp(wanted->key, "EC"))
        EVP_PKEY_CTX_set_group_name(context, "P-256");
    ck_assert_int_eq(EVP_PKEY_keygen(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

static void add(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ck_assert_msg(extension != NULL, "%s", value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *blank(EVP_PKEY *key, const char *subject, long from, long to)
{
    static long serial;
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), from * DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), to * DAY);
    X509_set_pubkey(certificate, key);
    if (*subject)
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN",
            MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
    return certificate;
}

static void sign(X509 *certificate, X509 *issuer, EVP_PKEY *key)
{
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    add(certificate, issuer, NID_subject_key_identifier, "hash");
    ck_assert(X509_sign(certificate, key, EVP_sha256()));
}

/* by NULL: a root. */
static void signer_make(
    struct signer *signer, const char *name, const struct signer *by, long to)
{
    signer->key = EVP_EC_gen("P-256");
    signer->certificate = blank(signer->key, name, -100, to);
    add(signer->certificate, signer->certificate, NID_basic_constraints,
        "critical,CA:TRUE");
    add(signer->certificate, signer->certificate, NID_key_usage,
        "critical,keyCertSign");
    if (by)
        sign(signer->certificate, by->certificate, by->key);
    else
        sign(signer->certificate, signer->certificate, signer->key);
}

static void forget_file(void)
{
    unlink(authorities.file);
}

static void authorities_need(void)
{
    if (authorities.made)
        return;
    authorities.made = true;
    signer_make(&authorities.ca, "Test CA", NULL, 365);
    signer_make(&authorities.unknown, "Nobody", NULL, 365);
    signer_make(
        &authorities.intermediate, "Intermediate", &authorities.ca, 365);
    signer_make(&authorities.old, "Old", &authorities.ca, -10);
    strcpy(authorities.file, "/tmp/afetch-test-ca-XXXXXX");
    FILE *file = fdopen(mkstemp(authorities.file), "w");
    ck_assert_ptr_nonnull(file);
    PEM_write_X509(file, authorities.ca.certificate);
    fclose(file);
    atexit(forget_file);
}

const char *tls_ca_file(void)
{
    authorities_need();
    return authorities.file;
}

/* A NUL, which no text that OpenSSL reads could hold. */
static void add_nul_name(X509 *certificate, const char *name)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME *one = GENERAL_NAME_new();
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    char *bytes = strdup(name);
    *strchr(bytes, '_') = '\0';
    ASN1_STRING_set(value, bytes, (int)strlen(name));
    free(bytes);
    GENERAL_NAME_set0_value(one, GEN_DNS, value);
    sk_GENERAL_NAME_push(names, one);
    X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0);
    GENERAL_NAMES_free(names);
}

static void add_unknown_critical(X509 *certificate, const char *value)
{
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.3.4.5", 1);
    ASN1_OCTET_STRING *string = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(
        string, (const unsigned char *)value, (int)strlen(value));
    X509_EXTENSION *extension =
        X509_EXTENSION_create_by_OBJ(NULL, object, 1, string);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(string);
    ASN1_OBJECT_free(object);
}

static X509 *certificate_make(const struct tls_certificate *wanted,
    EVP_PKEY *key, const struct signer *by)
{
    bool dated = wanted->from || wanted->to;
    X509 *certificate = blank(key, wanted->subject ? wanted->subject : "test",
        dated ? wanted->from : -1, dated ? wanted->to : 30);
    struct signer self = {certificate, key};
    if (!by)
        by = &self;
    add(certificate, by->certificate, NID_basic_constraints, "CA:FALSE");
    add(certificate, by->certificate, NID_ext_key_usage,
        wanted->usage ? wanted->usage : "serverAuth");
    if (wanted->san)
        add(certificate, by->certificate, NID_subject_alt_name, wanted->san);
    if (wanted->nul)
        add_nul_name(certificate, wanted->nul);
    if (wanted->critical)
        add_unknown_critical(certificate, wanted->critical);
    sign(certificate, by->certificate, by->key);
    return certificate;
}

static const struct signer *signer_of(enum tls_signer which)
{
    switch (which) {
    case SIGNED_BY_UNKNOWN:
        return &authorities.unknown;
    case SIGNED_BY_ITSELF:
        return NULL;
    case SIGNED_BY_OLD_INTERMEDIATE:
        return &authorities.old;
    case SIGNED_BY_INTERMEDIATE:
    case SIGNED_BY_ABSENT_INTERMEDIATE:
        return &authorities.intermediate;
    default:
        return &authorities.ca;
    }
}

void tls_own_make(struct tls_own *own, const struct tls_certificate *wanted)
{
    authorities_need();
    const struct signer *by = signer_of(wanted->signer);
    own->key = key_make(wanted);
    own->certificate = certificate_make(wanted, own->key, by);
    own->intermediate = NULL;
    if (wanted->signer == SIGNED_BY_INTERMEDIATE ||
        wanted->signer == SIGNED_BY_OLD_INTERMEDIATE)
        own->intermediate = X509_dup(by->certificate);
}

static void add_unless(X509 *certificate, int nid, const char *value, int not )
{
    if (nid != not )
        add(certificate, certificate, nid, value);
}

void tls_own_swap_issuer(struct tls_own *own, const struct tls_issuer *wanted)
{
    const struct signer *by = signer_of(wanted->signer);
    X509_free(own->intermediate);
    X509 *other =
        blank(wanted->key ? wanted->key : authorities.intermediate.key,
            "Intermediate", -100, 365);
    add_unless(other, NID_basic_constraints, "critical,CA:TRUE", wanted->nid);
    add_unless(other, NID_key_usage, "critical,keyCertSign", wanted->nid);
    if (wanted->nid)
        add(other, other, wanted->nid, wanted->value);
    sign(other, by->certificate, by->key);
    own->intermediate = other;
}

void tls_own_fini(struct tls_own *own)
{
    X509_free(own->certificate);
    X509_free(own->intermediate);
    EVP_PKEY_free(own->key);
}

void tls_own_sign_again(struct tls_own *own)
{
    ck_assert(X509_sign(
        own->certificate, authorities.intermediate.key, EVP_sha256()));
}

void tls_own_spoil(X509 *certificate)
{
    const ASN1_BIT_STRING *signature;
    X509_get0_signature(&signature, NULL, certificate);
    unsigned char *bytes = (unsigned char *)ASN1_STRING_get0_data(signature);
    bytes[ASN1_STRING_length(signature) - 1] ^= 1;
}

/* --- the server --- */

static int alpn_select(SSL *ssl, const unsigned char **out, unsigned char *len,
    const unsigned char *offered, unsigned offered_len, void *arg)
{
    struct tls_server *server = arg;
    (void)ssl, (void)offered_len;
    *len = offered[0];
    *out = offered + 1;
    snprintf(server->alpn, sizeof server->alpn, "%.*s", *len, *out);
    return SSL_TLSEXT_ERR_OK;
}

void tls_server_certify(SSL *ssl, const struct tls_certificate *wanted)
{
    EVP_PKEY *key = key_make(wanted);
    X509 *certificate =
        certificate_make(wanted, key, signer_of(wanted->signer));
    ck_assert(SSL_use_cert_and_key(ssl, certificate, key, NULL, 1) == 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* A line of a key log: LABEL RANDOM SECRET, in hexadecimal digits. */
static void keep_secret(const SSL *ssl, const char *line)
{
    struct tls_server *server = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    if (strncmp(line, "SERVER_TRAFFIC_SECRET_0 ", 24) != 0)
        return;
    ck_assert(OPENSSL_hexstr2buf_ex(server->secret, sizeof server->secret,
        &server->secret_len, strrchr(line, ' ') + 1, '\0'));
}

static SSL_CTX *context_make(struct tls_server *server)
{
    struct tls_own made = {0};
    if (!server->own)
        tls_own_make(&made, &server->certificate);
    const struct tls_own *own = server->own ? server->own : &made;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, server->max_version);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_alpn_select_cb(context, alpn_select, server);
    SSL_CTX_set_dh_auto(context, 1);
    SSL_CTX_set_app_data(context, server);
    SSL_CTX_set_keylog_callback(context, keep_secret);
    if (server->ciphers)
        ck_assert(SSL_CTX_set_cipher_list(context, server->ciphers) == 1);
    if (server->suites) {
        ck_assert(SSL_CTX_set_ciphersuites(context, server->suites) == 1);
        SSL_CTX_set_num_tickets(context, 0);
    }
    if (server->groups)
        ck_assert(SSL_CTX_set1_groups_list(context, server->groups) == 1);
    for (int i = 0; i < server->extra_certificates; i++)
        SSL_CTX_add1_chain_cert(context, authorities.unknown.certificate);
    ck_assert(SSL_CTX_use_certificate(context, own->certificate) == 1);
    ck_assert(SSL_CTX_use_PrivateKey(context, own->key) == 1);
    if (own->intermediate)
        SSL_CTX_add1_chain_cert(context, own->intermediate);
    tls_own_fini(&made);
    return context;
}

/* As many messages of TLS itself. */
static void chatter(const struct tls_server *server, SSL *ssl)
{
    for (int i = 0; i < server->key_updates; i++) {
        SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
        SSL_do_handshake(ssl);
    }
    for (int i = 0; i < server->tickets; i++) {
        SSL_new_session_ticket(ssl);
        SSL_do_handshake(ssl);
    }
}

static void talk(struct tls_server *server, SSL *ssl)
{
    char bytes[4096];
    const char *reply = server->reply ? server->reply : "ok\n";
    const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    snprintf(server->sni, sizeof server->sni, "%s", sni ? sni : "");
    server->handshakes++;
    server->resumed += SSL_session_reused(ssl);
    if (!server->early && SSL_read(ssl, bytes, sizeof bytes) <= 0)
        return;
    if (server->script) {
        server->script(server, ssl);
        return;
    }
    chatter(server, ssl);
    size_t left = strlen(reply);
    while (left) {
        int n = SSL_write(ssl, reply, (int)left);
        if (n <= 0)
            return;
        reply += n;
        left -= (size_t)n;
    }
    if (!server->no_notify)
        SSL_shutdown(ssl);
}

/* To the other side's end, so that no RST overtakes what was sent. */
static void linger(int fd)
{
    char bytes[4096];
    shutdown(fd, SHUT_WR);
    while (recv(fd, bytes, sizeof bytes, 0) > 0)
        ;
    close(fd);
}

static void serve(struct tls_server *server, SSL_CTX *context, int fd)
{
    if (server->raw) {
        send(fd, server->raw, strlen(server->raw), MSG_NOSIGNAL);
        return;
    }
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1)
        talk(server, ssl);
    SSL_free(ssl);
    ERR_clear_error();
}

static void *server_main(void *arg)
{
    struct tls_server *server = arg;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    SSL_CTX *context = context_make(server);
    for (int i = 0; i < server->connections; i++) {
        int fd = accept(server->listener, NULL, NULL);
        serve(server, context, fd);
        linger(fd);
    }
    SSL_CTX_free(context);
    return NULL;
}

void tls_server_start(struct tls_server *server)
{
    authorities_need();
    if (!server->connections)
        server->connections = 1;
    server->listener = listen_on("127.0.0.1", &server->address);
    ck_assert_int_eq(
        pthread_create(&server->thread, NULL, server_main, server), 0);
}

void tls_server_join(struct tls_server *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
}
