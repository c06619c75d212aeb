/*
 * tls: whom it trusts, and what is said when that is nobody; what is OpenSSL's
 * shortage of memory, and what its configuration.
 */
#include "async/core/error.h"
#include "harness.h"
#include "tls_client.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD .certificate = {.san = "DNS:a.test"}

/* --- files with a damaged block --- */

enum { ROOM = 8192 };

static char good[ROOM]; /* a certificate */
static char path[] = "/tmp/afetch-test-bundle-XXXXXX";

static void good_read(void)
{
    FILE *file = fopen(tls_ca_file(), "r");
    ck_assert_ptr_nonnull(file);
    good[fread(good, 1, sizeof good - 1, file)] = '\0';
    fclose(file);
}

/* A file of these, one behind the other; NULL ends them. */
static void bundle_write(const char *const *parts)
{
    strcpy(path + strlen(path) - 6, "XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(file);
    for (; *parts; parts++)
        fputs(*parts, file);
    fclose(file);
}

#define CHECK_BUNDLE(result, words, ...)                                       \
    check_bundle(result, words, (const char *const[]){__VA_ARGS__, NULL})

static void check_bundle(
    int result, const char *words, const char *const *parts)
{
    char why[TLS_WHY_MAX];
    struct tls *tls = NULL;
    bundle_write(parts);
    struct tls_config config = {.ca_file = path, .why = why};
    int error = tls_create(&tls, &config);
    ck_assert_msg(
        error == result, "%s: %s (%s)", async_strerror(error), why, words);
    ck_assert_msg(strstr(why, words) && !*words == !*why, "%s", why);
    tls_destroy(tls);
    config.why = NULL;
    ck_assert_int_eq(tls_create(&tls, &config), result);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    if (!result)
        tls_destroy(tls);
    unlink(path);
}

/* Line 3 gets another first byte, or nothing. */
static const char *damaged(char with)
{
    static char text[ROOM];
    strcpy(text, good);
    char *line = strchr(strchr(text, '\n') + 1, '\n') + 1;
    if (with)
        *line = with;
    else
        memmove(line, line + 8, strlen(line + 8) + 1);
    return text;
}

static const char *without_end(void)
{
    static char text[ROOM];
    strcpy(text, good);
    *strstr(text, "-----END") = '\0';
    return text;
}

START_TEST(blocks_that_are_damaged)
{
    good_read();
    size_t lines = 0;
    for (const char *lf = good; (lf = strchr(lf, '\n')); lf++)
        lines++;
    char words[100];
    snprintf(words, sizeof words,
        "certificate 2 in it, which begins at line %zu, is damaged: ",
        lines + 2);
    CHECK_BUNDLE(0, "", good, "a name\n", good);
    CHECK_BUNDLE(
        ASYNC_TLS_DAMAGED, words, good, "a name\n", damaged('!'), good);
    CHECK_BUNDLE(ASYNC_TLS_DAMAGED, words, good, "a name\n", damaged(0), good);
    CHECK_BUNDLE(ASYNC_TLS_DAMAGED, words, good, "a name\n", without_end());
    CHECK_BUNDLE(ASYNC_TLS_DAMAGED,
        "certificate 1 in it, which begins at line 1, is damaged: ",
        "-----BEGIN CERTIFICATE-----\n");
    CHECK_BUNDLE(ASYNC_TLS_NO_CERTIFICATES, "", "no PEM\n");
}
END_TEST

START_TEST(blocks_of_any_size)
{
    good_read();
    static char line[100 * 1000], *large;
    memset(line, 'A', sizeof line - 2);
    line[sizeof line - 2] = '\n';
    CHECK_BUNDLE(0, "", line, good);
    large = calloc(1, 30 * sizeof line);
    ck_assert_ptr_nonnull(large);
    strcpy(large, "-----BEGIN CERTIFICATE-----\n");
    for (int i = 0; i < 20; i++)
        strcat(large, line);
    CHECK_BUNDLE(ASYNC_TLS_DAMAGED,
        "certificate 1 in it, which begins at line 2", line, large,
        "-----END CERTIFICATE-----\n");
    free(large);
}
END_TEST

/* --- the system's trust store --- */

static int warnings;
static char warning[TLS_WHY_MAX];

static void warn(const char *text)
{
    warnings++;
    snprintf(warning, sizeof warning, "%s", text);
}

/* Two connections, with a trust store of the system's. */
static void check_system(int handshake, const char *why, const char *words)
{
    struct tls_server server = {GOOD};
    struct tls_client client = {.name = "a.test", .times = 2};
    struct tls_config config = {.warn = warn};
    warnings = 0;
    warning[0] = '\0';
    ck_assert_int_eq(tls_create(&client.tls, &config), 0);
    tls_meet(&server, &client);
    tls_destroy(client.tls);
    ck_assert_msg(client.handshake == handshake, "%s", client.info.why);
    ck_assert_str_eq(client.info.why, why);
    ck_assert_int_eq(warnings, *words ? 1 : 0);
    ck_assert_msg(strstr(warning, words), "%s", warning);
}

#define UNKNOWN                                                                \
    "the certificate was issued by an unknown authority (CN=Test CA)"

START_TEST(trust_of_the_system)
{
    setenv("SSL_CERT_DIR", "/nowhere:/dev", 1);
    setenv("SSL_CERT_FILE", tls_ca_file(), 1);
    check_system(0, "", "");
    setenv("SSL_CERT_FILE", "/nowhere", 1);
    check_system(ASYNC_TLS_UNKNOWN_ISSUER, UNKNOWN "; no authority is trusted",
        "no authority is trusted: no certificates in /nowhere, and no hashed "
        "ones in /nowhere:/dev (");
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    check_system(ASYNC_TLS_UNKNOWN_ISSUER, UNKNOWN "; no authority is trusted",
        "certificates in /dev/null");
}
END_TEST

START_TEST(trust_of_the_system_in_a_directory)
{
    char directory[] = "/tmp/afetch-test-trust-XXXXXX", file[100], paths[100];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(file, sizeof file, "%s/01234567.0", directory);
    snprintf(paths, sizeof paths, "/nowhere:%s", directory);
    setenv("SSL_CERT_FILE", "/nowhere", 1);
    setenv("SSL_CERT_DIR", paths, 1);
    tls_ca_file();
    ck_assert_int_eq(symlink("/dev/null", file), 0);
    check_system(ASYNC_TLS_UNKNOWN_ISSUER, UNKNOWN, "");
    unlink(file);
    check_system(ASYNC_TLS_UNKNOWN_ISSUER, UNKNOWN "; no authority is trusted",
        "no authority is trusted");
    good_read();
    bundle_write((const char *const[]){damaged('!'), NULL});
    setenv("SSL_CERT_FILE", path, 1);
    ck_assert_int_eq(symlink("/dev/null", file), 0);
    check_system(ASYNC_TLS_UNKNOWN_ISSUER, UNKNOWN,
        ": certificate 1 in it, which begins at line 1, is damaged");
    unlink(file);
    rmdir(directory);
    unlink(path);
}
END_TEST

/* --- memory, and what is none of it --- */

static enum { NONE, CONTEXT, CONFIGURATION, VERIFY, HANDSHAKE } failing;

SSL_CTX *__real_SSL_CTX_new_ex(
    OSSL_LIB_CTX *library, const char *query, const SSL_METHOD *method);
SSL_CTX *__wrap_SSL_CTX_new_ex(
    OSSL_LIB_CTX *library, const char *query, const SSL_METHOD *method);
int __real_X509_verify_cert(X509_STORE_CTX *store);
int __wrap_X509_verify_cert(X509_STORE_CTX *store);
int __real_SSL_do_handshake(SSL *ssl);
int __wrap_SSL_do_handshake(SSL *ssl);

SSL_CTX *__wrap_SSL_CTX_new_ex(
    OSSL_LIB_CTX *library, const char *query, const SSL_METHOD *method)
{
    if (method != TLS_client_method() || failing < CONTEXT ||
        failing > CONFIGURATION)
        return __real_SSL_CTX_new_ex(library, query, method);
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL); /* its words */
    ERR_raise(ERR_LIB_SSL, failing == CONTEXT ? ERR_R_MALLOC_FAILURE
                                              : SSL_R_LIBRARY_HAS_NO_CIPHERS);
    if (failing == CONTEXT)
        ERR_raise(ERR_LIB_SSL, ERR_R_X509_LIB);
    return NULL;
}

