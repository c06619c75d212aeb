/*
 * tls_signatures: what was good once is not verified again, and nothing else
 * is taken for it.
 */
#include "async/tls/tls_signatures.h"

#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "harness.h"
#include "tls_client.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

static struct tls *tls;
static struct tls_own own;
static X509_STORE_CTX_verify_fn original;
static int calls; /* of OpenSSL's own function */
static int leaves; /* whose signature alone was verified */

int __real_X509_verify(X509 *certificate, EVP_PKEY *key);
int __wrap_X509_verify(X509 *certificate, EVP_PKEY *key);

int __wrap_X509_verify(X509 *certificate, EVP_PKEY *key)
{
    leaves++;
    return __real_X509_verify(certificate, key);
}

static int counting(X509_STORE_CTX *store)
{
    calls++;
    return original(store);
}

/* One connection to a server with `own`; each has a port of its own, so none
 * takes up a session. */
static void meet(const char *name, int result, const char *why)
{
    struct tls_server server = {.own = &own};
    struct tls_client client = {.name = name, .tls = tls};
    calls = leaves = 0;
    tls_meet(&server, &client);
    ck_assert_msg(client.handshake == result, "%d: %s, not %d",
        client.handshake, client.info.why, result);
    ck_assert_msg(
        strstr(client.info.why, why) != NULL, "\"%s\"", client.info.why);
    ck_assert_int_eq(client.resumed, 0);
}

static void begin(const struct tls_certificate *wanted, bool insecure)
{
    const struct tls_config config = {
        .ca_file = tls_ca_file(), .insecure = insecure};
    ck_assert_int_eq(tls_create(&tls, &config), 0);
    original = tls->signatures.original;
    tls->signatures.original = counting;
    tls_own_make(&own, wanted);
}

static void end(void)
{
    tls_own_fini(&own);
    tls_destroy(tls);
}

static const struct tls_certificate usual = {
    .san = "DNS:a.test", .signer = SIGNED_BY_INTERMEDIATE};

/* A good connection, which the next ones need not verify again. */
static void begin_usual(void)
{
    begin(&usual, false);
    meet("a.test", 0, "");
    ck_assert_int_eq(calls, 1);
    meet("a.test", 0, "");
    ck_assert_int_eq(calls, 0);
}

START_TEST(verified_once)
{
    begin_usual();
    end();
}
END_TEST

START_TEST(spoiled_leaf)
{
    begin_usual();
    tls_own_spoil(own.certificate);
    meet("a.test", ASYNC_TLS_CERTIFICATE, "signature");
    tls_own_spoil(own.certificate);
    meet("a.test", 0, "");
    ck_assert_int_eq(calls, 0);
    end();
}
END_TEST

START_TEST(spoiled_intermediate)
{
    begin_usual();
    tls_own_spoil(own.intermediate);
    meet("a.test", ASYNC_TLS_CERTIFICATE, "signature");
    end();
}
END_TEST

START_TEST(spoiled_at_first)
{
    begin(&usual, false);
    tls_own_spoil(own.certificate);
    meet("a.test", ASYNC_TLS_CERTIFICATE, "signature");
    meet("a.test", ASYNC_TLS_CERTIFICATE, "signature");
    ck_assert_int_eq(calls, 1);
    end();
}
END_TEST

/* The leaf's pair is known; that of the intermediate is another one. */
START_TEST(another_chain)
{
    begin_usual();
    static const struct tls_issuer nobody = {.signer = SIGNED_BY_UNKNOWN};
    tls_own_swap_issuer(&own, &nobody);
    meet("a.test", ASYNC_TLS_UNKNOWN_ISSUER, "Nobody");
    end();
}
END_TEST

START_TEST(wrong_name)
{
    begin_usual();
    meet("b.test", ASYNC_TLS_NAME_MISMATCH, "is for a.test, not for b.test");
    end();
}
END_TEST

/* --- chains whose signatures are all kept, and are not good --- */

