/*
 * tls_decoders: every key is read as by OpenSSL's own library context, and what
 * openssl.cnf asks for holds.
 */
#include "async/tls/tls_decoders.h"

#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "harness.h"
#include "tls_client.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_for_us(void)
{
    return OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0;
}

/* --- keys --- */

static EVP_PKEY *key_of(const char *type, const char *group)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    if (group)
        ck_assert_int_eq(EVP_PKEY_CTX_set_group_name(context, group), 1);
    ck_assert_msg(EVP_PKEY_keygen(context, &key) == 1, "%s", type);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *dsa_key(void)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *params = NULL, *key = NULL;
    ck_assert_int_eq(EVP_PKEY_paramgen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1024), 1);
    ck_assert_int_eq(EVP_PKEY_paramgen(context, &params), 1);
    EVP_PKEY_CTX_free(context);
    context = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_keygen(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(params);
    return key;
}

/* The certificate's bytes, for OPENSSL_free. */
static unsigned char *certificate_of(EVP_PKEY *key, int *size)
{
    X509 *certificate = X509_new();
    EVP_PKEY *signer = EVP_EC_gen("P-256");
    unsigned char *bytes = NULL;
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
    ck_assert_int_eq(X509_set_pubkey(certificate, key), 1);
    ck_assert_int_gt(X509_sign(certificate, signer, EVP_sha256()), 0);
    *size = i2d_X509(certificate, &bytes);
    ck_assert_int_gt(*size, 0);
    EVP_PKEY_free(signer);
    X509_free(certificate);
    return bytes;
}

static X509 *certificate_read(
    OSSL_LIB_CTX *library, const unsigned char *bytes, int size)
{
    X509 *certificate = X509_new_ex(library, NULL);
    ck_assert_ptr_nonnull(d2i_X509(&certificate, &bytes, size));
    return certificate;
}

static void check_key(OSSL_LIB_CTX *library, const char *type, EVP_PKEY *key)
{
    int size;
    unsigned char *bytes = certificate_of(key, &size);
    X509 *certificate = certificate_read(library, bytes, size);
    EVP_PKEY *read = X509_get0_pubkey(certificate);
    ck_assert_msg(read && EVP_PKEY_is_a(read, type), "%s", type);
    unsigned char *was = NULL, *is = NULL;
    int length = i2d_PUBKEY(key, &was);
    ck_assert_int_gt(length, 0);
    ck_assert_int_eq(i2d_PUBKEY(read, &is), length);
    ck_assert_mem_eq(was, is, (size_t)length);
    ck_assert_int_eq(EVP_PKEY_eq(key, read), 1);
    OPENSSL_free(was);
    OPENSSL_free(is);
    X509_free(certificate);
    OPENSSL_free(bytes);
    EVP_PKEY_free(key);
}

/* Of whatever type, even of those that no server could use. */
START_TEST(every_key)
{
    static const char *const keys[][2] = {{"RSA", NULL}, {"RSA-PSS", NULL},
        {"EC", "P-256"}, {"EC", "P-384"}, {"EC", "P-521"}, {"EC", "secp256k1"},
        {"ED25519", NULL}, {"ED448", NULL}, {"X25519", NULL}, {"X448", NULL},
        {"SM2", NULL}, {"DH", "ffdhe2048"}, {"DHX", "dh_2048_256"}};
    struct tls_decoders decoders = {0};
    tls_decoders_need(&decoders);
    ck_assert_int_eq(decoders.library != NULL, is_for_us());
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        check_key(decoders.library, keys[i][0], key_of(keys[i][0], keys[i][1]));
    check_key(decoders.library, "DSA", dsa_key());
    tls_decoders_fini(&decoders);
}
END_TEST

/* A type that nobody knows: the certificate is read, its key is not. */
START_TEST(unknown_key)
{
    struct tls_decoders decoders = {0};
    int size;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    unsigned char *bytes = certificate_of(key, &size);
    static const unsigned char ec[] = "\x2a\x86\x48\xce\x3d\x02\x01";
    unsigned char *type = bytes;
    while (memcmp(type, ec, sizeof ec - 1) != 0)
        ck_assert_int_lt(++type - bytes, size - 8);
    type[6] = 0x7e;
    tls_decoders_need(&decoders);
    X509 *certificate = certificate_read(decoders.library, bytes, size);
    ck_assert_ptr_null(X509_get0_pubkey(certificate));
    X509_free(certificate);
    tls_decoders_fini(&decoders);
    OPENSSL_free(bytes);
    EVP_PKEY_free(key);
}
END_TEST