int __wrap_X509_verify_cert(X509_STORE_CTX *store)
{
    if (failing != VERIFY)
        return __real_X509_verify_cert(store);
    ERR_raise(ERR_LIB_X509, ERR_R_MALLOC_FAILURE);
    X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED);
    return 0;
}

/* OpenSSL's words stand below others of its own. */
int __wrap_SSL_do_handshake(SSL *ssl)
{
    int outcome = __real_SSL_do_handshake(ssl);
    if (failing != HANDSHAKE || outcome == 1)
        return outcome;
    ERR_raise(ERR_LIB_SSL, ERR_R_INTERNAL_ERROR);
    ERR_raise(ERR_LIB_EVP, ERR_R_MALLOC_FAILURE);
    return -1;
}

static void check_memory(bool insecure, int result, const char *why)
{
    struct tls_server server = {GOOD};
    struct tls_client client = {.name = "a.test"};
    struct tls_config config = {.insecure = insecure};
    ck_assert_int_eq(tls_create(&client.tls, &config), 0);
    tls_meet(&server, &client);
    tls_destroy(client.tls);
    ck_assert_msg(client.handshake == result, "%s: %s",
        async_strerror(client.handshake), client.info.why);
    if (result == ASYNC_TLS_SETUP)
        ck_assert_str_eq(client.info.why, why);
    ck_assert(!client.info.has_certificate);
}

START_TEST(shortage_is_no_servers_fault)
{
    for (int insecure = 0; insecure < 2; insecure++) {
        failing = CONTEXT;
        check_memory(insecure, -ENOMEM, "");
        failing = VERIFY;
        check_memory(insecure, -ENOMEM, "");
        failing = HANDSHAKE;
        check_memory(insecure, -ENOMEM, "");
    }
}
END_TEST

#define SETUP                                                                  \
    "cannot set up OpenSSL: library has no ciphers; check its "                \
    "configuration (openssl.cnf, OPENSSL_CONF)"

START_TEST(configuration_is_no_shortage)
{
    struct tls *tls = NULL;
    char why[TLS_WHY_MAX];
    failing = CONFIGURATION;
    check_memory(false, ASYNC_TLS_SETUP, SETUP);
    struct tls_config config = {.ca_file = tls_ca_file(), .why = why};
    ck_assert_int_eq(tls_create(&tls, &config), ASYNC_TLS_SETUP);
    ck_assert_str_eq(why, SETUP);
    ck_assert_ptr_null(tls);
}
END_TEST

SUITE("tls_trust", blocks_that_are_damaged, blocks_of_any_size,
    trust_of_the_system, trust_of_the_system_in_a_directory,
    shortage_is_no_servers_fault, configuration_is_no_shortage)