static struct tls_signature *slot_of(X509 *certificate)
{
    const struct tls_signatures *all = &tls->signatures;
    unsigned char digest[SIGNATURE_DIGEST];
    uint32_t number;
    ck_assert_ptr_nonnull(all->kept);
    X509_digest(certificate, all->digest, digest, NULL);
    memcpy(&number, digest, sizeof number);
    return &all->kept[number % SIGNATURES_KEPT];
}

static void keep(X509 *certificate, X509 *issuer)
{
    struct tls_signature *slot = slot_of(certificate);
    X509_digest(certificate, tls->signatures.digest, slot->certificate, NULL);
    X509_digest(issuer, tls->signatures.digest, slot->issuer, NULL);
}

/* As if they had been good before. */
static void keep_all(void)
{
    FILE *file = fopen(tls_ca_file(), "r");
    X509 *ca = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    keep(own.certificate, own.intermediate ? own.intermediate : ca);
    if (own.intermediate)
        keep(own.intermediate, ca);
    X509_free(ca);
}

static void own_again(const struct tls_certificate *wanted)
{
    tls_own_fini(&own);
    tls_own_make(&own, wanted);
}

static void check_kept(
    const struct tls_certificate *wanted, int result, const char *why)
{
    begin_usual();
    own_again(wanted);
    keep_all();
    meet("a.test", result, why);
    end();
}

/* The leaf was good, and so is this intermediate, of the same name: but it has
 * not signed that leaf. */
START_TEST(another_key)
{
    struct tls_issuer other = {
        .signer = SIGNED_BY_CA, .key = EVP_EC_gen("P-256")};
    begin_usual();
    tls_own_swap_issuer(&own, &other);
    struct tls_signature leaf = *slot_of(own.certificate);
    keep_all();
    *slot_of(own.certificate) = leaf;
    meet("a.test", ASYNC_TLS_CERTIFICATE, "the certificate was rejected");
    EVP_PKEY_free(other.key);
    end();
}
END_TEST

/* The leaf's pair is known, that above is not. */
START_TEST(spoiled_above)
{
    begin_usual();
    tls_own_spoil(own.intermediate);
    keep(own.certificate, own.intermediate);
    meet("a.test", ASYNC_TLS_CERTIFICATE, "(CN=Intermediate) was rejected");
    end();
}
END_TEST

/* That they are kept by hand is seen where nothing is wrong. */
START_TEST(kept_by_hand)
{
    begin_usual();
    own_again(&usual);
    keep_all();
    meet("a.test", 0, "");
    ck_assert_int_eq(leaves + calls, 0);
    end();
}
END_TEST

/* Of a known intermediate: it alone is verified, and looked at as ever. */
START_TEST(new_leaf)
{
    begin_usual();
    own_again(&usual);
    meet("a.test", 0, "");
    ck_assert_int_eq(leaves, 1);
    ck_assert_int_eq(calls, 0);
    meet("a.test", 0, "");
    ck_assert_int_eq(leaves + calls, 0);
    tls_own_sign_again(&own);
    meet("b.test", ASYNC_TLS_NAME_MISMATCH, "not for b.test");
    end();
}
END_TEST

START_TEST(new_leaf_that_expired)
{
    static const struct tls_certificate late = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .from = -3,
        .to = -1};
    begin_usual();
    own_again(&late);
    meet("a.test", ASYNC_TLS_EXPIRED, "expired on");
    ck_assert_int_eq(leaves, 0);
    end();
}
END_TEST

/* A leaf that says it is of the known intermediate, and somebody else signed.
 */
START_TEST(forged_leaf)
{
    begin_usual();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    ck_assert_int_gt(X509_sign(own.certificate, key, EVP_sha256()), 0);
    for (int i = 0; i < 2; i++) {
        meet("a.test", ASYNC_TLS_CERTIFICATE, "signature");
        ck_assert_int_eq(leaves, 1);
        ck_assert_int_eq(calls, 1);
    }
    EVP_PKEY_free(key);
    end();
}
END_TEST

