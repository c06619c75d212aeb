/*
 * tls_signatures: what was good once is not verified again, and nothing else
 * is taken for it.
 */
#include "async/tls/tls_signatures.h"

#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "harness.h"
#include "tls_client.h"

#include <openssl/x509v3.h>
#include <string.h>

static struct tls *tls;
static struct tls_own own;
static X509_STORE_CTX_verify_fn original;
static int calls; /* of OpenSSL's own function */

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
    calls = 0;
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
    tls_own_swap_issuer(&own);
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

/* As if their signatures had been good before they expired. */
static void keep_by_hand(void)
{
    X509 *chain[] = {own.certificate, own.intermediate};
    struct tls_signatures *all = &tls->signatures;
    unsigned char digest[SIGNATURE_DIGEST];
    ck_assert_ptr_nonnull(all->kept);
    X509_digest(chain[0], all->digest, digest, NULL);
    uint32_t number;
    memcpy(&number, digest, sizeof number);
    struct tls_signature *slot = &all->kept[number % SIGNATURES_KEPT];
    memcpy(slot->certificate, digest, sizeof digest);
    X509_digest(chain[1], all->digest, slot->issuer, NULL);
}

START_TEST(expired_since)
{
    static const struct tls_certificate late = {.san = "DNS:a.test",
        .signer = SIGNED_BY_INTERMEDIATE,
        .from = -3,
        .to = -1};
    begin_usual();
    tls_own_fini(&own);
    tls_own_make(&own, &late);
    keep_by_hand();
    meet("a.test", ASYNC_TLS_EXPIRED, "expired on");
    ck_assert_int_eq(calls, 1);
    end();
}
END_TEST

/* Others have pushed it out: it is verified again, and no memory grows. */
START_TEST(pushed_out)
{
    begin_usual();
    memset(tls->signatures.kept, 0x5a,
        SIGNATURES_KEPT * sizeof *tls->signatures.kept);
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
    tcase_add_test(tcase, expired_since);
    tcase_add_test(tcase, pushed_out);
    tcase_add_test(tcase, unusual_flags);
    tcase_add_test(tcase, insecure);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
