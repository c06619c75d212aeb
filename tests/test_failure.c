/*
 * failure: which code and words an error becomes.
 */
#include "failure.h"

#include "async/error.h"
#include "run.h"

#include <errno.h>
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
    {ASYNC_DNS_REFUSED, "DNS_REFUSED",
        "the name server refused the question (REFUSED)"},
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

static void check_quote(const char *bytes, size_t size, const char *message)
{
    struct result result;
    result_init(&result);
    failure_not_http(&result, PHASE_RECEIVE, bytes, size);
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
        result_message(&result), "more than 10 interim (1xx) responses");
    ck_assert_int_eq(result.error, FETCH_HEADER_TOO_LARGE);
    result_fini(&result);
}
END_TEST

int main(void)
{
    return run_tests(
        "failure", (const TTest *const[]){errors_have_codes_and_words,
                       what_is_not_http_is_quoted, limits_are_named, NULL});
}
