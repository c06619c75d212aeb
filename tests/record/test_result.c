/*
 * result: names, texts, and what a failure leaves.
 */
#include "record/result.h"

#include "run.h"

#include "async/tls/tls_info.h"

#include <stdlib.h>
#include <string.h>

START_TEST(every_phase_has_its_name)
{
    static const char *const names[PHASE_COUNT] = {"input", "queued", "dns",
        "connect", "tls", "send", "wait", "receive", "total"};

    for (int phase = 0; phase < PHASE_COUNT; phase++)
        ck_assert_str_eq(phase_name((enum phase)phase), names[phase]);
}
END_TEST

START_TEST(every_error_has_a_name_and_a_text)
{
    ck_assert_ptr_null(fetch_error_name(FETCH_OK));
    ck_assert_str_eq(fetch_error_text(FETCH_OK), "");
    ck_assert_str_eq(fetch_error_name(FETCH_NXDOMAIN), "NXDOMAIN");
    ck_assert_str_eq(fetch_error_text(FETCH_NXDOMAIN), "no such name");
    ck_assert_str_eq(fetch_error_name(FETCH_SYSTEM), "SYSTEM");
    for (unsigned i = 1; i < FETCH_ERROR_COUNT; i++) {
        ck_assert_uint_gt(strlen(fetch_error_name((enum fetch_error)i)), 0);
        ck_assert_uint_gt(strlen(fetch_error_text((enum fetch_error)i)), 0);
    }
}
END_TEST

START_TEST(a_new_result_has_nothing)
{
    struct result result;

    memset(&result, 0xa5, sizeof(result));
    result_init(&result);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        ck_assert_int_eq(result.timings[phase], PHASE_NONE);
    ck_assert_int_eq(result.response.remote.sa.sa_family, AF_UNSPEC);
    ck_assert_int_eq(result.error, FETCH_OK);
    ck_assert_int_eq(result.attempts, 0);
    ck_assert_ptr_null(result.target);
    ck_assert_ptr_null(result.response.head);
    ck_assert_str_eq(result_message(&result), "");
    result_fini(&result);
}
END_TEST

START_TEST(a_failure_has_no_status)
{
    struct result result;

    result_init(&result);
    result.response.status = 200;
    result.response.http_major = 1;
    result.response.http_minor = 1;
    result.response.head = strdup("HTTP/1.1 200 OK\n");
    result.response.head_len = strlen(result.response.head);
    result_fail(&result, PHASE_RECEIVE, FETCH_TRUNCATED, NULL);
    ck_assert_int_eq(result.error, FETCH_TRUNCATED);
    ck_assert_int_eq(result.error_phase, PHASE_RECEIVE);
    ck_assert_int_eq(result.response.status, 0);
    ck_assert_int_eq(result.response.http_major, 0);
    ck_assert_int_eq(result.response.http_minor, 0);
    ck_assert_str_eq(result.response.head, "HTTP/1.1 200 OK\n");
    ck_assert_str_eq(
        result_message(&result), fetch_error_text(FETCH_TRUNCATED));
    result_fini(&result);
    ck_assert_ptr_null(result.response.head);
    ck_assert_uint_eq(result.response.head_len, 0);
}
END_TEST

START_TEST(the_last_failure_counts)
{
    struct result result;

    result_init(&result);
    result_fail(&result, PHASE_CONNECT, FETCH_REFUSED, "try %d of %s", 1, "x");
    ck_assert_str_eq(result_message(&result), "try 1 of x");
    result_fail(
        &result, PHASE_TLS, FETCH_SYSTEM, "again: %s", result_message(&result));
    ck_assert_str_eq(result_message(&result), "again: try 1 of x");
    ck_assert_int_eq(result.error_phase, PHASE_TLS);
    result_fail(&result, PHASE_DNS, FETCH_TIMEOUT, NULL);
    ck_assert_str_eq(result_message(&result), "timed out");
    result_fini(&result);
    result_fini(&result); /* as good as new */
}
END_TEST

/* What one try knew is not told of the next one. */
START_TEST(a_try_is_forgotten)
{
    struct result result;

    result_init(&result);
    result.response.status = 503;
    result.attempts = 1;
    result.response.header_bytes = 12;
    result.response.head = strdup("HTTP/1.0 503\n");
    result.response.head_len = strlen(result.response.head);
    result.response.tls = calloc(1, sizeof(*result.response.tls));
    result_fail(&result, PHASE_RECEIVE, FETCH_RESET, "again");
    result_forget(&result);
    ck_assert_ptr_null(result.response.head);
    ck_assert_uint_eq(result.response.head_len, 0);
    ck_assert_uint_eq(result.response.header_bytes, 0);
    ck_assert_ptr_null(result.response.tls);
    ck_assert_int_eq(result.response.status, 0);
    ck_assert_int_eq(result.error, FETCH_OK);
    ck_assert_str_eq(result_message(&result), "");
    ck_assert_int_eq(result.attempts, 1);
    result_fini(&result);
}
END_TEST