START_TEST(expired_since)
{
    static const struct tls_certificate late = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .from = -3,
        .to = -1};
    check_kept(&late, ASYNC_TLS_EXPIRED, "the certificate expired on");
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(not_valid_yet)
{
    static const struct tls_certificate early = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .from = 1,
        .to = 3};
    check_kept(&early, ASYNC_TLS_NOT_YET_VALID, "is not valid before");
}
END_TEST

START_TEST(expired_intermediate)
{
    static const struct tls_certificate old = {
        .san = "DNS:a.test", .signer = SIGNED_BY_OLD_INTERMEDIATE};
    check_kept(&old, ASYNC_TLS_EXPIRED, "(CN=Old) expired on");
}
END_TEST

/* Its pairs lead to an authority that this run does not trust. */
START_TEST(ends_elsewhere)
{
    static const struct tls_certificate elsewhere = {
        .san = "DNS:a.test", .signer = SIGNED_BY_UNKNOWN};
    check_kept(&elsewhere, ASYNC_TLS_UNKNOWN_ISSUER, "CN=Nobody");
}
END_TEST

START_TEST(no_intermediate)
{
    static const struct tls_certificate absent = {
        .san = "DNS:a.test", .signer = SIGNED_BY_ABSENT_INTERMEDIATE};
    check_kept(&absent, ASYNC_TLS_UNKNOWN_ISSUER, "CN=Intermediate");
}
END_TEST

START_TEST(another_purpose)
{
    static const struct tls_certificate client = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .usage = "clientAuth"};
    check_kept(&client, ASYNC_TLS_CERTIFICATE, "purpose");
}
END_TEST

START_TEST(unknown_critical)
{
    static const struct tls_certificate strange = {
        .san = "DNS:a.test", .signer = SIGNED_BY_INTERMEDIATE, .critical = "x"};
    check_kept(&strange, ASYNC_TLS_CERTIFICATE, "critical extension");
}
END_TEST

START_TEST(weak_key)
{
    static const struct tls_certificate weak = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .rsa_bits = 1024};
    check_kept(&weak, ASYNC_TLS_CERTIFICATE, "key too weak");
}
END_TEST

/* The intermediate may not do what it did. */
START_TEST(intermediate_that_may_not)
{
    static const struct {
        struct tls_issuer issuer;
        const char *why;
    } all[] = {
        {{SIGNED_BY_CA, NULL, NID_basic_constraints, "critical,CA:FALSE"},
            "invalid CA"},
        {{SIGNED_BY_CA, NULL, NID_key_usage, "critical,digitalSignature"},
            "CA"},
        {{SIGNED_BY_CA, NULL, NID_ext_key_usage, "clientAuth"}, "purpose"},
        {{SIGNED_BY_CA, NULL, NID_name_constraints,
             "critical,permitted;DNS:b.test"},
            "permitted subtree"},
        {{SIGNED_BY_CA, NULL, NID_name_constraints,
             "critical,excluded;DNS:a.test"},
            "excluded subtree"},
    };
    begin_usual();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tls_own_swap_issuer(&own, &all[i].issuer);
        keep_all();
        meet("a.test", ASYNC_TLS_CERTIFICATE, all[i].why);
    }
    end();
}
END_TEST

/* --- many --- */

static void fill_by_hand(void)
{
    const struct tls_signatures *all = &tls->signatures;
    memset(all->kept, 0x5a, SIGNATURES_KEPT * sizeof *all->kept);
}

