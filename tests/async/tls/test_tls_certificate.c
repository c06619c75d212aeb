/*
 * tls: which certificates are good for which names, and what is said of
 * those that are not.
 */
#include "async/core/error.h"
#include "harness.h"
#include "tls_client.h"

#include <string.h>

struct row {
    const char *name; /* asked for */
    int result;
    const char *why; /* part of the message */
    struct tls_certificate certificate;
};

#define GOOD 0, ""
#define MISMATCH ASYNC_TLS_NAME_MISMATCH
#define UNKNOWN ASYNC_TLS_UNKNOWN_ISSUER

static const struct row rows[] = {
    {"www.a.test", GOOD, {.san = "DNS:www.a.test"}},
    {"www.a.test", GOOD, {.san = "DNS:b.test,DNS:WWW.A.TEST"}},
    {"WWW.a.test", GOOD, {.san = "DNS:www.A.test"}},
    {"www.a.test", GOOD, {.san = "DNS:*.a.test"}},
    {"xn--bcher-kva.test", GOOD, {.san = "DNS:xn--bcher-kva.test"}},
    {"www.a.test", GOOD,
        {.san = "DNS:www.a.test", .signer = SIGNED_BY_INTERMEDIATE}},
    {"www.a.test", GOOD, {.san = "DNS:www.a.test", .rsa_bits = 2048}},
    {"foo_bar.a.test", GOOD, {.san = "DNS:*.a.test"}},
    {"_foo.bar.a.test", GOOD, {.san = "DNS:b.test,DNS:*.BAR.a.test"}},
    {"foo.b_r.a.test", GOOD, {.san = "DNS:*.b_r.a.test"}},
    {"f_o.b_r.a.test", GOOD, {.san = "DNS:f_o.b_r.a.test"}},
    {"www.a.test", GOOD, {.san = "DNS:www.a.test", .subject = ""}},
    {"127.0.0.1", GOOD, {.san = "IP:127.0.0.1"}},
    {"2001:db8::1", GOOD, {.san = "IP:2001:DB8:0:0:0:0:0:1"}},

    {"www.a.test", MISMATCH,
        "the certificate is for b.test, not for www.a.test",
        {.san = "DNS:b.test", .subject = "www.a.test"}},
    {"www.a.test", MISMATCH,
        "is for no host (it has no subjectAltName), not for www.a.test",
        {.subject = "www.a.test"}},
    {"www.a.test", MISMATCH,
        "is for no host (its subjectAltName has no host name or IP address), "
        "not for www.a.test",
        {.san = "email:www.a.test@a.test", .subject = "www.a.test"}},
    {"x.www.a.test", MISMATCH, "for *.a.test, not", {.san = "DNS:*.a.test"}},
    {"a.test", MISMATCH, "for *.a.test, not", {.san = "DNS:*.a.test"}},
    {"a.test", MISMATCH, "for *.test, not", {.san = "DNS:*.test"}},
    {"a.test", MISMATCH, "for *, not", {.san = "DNS:*"}},
    {"www.a.test", MISMATCH, "for w*.a.test, not", {.san = "DNS:w*.a.test"}},
    {"www.a.test", MISMATCH, "for *w.a.test, not", {.san = "DNS:*w.a.test"}},
    {"www.a.test", MISMATCH, "for www.*.test, not", {.san = "DNS:www.*.test"}},
    {"f_o.test", MISMATCH, "for *.test, not", {.san = "DNS:*.test"}},
    {"f_o.x.a.test", MISMATCH, "for *.a.test, not", {.san = "DNS:*.a.test"}},
    {"f_o.a.test", MISMATCH, "for f*.a.test, not", {.san = "DNS:f*.a.test"}},
    {"f_o.a.test", MISMATCH, "for *o.a.test, not", {.san = "DNS:*o.a.test"}},
    {"f_o.a.test", MISMATCH, "for f_o.*.test, not", {.san = "DNS:f_o.*.test"}},
    {"f_o.a.test", MISMATCH, "for *.b.test, not", {.san = "DNS:*.b.test"}},
    {"f_o.a.test", MISMATCH, "for f-o.a.test, not", {.san = "DNS:f-o.a.test"}},
    {"f_o.-a.test", MISMATCH, "for *.-a.test, not", {.san = "DNS:*.-a.test"}},
    {"f_o.a.test", MISMATCH, "for *.a.test\\x00.b.test, not",
        {.nul = "*.a.test_.b.test"}},
    {"f_o.a.test", MISMATCH, "for no host",
        {.san = "email:*@a.test", .subject = "*.a.test"}},
    {"www.a.test", MISMATCH, "for www.a.test\\x00.b.test, not",
        {.nul = "www.a.test_.b.test"}},
    {"www.a.test", MISMATCH,
        "for a1.test, a2.test, 10.0.0.1, 2001:db8::7, a5.test and 2 more, not",
        {.san = "DNS:a1.test,email:x@a.test,DNS:a2.test,IP:10.0.0.1,"
                "IP:2001:db8::7,DNS:a5.test,DNS:a6.test,DNS:a7.test"}},
    {"www.a.test", MISMATCH, "xxxxxxxx..., not",
        {.san = "DNS:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.test"}},
    {"127.0.0.1", MISMATCH, "for 127.0.0.2, not for 127.0.0.1",
        {.san = "IP:127.0.0.2"}},
    {"127.0.0.1", MISMATCH, "for no host", {.subject = "127.0.0.1"}},
    {"127.0.0.1", MISMATCH, "for 127.0.0.1, not for 127.0.0.1",
        {.san = "DNS:127.0.0.1"}},
    {"2001:db8::1", MISMATCH, "for 2001:db8::2, not",
        {.san = "IP:2001:db8::2"}},

    {"a.test", ASYNC_TLS_EXPIRED, "the certificate expired on 20",
        {.san = "DNS:a.test", .from = -10, .to = -1}},
    {"a.test", ASYNC_TLS_EXPIRED,
        "the issuer's certificate (CN=Old) expired on 20",
        {.san = "DNS:a.test", .signer = SIGNED_BY_OLD_INTERMEDIATE}},
    {"f_o.a.test", ASYNC_TLS_EXPIRED, "the certificate expired on 20",
        {.san = "DNS:*.a.test", .from = -10, .to = -1}},
    {"f_o.a.test", UNKNOWN, "was issued by an unknown authority (CN=Nobody)",
        {.san = "DNS:*.a.test", .signer = SIGNED_BY_UNKNOWN}},
    {"a.test", ASYNC_TLS_NOT_YET_VALID,
        "the certificate is not valid before 20",
        {.san = "DNS:a.test", .from = 1, .to = 10}},
    {"a.test", ASYNC_TLS_SELF_SIGNED, "the certificate is self-signed",
        {.san = "DNS:a.test", .signer = SIGNED_BY_ITSELF}},
    {"a.test", ASYNC_TLS_SELF_SIGNED, "the certificate is self-signed",
        {.san = "DNS:a.test", .subject = "", .signer = SIGNED_BY_ITSELF}},
    {"a.test", UNKNOWN, "was issued by an unknown authority (CN=Nobody)",
        {.san = "DNS:a.test", .signer = SIGNED_BY_UNKNOWN}},
    {"a.test", UNKNOWN, "was issued by an unknown authority (CN=Intermediate)",
        {.san = "DNS:a.test", .signer = SIGNED_BY_ABSENT_INTERMEDIATE}},
    {"a.test", ASYNC_TLS_CERTIFICATE, "was rejected: un",
        {.san = "DNS:a.test", .usage = "clientAuth"}},
    {"a.test", ASYNC_TLS_CERTIFICATE, "unhandled critical extension",
        {.san = "DNS:a.test", .critical = "x"}},
    {"a.test", ASYNC_TLS_CERTIFICATE, "key too weak",
        {.san = "DNS:a.test", .rsa_bits = 768}},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void check_subject(const struct row *row, const struct tls_info *info)
{
    char subject[TLS_NAME_MAX] = "CN=";
    const char *name = row->certificate.subject;
    strcat(subject, name ? name : "test");
    if (name && !*name)
        *subject = '\0';
    ck_assert(info->has_certificate);
    ck_assert_str_eq(info->subject, subject);
    ck_assert_str_eq(info->version, "TLSv1.3");
    ck_assert_ptr_nonnull(info->cipher);
}

START_TEST(verified)
{
    const struct row *row = &rows[_i];
    struct tls_server server = {.certificate = row->certificate};
    struct tls_client client = {.name = row->name};
    tls_meet(&server, &client);
    ck_assert_msg(client.handshake == row->result, "%s: %s (%s)", row->name,
        async_strerror(client.handshake), client.info.why);
    ck_assert_msg(strstr(client.info.why, row->why), "%s", client.info.why);
    ck_assert_int_eq(client.info.verified, !row->result);
    check_subject(row, &client.info);
    if (!row->result)
        ck_assert_str_eq(client.text, "ok");
}
END_TEST

/* What is wrong is known all the same, and nothing else gets past. */
START_TEST(insecure)
{
    const struct row *row = &rows[_i];
    struct tls_server server = {.certificate = row->certificate};
    struct tls_client client = {.name = row->name, .config.insecure = true};
    tls_meet(&server, &client);
    ck_assert_int_eq(client.handshake, 0);
    ck_assert_str_eq(client.text, "ok");
    ck_assert_int_eq(client.info.verified, !row->result);
    check_subject(row, &client.info);
}
END_TEST

/* Verified all the same, and what is wrong is said. */
START_TEST(brief)
{
    const struct row *row = &rows[_i];
    struct tls_server server = {.certificate = row->certificate};
    struct tls_client client = {.name = row->name, .config.brief = true};
    tls_meet(&server, &client);
    ck_assert_int_eq(client.handshake, row->result);
    ck_assert_msg(strstr(client.info.why, row->why), "%s", client.info.why);
    ck_assert_int_eq(client.info.verified, !row->result);
    ck_assert(!client.info.has_certificate && !*client.info.subject);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls_certificate");
    TCase *tcase = tcase_create("rows");
    tcase_set_timeout(tcase, 50);
    tcase_add_loop_test(tcase, verified, 0, ROWS);
    tcase_add_loop_test(tcase, insecure, 0, ROWS);
    tcase_add_loop_test(tcase, brief, 0, ROWS);
    suite_add_tcase(suite, tcase);
    return suite_finish(suite);
}
