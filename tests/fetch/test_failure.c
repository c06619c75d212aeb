/*
 * failure: which code and words an error becomes.
 */
#include "fetch/failure.h"

#include "async/core/error.h"
#include "async/tls/tls_info.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int error;
    const char *code, *message;
} cases[] = {
    {-ETIMEDOUT, "TIMEOUT", "timed out"},
    {ASYNC_DNS_TIMEOUT, "TIMEOUT", "timed out"},
    {-ECANCELED, "CANCELED", "canceled"},
    {-ECONNREFUSED, "REFUSED", "connection refused"},
    {-ENETUNREACH, "UNREACHABLE", "network or host unreachable"},
    {-EHOSTUNREACH, "UNREACHABLE", "network or host unreachable"},
    {-ECONNRESET, "RESET", "connection reset by peer"},
    {-EPIPE, "RESET", "connection reset by peer"},
    {-EADDRNOTAVAIL, "NO_LOCAL_PORT", "no local port left (EADDRNOTAVAIL)"},
    {-EMFILE, "NO_DESCRIPTORS", "no file descriptor left"},
    {-ENOMEM, "NO_MEMORY", "out of memory"},
    {ASYNC_EOF, "EMPTY_REPLY", "empty reply: closed without an answer"},
    {ASYNC_EOF_IN_LINE, "TRUNCATED",
        "incomplete: closed before the end of the headers"},
    {ASYNC_LINE_TOO_LONG, "HEADER_TOO_LARGE",
        "a header line is longer than 65536 bytes"},
    {ASYNC_DNS_NXDOMAIN, "NXDOMAIN", "no such name"},
    {ASYNC_DNS_NODATA, "NODATA", "the name has no address"},
    {ASYNC_DNS_SERVFAIL, "SERVFAIL", "the name server failed (SERVFAIL)"},
    {ASYNC_DNS_FORMERR, "DNS_BAD_ANSWER",
        "the name server could not parse the query (FORMERR)"},
    {ASYNC_DNS_NOTIMP, "DNS_BAD_ANSWER",
        "the name server does not support the query (NOTIMP)"},
    {ASYNC_DNS_ALIAS, "DNS_BAD_ANSWER",
        "the name server is not recursive: it returned an alias without its "
        "address"},
    {ASYNC_DNS_REFERRAL, "DNS_BAD_ANSWER",
        "the name server is not recursive: it returned only a referral"},
    {ASYNC_DNS_UNSPECIFIED, "NODATA",
        "the name has no address but 0.0.0.0 or :: (it may be blocked)"},
    {ASYNC_DNS_REFUSED, "DNS_REFUSED",
        "the name server refused the query (REFUSED)"},
    {ASYNC_TLS_EXPIRED, "TLS_EXPIRED", "the certificate has expired"},
    {ASYNC_TLS_NOT_YET_VALID, "TLS_NOT_YET_VALID",
        "the certificate is not valid yet"},
    {ASYNC_TLS_NAME_MISMATCH, "TLS_NAME_MISMATCH",
        "the certificate is for another host"},
    {ASYNC_TLS_SELF_SIGNED, "TLS_SELF_SIGNED",
        "the certificate is self-signed"},
    {ASYNC_TLS_UNKNOWN_ISSUER, "TLS_UNKNOWN_ISSUER",
        "the certificate was issued by an unknown authority"},
    {ASYNC_TLS_CERTIFICATE, "TLS_CERTIFICATE", "the certificate was rejected"},
    {ASYNC_TLS_NOT_TLS, "TLS_NOT_TLS", "the server does not speak TLS here"},
    {ASYNC_TLS_PROTOCOL, "TLS_PROTOCOL",
        "no common TLS version (1.2 or later needed)"},
    {ASYNC_TLS_ALERT, "TLS_ALERT", "the server sent a TLS alert"},
    {ASYNC_TLS_HANDSHAKE, "TLS_HANDSHAKE", "the TLS handshake failed"},
    {ASYNC_TLS_NO_HTTP1, "NOT_HTTP", "not HTTP"},
    {ASYNC_TLS_BROKEN, "TLS_BROKEN", "a broken TLS record"},
    {-EACCES, "SYSTEM", "Permission denied"},
};