/* Of two in one slot each pushes the other out, and both are good. */
START_TEST(one_slot)
{
    begin_usual();
    struct tls_own first = own;
    const struct tls_signature *slot = slot_of(first.certificate);
    tls_own_make(&own, &usual);
    for (int i = 0; slot_of(own.certificate) != slot; i++) {
        ck_assert_int_lt(i, 40 * SIGNATURES_KEPT);
        tls_own_sign_again(&own);
    }
    for (int i = 0; i < 4; i++) {
        meet("a.test", 0, "");
        ck_assert_int_eq(leaves, 1);
        struct tls_own other = own;
        own = first;
        first = other;
    }
    meet("a.test", 0, "");
    ck_assert_int_eq(leaves, 1);
    meet("a.test", 0, "");
    ck_assert_int_eq(leaves + calls, 0);
    tls_own_fini(&first);
    end();
}
END_TEST

/* A flood of chains that are all different: each is verified as ever, one
 * spoiled among them too, and the table stays what it was. */
START_TEST(flood)
{
    begin_usual();
    const struct tls_signature *kept = tls->signatures.kept;
    for (int i = 0; i < 60; i++) {
        bool spoiled = i % 7 == 3;
        tls_own_sign_again(&own);
        if (spoiled)
            tls_own_spoil(own.certificate);
        meet("a.test", spoiled ? ASYNC_TLS_CERTIFICATE : 0,
            spoiled ? "signature" : "");
        ck_assert_int_eq(leaves, 1);
        ck_assert_int_eq(calls, spoiled);
        ck_assert_ptr_eq(tls->signatures.kept, kept);
    }
    end();
}
END_TEST

/* Others have pushed it out: it is verified again, and no memory grows. */
START_TEST(pushed_out)
{
    begin_usual();
    fill_by_hand();
    meet("a.test", 0, "");
    ck_assert_int_eq(calls, 1);
    meet("a.test", 0, "");
    ck_assert_int_eq(calls, 0);
    end();
}
END_TEST

START_TEST(unusual_flags)
{
    static const unsigned long flags[] = {
        X509_V_FLAG_CHECK_SS_SIGNATURE, X509_V_FLAG_X509_STRICT};
    begin_usual();
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        X509_VERIFY_PARAM *param = SSL_CTX_get0_param(tls->context);
        X509_VERIFY_PARAM_set_flags(param, flags[i]);
        meet("a.test",
            flags[i] == X509_V_FLAG_X509_STRICT ? ASYNC_TLS_CERTIFICATE : 0,
            "");
        X509_VERIFY_PARAM_clear_flags(param, flags[i]);
    }
    end();
}
END_TEST

START_TEST(insecure)
{
    begin(&usual, true);
    tls_own_spoil(own.certificate);
    meet("a.test", 0, "");
    ck_assert_ptr_null(tls->signatures.kept);
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls_signatures");
    TCase *tcase = tcase_create("chains");
    tcase_set_timeout(tcase, 50);
    tcase_add_test(tcase, verified_once);
    tcase_add_test(tcase, spoiled_leaf);
    tcase_add_test(tcase, spoiled_intermediate);
    tcase_add_test(tcase, spoiled_at_first);
    tcase_add_test(tcase, another_chain);
    tcase_add_test(tcase, wrong_name);
    tcase_add_test(tcase, another_key);
    tcase_add_test(tcase, spoiled_above);
    tcase_add_test(tcase, kept_by_hand);
    tcase_add_test(tcase, new_leaf);
    tcase_add_test(tcase, new_leaf_that_expired);
    tcase_add_test(tcase, forged_leaf);
    tcase_add_test(tcase, expired_since);
    tcase_add_test(tcase, not_valid_yet);
    tcase_add_test(tcase, expired_intermediate);
    tcase_add_test(tcase, ends_elsewhere);
    tcase_add_test(tcase, no_intermediate);
    tcase_add_test(tcase, another_purpose);
    tcase_add_test(tcase, unknown_critical);
    tcase_add_test(tcase, weak_key);
    tcase_add_test(tcase, intermediate_that_may_not);
    tcase_add_test(tcase, one_slot);
    tcase_add_test(tcase, flood);
    tcase_add_test(tcase, pushed_out);
    tcase_add_test(tcase, unusual_flags);
    tcase_add_test(tcase, insecure);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