/* Several at once, each for itself; and again after the last. */
START_TEST(several)
{
    for (int round = 0; round < 3; round++) {
        struct tls_decoders all[3] = {0};
        for (int i = 0; i < 3; i++)
            tls_decoders_need(&all[i]);
        const OSSL_LIB_CTX *library = all[0].library;
        tls_decoders_need(&all[0]);
        ck_assert_ptr_eq(all[0].library, library);
        for (int i = 0; i < 3; i++) {
            check_key(all[i].library, "EC", EVP_EC_gen("P-256"));
            tls_decoders_fini(&all[i]);
            ck_assert_ptr_null(all[i].library);
        }
    }
}
END_TEST

/* --- handshakes --- */

static void meet(struct tls *tls, const struct tls_certificate *certificate,
    int result, const char *why)
{
    struct tls_server server = {.certificate = *certificate};
    struct tls_client client = {.name = "a.test", .tls = tls};
    tls_meet(&server, &client);
    ck_assert_msg(client.handshake == result, "%d: %s, not %d",
        client.handshake, client.info.why, result);
    ck_assert_msg(
        strstr(client.info.why, why) != NULL, "\"%s\"", client.info.why);
    ck_assert_int_eq(client.info.verified, !result);
}

static struct tls *tls_make(void)
{
    const struct tls_config config = {.ca_file = tls_ca_file()};
    struct tls *tls;
    ck_assert_int_eq(tls_create(&tls, &config), 0);
    ck_assert_int_eq(tls->decoders.library != NULL, is_for_us());
    return tls;
}

START_TEST(handshakes)
{
    static const char *const types[] = {
        "RSA", "RSA-PSS", "EC", "ED25519", "ED448"};
    struct tls *tls = tls_make();
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const struct tls_certificate good = {
            .san = "DNS:a.test", .key = types[i]};
        meet(tls, &good, 0, "");
    }
    const struct tls_certificate other = {.san = "DNS:b.test", .key = "RSA"};
    meet(tls, &other, ASYNC_TLS_NAME_MISMATCH, "is for b.test");
    const struct tls_certificate late = {
        .san = "DNS:a.test", .from = -3, .to = -1};
    meet(tls, &late, ASYNC_TLS_EXPIRED, "expired on");
    const struct tls_certificate unknown = {
        .san = "DNS:a.test", .signer = SIGNED_BY_UNKNOWN};
    meet(tls, &unknown, ASYNC_TLS_UNKNOWN_ISSUER, "unknown authority");
    tls_destroy(tls);
}
END_TEST

/* A weak key is refused as ever: policy is the context's. */
START_TEST(weak_key)
{
    static const struct tls_certificate weak = {
        .san = "DNS:a.test", .rsa_bits = 1024};
    struct tls *tls = tls_make();
    meet(tls, &weak, ASYNC_TLS_CERTIFICATE, "key too");
    tls_destroy(tls);
}
END_TEST

/* --- openssl.cnf --- */

#define CONF "openssl_conf = a\n[a]\n"
#define PROVIDERS CONF "providers = p\n[p]\n"
#define ON "[on]\nactivate = 1\n"