START_TEST(errors_have_codes_and_words)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result result;
        result_init(&result);
        failure_tell(&result, PHASE_CONNECT, cases[i].error);
        ck_assert_str_eq(fetch_error_name(result.error), cases[i].code);
        ck_assert_str_eq(result_message(&result), cases[i].message);
        ck_assert_int_eq(result.error_phase, PHASE_CONNECT);
        result_fini(&result);
    }
}
END_TEST

START_TEST(what_is_told_stays)
{
    struct result result;
    result_init(&result);
    int error = result_fail(&result, PHASE_TLS, FETCH_TLS_NOT_TLS, "x");
    ck_assert_int_eq(error, RESULT_FAILED);
    ck_assert_int_lt(error, 0);
    ck_assert_int_eq(
        failure_tell(&result, PHASE_RECEIVE, error), RESULT_FAILED);
    ck_assert_int_eq(result.error, FETCH_TLS_NOT_TLS);
    ck_assert_int_eq(result.error_phase, PHASE_TLS);
    ck_assert_str_eq(result_message(&result), "x");
    result_fini(&result);
}
END_TEST

static const struct {
    int error, family;
    const char *message;
} lookups[] = {
    {ASYNC_DNS_NODATA, AF_UNSPEC, "the name has no address"},
    {ASYNC_DNS_NODATA, AF_INET, "the name has no IPv4 address"},
    {ASYNC_DNS_NODATA, AF_INET6, "the name has no IPv6 address"},
    {ASYNC_DNS_NXDOMAIN, AF_INET6, "no such name"},
};

START_TEST(a_family_that_is_missing_is_named)
{
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++) {
        struct result result;
        result_init(&result);
        ck_assert_int_eq(failure_lookup(&result, PHASE_DNS, lookups[i].error,
                             lookups[i].family),
            RESULT_FAILED);
        ck_assert_str_eq(result_message(&result), lookups[i].message);
        result_fini(&result);
    }
}
END_TEST

/* What TLS says in words is of its own errors alone. */
START_TEST(tls_has_words_of_its_own)
{
    struct result result;
    result_init(&result);
    result.response.tls = calloc(1, sizeof *result.response.tls);
    strcpy(result.response.tls->why, "expired %s ago");
    failure_tell(&result, PHASE_TLS, ASYNC_TLS_EXPIRED);
    ck_assert_str_eq(result_message(&result), "expired %s ago");
    failure_tell(&result, PHASE_RECEIVE, -ECONNRESET);
    ck_assert_str_eq(result_message(&result), "connection reset by peer");
    result_fini(&result);
}
END_TEST

static void check_quote(const char *bytes, size_t size, const char *message)
{
    struct result result;
    result_init(&result);
    struct failure_quote quote = {FETCH_NOT_HTTP, bytes, size};
    failure_quote(&result, PHASE_RECEIVE, &quote);
    ck_assert_int_eq(result.error, FETCH_NOT_HTTP);
    ck_assert_str_eq(result_message(&result), message);
    result_fini(&result);
}

START_TEST(what_is_not_http_is_quoted)
{
    static const char zeros[100] = {0};
    char sixty[400] = "not HTTP: \"";
    for (int i = 0; i < FAILURE_QUOTED; i++)
        strcat(sixty, "\\x00");
    strcat(sixty, "\"");
    check_quote("SSH-2.0-x\r\nmore", 15, "not HTTP: \"SSH-2.0-x\"");
    check_quote("220 hi", 6, "not HTTP: \"220 hi\"");
    check_quote("\x15\x03\x01", 3, "not HTTP: \"\\x15\\x03\\x01\"");
    check_quote("\r\n", 2, "not HTTP: \"\"");
    check_quote(zeros, sizeof zeros, sixty);
}
END_TEST

/* Cut after a number of bytes, characters or not. */
START_TEST(a_quote_is_ascii)
{
    char bytes[FAILURE_QUOTED + 2], text[400] = "not HTTP: \"";
    for (int i = 0; i <= FAILURE_QUOTED; i++)
        bytes[i] = "\xc3\xbc"[i % 2];
    for (int i = 0; i < FAILURE_QUOTED / 2; i++)
        strcat(text, "\\xc3\\xbc");
    strcat(text, "\"");
    check_quote(bytes, FAILURE_QUOTED + 1, text);
    check_quote("\x7f\x80\x9f\xa0\xff\t", 6,
        "not HTTP: \"\\x7f\\x80\\x9f\\xa0\\xff\t\"");
}
END_TEST