START_TEST(a_response_is_saved_and_restored)
{
    struct result result;
    struct response saved = {.status = 429, .head = strdup("HTTP/1.0 429\n")};

    result_init(&result);
    result.response.status = 503;
    result.response.http_major = 1;
    result.response.header_bytes = 20;
    result.response.remote.sa.sa_family = AF_INET;
    result.response.head = strdup("HTTP/1.0 503\n");
    result.response.head_len = strlen(result.response.head);
    result.response.tls = calloc(1, sizeof(*result.response.tls));
    result_save_response(&result, &saved);
    ck_assert_int_eq(result.response.status, 0);
    ck_assert_ptr_null(result.response.head);
    ck_assert_ptr_null(result.response.tls);
    result.response.head = strdup("HTTP/1.0 200\n");
    result.response.head_len = strlen(result.response.head);
    result.response.remote.sa.sa_family = AF_INET6;
    result_fail(&result, PHASE_RECEIVE, FETCH_TIMEOUT, "late");
    result_restore_response(&result, &saved);
    ck_assert_int_eq(result.error, FETCH_OK);
    ck_assert_str_eq(result_message(&result), "");
    ck_assert_int_eq(result.response.status, 503);
    ck_assert_int_eq(result.response.http_major, 1);
    ck_assert_uint_eq(result.response.header_bytes, 20);
    ck_assert_int_eq(result.response.remote.sa.sa_family, AF_INET);
    ck_assert_uint_eq(result.response.head_len, 13);
    ck_assert_int_eq(memcmp(result.response.head, "HTTP/1.0 503\n", 13), 0);
    ck_assert_ptr_nonnull(result.response.tls);
    ck_assert_ptr_null(saved.head);
    result_drop_saved(&saved);
    result_fini(&result);
}
END_TEST

static void set_response(struct result *result, int status, const char *head)
{
    result->response.status = status;
    result->response.head = strdup(head);
    result->response.head_len = strlen(head);
}

/* What fails behind a response takes its status from the target, not from the
 * hop. */
START_TEST(each_hop_keeps_its_response)
{
    static const int64_t took[PHASE_COUNT] = {[PHASE_TOTAL] = 7};
    struct result result;

    result_init(&result);
    ck_assert_int_eq(result_begin_hop(&result, NULL, NULL), 0);
    set_response(&result, 301, "HTTP/1.0 301\n");
    ck_assert_int_eq(result.hops[0].response.status, 0);
    result_end_hop(&result, took);
    ck_assert_int_eq(result_begin_hop(&result, NULL, NULL), 0);
    ck_assert_int_eq(result.response.status, 0);
    ck_assert_ptr_null(result.response.head);
    ck_assert_int_eq(result.hops[0].response.status, 301);
    ck_assert_int_eq(result.hops[0].timings[PHASE_TOTAL], 7);
    set_response(&result, 302, "HTTP/1.0 302 X\n");
    result_end_hop(&result, took);
    ck_assert_ptr_eq(result.hops[1].response.head, result.response.head);
    result_fail(&result, PHASE_RECEIVE, FETCH_REDIRECT_LOOP, NULL);
    ck_assert_int_eq(result.response.status, 0);
    ck_assert_int_eq(result.hops[1].response.status, 302);
    result_drop_head(&result);
    ck_assert_ptr_null(result.response.head);
    ck_assert_ptr_null(result.hops[1].response.head);
    ck_assert_uint_eq(result.hops[1].response.head_len, 0);
    ck_assert_str_eq(result.hops[0].response.head, "HTTP/1.0 301\n");
    result_fini(&result);
}
END_TEST

/* The first that failed, or else the first of all. */
START_TEST(addresses_settle)
{
    for (int failed = 0; failed < 4; failed++) {
        struct result result;
        result_init(&result);
        result.timings[PHASE_DNS] = 1;
        ck_assert_int_eq(result_begin_addresses(&result, 3), 0);
        for (int i = 0; i < 3; i++) {
            result.addresses[i].response.status = 200 + i;
            result.addresses[i].response.head = strdup("HTTP/1.0 200\n");
            result.addresses[i].timings[PHASE_DNS] = 2;
            result.addresses[i].timings[PHASE_WAIT] = i;
            if (i >= failed && failed > 0)
                result_fail(
                    &result.addresses[i], PHASE_WAIT, FETCH_RESET, "%d", i);
        }
        result_settle(&result);
        if (failed == 0 || failed == 3) {
            ck_assert_int_eq(result.response.status, 200);
            ck_assert_ptr_eq(
                result.response.head, result.addresses[0].response.head);
            ck_assert_int_eq(result.error, FETCH_OK);
        } else {
            ck_assert_int_eq(result.response.status, 0);
            ck_assert_int_eq(result.error, FETCH_RESET);
            ck_assert_int_eq(*result_message(&result), '0' + failed);
            ck_assert_int_eq(result.timings[PHASE_WAIT], failed);
        }
        ck_assert_int_eq(result.timings[PHASE_DNS], 1);
        result_fini(&result);
        result_fini(&result); /* as good as new */
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_phase_has_its_name,
        every_error_has_a_name_and_a_text, a_new_result_has_nothing,
        a_failure_has_no_status, the_last_failure_counts, a_try_is_forgotten,
        a_response_is_saved_and_restored, each_hop_keeps_its_response,
        addresses_settle, NULL};

    return run_tests("result", tests);
}