static const struct conf {
    const char *text; /* NULL: there is no such file */
    bool ours; /* whether the context is used, by OpenSSL 3.0 */
    int result; /* of tls_create */
} confs[] = {
    {NULL, true, 0},
    {"", true, 0},
    {"openssl_conf = nowhere\n", true, 0},
    {"[other]\nengines = e\n", true, 0},
    {CONF "ssl_conf = s\n[s]\nsystem_default = d\n[d]\nGroups = P-256\n", true,
        0},
    {CONF "ssl_conf.1 = s\n[s]\nsystem_default = d\n[d]\n"
          "MinProtocol = TLSv1.3\n",
        true, 0},
    {CONF "oid_section = o\n[o]\nourname = 1.2.3.4.5\n", true, 0},
    {PROVIDERS "default = on\n" ON, true, 0},
    {PROVIDERS "default = off\n[off]\n", true, 0},
    {PROVIDERS "default = on\nbase = on\n" ON, false, 0},
    {PROVIDERS "default = on\nnull = on\n" ON, false, 0},
    {PROVIDERS "null = on\n" ON, false, ASYNC_TLS_SETUP},
    {CONF "alg_section = g\n[g]\ndefault_properties = ?fips=yes\n", false, 0},
    {CONF "alg_section = g\n[g]\ndefault_properties = fips=yes\n", false,
        ASYNC_TLS_SETUP},
    {CONF "random = r\n[r]\nrandom = HASH-DRBG\ndigest = SHA512\n", false, 0},
    {CONF "engines = e\n[e]\n", false, 0},
};

/* The path, which OPENSSL_CONF then is; a process of its own for each. */
static void conf_use(const char *text)
{
    static char path[32] = "/nowhere/openssl.cnf";
    if (text)
        (void)text_file(text, path);
    setenv("OPENSSL_CONF", path, 1);
}

static void check_conf(const struct conf *conf)
{
    struct tls *tls = NULL;
    struct tls_config config = {0};
    conf_use(conf->text);
    ck_assert_int_eq(tls_create(&tls, &config), 0);
    char why[TLS_WHY_MAX] = "";
    int result = tls_context_need(tls, why);
    ck_assert_msg(
        result == conf->result, "%s\n%d: %s", conf->text, result, why);
    ck_assert_msg(
        (tls->decoders.library != NULL) == (conf->ours && is_for_us()), "%s",
        conf->text);
    tls_destroy(tls);
}

/* It has been read once, and nobody writes it again. */
START_TEST(conf_is_a_pipe)
{
    struct tls_decoders decoders = {0};
    static const char text[] = CONF "engines = e\n[e]\n";
    int ends[2];
    char path[32];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_gt(write(ends[1], text, strlen(text)), 0);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    setenv("OPENSSL_CONF", path, 1);
    tls_decoders_need(&decoders);
    ck_assert_ptr_null(decoders.library);
    close(ends[0]);
}
END_TEST

START_TEST(what_conf_asks)
{
    check_conf(&confs[_i]);
}
END_TEST

/* Those of a package, which may not be installed: OpenSSL's own context knows
 * what comes of them. */
START_TEST(other_providers)
{
    static const char *const texts[] = {
        PROVIDERS "default = on\nlegacy = on\n" ON,
        PROVIDERS "default = on\nno-such-provider = on\n" ON,
        PROVIDERS "default = off\n[off]\nmodule = /nowhere/default.so\n"
                  "activate = 1\n",
        "[[[\n",
        CONF "no_such_module = x\n",
    };
    struct tls_decoders decoders = {0};
    conf_use(texts[_i]);
    SSL_CTX *own = SSL_CTX_new(TLS_client_method());
    tls_decoders_need(&decoders);
    /* Where only the default provider is active, the choice is free. */
    if (OSSL_PROVIDER_available(NULL, "legacy") || !own)
        ck_assert_ptr_null(decoders.library);
    SSL_CTX *context =
        SSL_CTX_new_ex(decoders.library, NULL, TLS_client_method());
    ck_assert_int_eq(context != NULL, own != NULL);
    SSL_CTX_free(context);
    SSL_CTX_free(own);
    tls_decoders_fini(&decoders);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls_decoders");
    TCase *tcase = tcase_create("decoders");
    tcase_set_timeout(tcase, 50);
    tcase_add_test(tcase, every_key);
    tcase_add_test(tcase, unknown_key);
    tcase_add_test(tcase, several);
    tcase_add_test(tcase, handshakes);
    tcase_add_test(tcase, weak_key);
    tcase_add_test(tcase, conf_is_a_pipe);
    tcase_add_loop_test(
        tcase, what_conf_asks, 0, (int)(sizeof confs / sizeof *confs));
    tcase_add_loop_test(tcase, other_providers, 0, 5);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