START_TEST(a_quote_has_its_code)
{
    struct failure_quote quote = {FETCH_NOT_SOCKS, "HTTP/1.0 400 X\r\n", 16};
    struct result result;
    result_init(&result);
    failure_quote(&result, PHASE_CONNECT, &quote);
    ck_assert_int_eq(result.error, FETCH_NOT_SOCKS);
    ck_assert_str_eq(
        result_message(&result), "not SOCKS 5: \"HTTP/1.0 400 X\"");
    result_fini(&result);
}
END_TEST

static const struct {
    int error;
    const char *to, *code, *message;
} at_proxy[] = {
    {-ECONNREFUSED, NULL, "REFUSED",
        "the proxy http://p.test:1: connection refused"},
    {-ETIMEDOUT, "a.test:443", "TIMEOUT",
        "the proxy http://p.test:1: connecting to a.test:443: timed out"},
    {RESULT_FAILED, "a.test:443", "PROXY_FAILED",
        "the proxy http://p.test:1: connecting to a.test:443: 502 %s"},
    {RESULT_FAILED, NULL, "PROXY_FAILED", "the proxy http://p.test:1: 502 %s"},
    /* Nobody else's doing. */
    {-ECANCELED, NULL, "CANCELED", "canceled"},
    {-ENOMEM, "a.test:443", "NO_MEMORY", "out of memory"},
    {-EMFILE, NULL, "NO_DESCRIPTORS", "no file descriptor left"},
    {-EADDRNOTAVAIL, NULL, "NO_LOCAL_PORT",
        "no local port left (EADDRNOTAVAIL)"},
};

START_TEST(a_proxy_is_named)
{
    for (size_t i = 0; i < sizeof at_proxy / sizeof *at_proxy; i++) {
        struct result result;
        result_init(&result);
        result.response.proxy = "http://p.test:1";
        if (at_proxy[i].error == RESULT_FAILED)
            result_fail(&result, PHASE_RECEIVE, FETCH_PROXY_FAILED, "502 %%s");
        ck_assert_int_eq(failure_at_proxy(&result, PHASE_CONNECT,
                             at_proxy[i].error, at_proxy[i].to),
            RESULT_FAILED);
        ck_assert_str_eq(fetch_error_name(result.error), at_proxy[i].code);
        ck_assert_str_eq(result_message(&result), at_proxy[i].message);
        ck_assert_int_eq(result.error_phase, PHASE_CONNECT);
        result_fini(&result);
    }
}
END_TEST

START_TEST(limits_are_named)
{
    struct result result;
    result_init(&result);
    failure_head(&result, PHASE_RECEIVE, HTTP_HEAD_TOO_LARGE, 1000);
    ck_assert_str_eq(
        result_message(&result), "the headers are larger than 1000 bytes");
    failure_head(&result, PHASE_RECEIVE, HTTP_HEAD_TOO_MANY, 1000);
    ck_assert_str_eq(result_message(&result), "more than 1000 header lines");
    failure_interim(&result, PHASE_RECEIVE);
    ck_assert_str_eq(
        result_message(&result), "more than 100 interim (1xx) responses");
    failure_interim_bytes(&result, PHASE_RECEIVE, 1000);
    ck_assert_str_eq(result_message(&result),
        "the interim (1xx) responses are larger than 1000 bytes");
    ck_assert_int_eq(result.error, FETCH_HEADER_TOO_LARGE);
    result_fini(&result);
}
END_TEST

int main(void)
{
    return run_tests("failure",
        (const TTest *const[]){errors_have_codes_and_words, what_is_told_stays,
            a_family_that_is_missing_is_named, tls_has_words_of_its_own,
            what_is_not_http_is_quoted, a_quote_is_ascii, a_quote_has_its_code,
            a_proxy_is_named, limits_are_named, NULL});
}
