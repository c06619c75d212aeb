/*
 * retry by tables: what is tried again, what Retry-After means, back-off.
 */
#include "fetch/retry.h"

#include "async/core/task.h"
#include "async/tls/tls_info.h"
#include "record/result.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

START_TEST(statuses)
{
    struct result result = {.error = FETCH_OK};
    for (result.response.status = 100; result.response.status < 1000;
         result.response.status++)
        ck_assert_int_eq(retry_is_transient(&result),
            result.response.status == 429 || result.response.status == 503 ||
                result.response.status == 522 || result.response.status == 524);
}
END_TEST

START_TEST(errors)
{
    struct result result = {.response.status = 0};
    for (unsigned e = 1; e < FETCH_ERROR_COUNT; e++) {
        result.error = (enum fetch_error)e;
        ck_assert_int_eq(retry_is_transient(&result),
            e == FETCH_SERVFAIL || e == FETCH_DNS_REFUSED ||
                e == FETCH_DNS_UNREACHABLE || e == FETCH_TIMEOUT ||
                e == FETCH_REFUSED || e == FETCH_UNREACHABLE ||
                e == FETCH_RESET || e == FETCH_EMPTY_REPLY ||
                e == FETCH_PROXY_FAILED);
    }
}
END_TEST

START_TEST(handshakes)
{
    struct tls_info tls = {.closed = true};
    struct result result = {.error = FETCH_TLS_HANDSHAKE, .response.tls = &tls};
    ck_assert(retry_is_transient(&result));
    result.error = FETCH_TLS_ALERT;
    ck_assert(!retry_is_transient(&result));
    tls.closed = false;
    result.error = FETCH_TLS_HANDSHAKE;
    ck_assert(!retry_is_transient(&result));
}
END_TEST

/* Now is Sun, 06 Nov 1994 08:49:37 GMT. */
static const time_t now = 784111777;

static const struct {
    const char *value;
    int64_t seconds; /* -1: says nothing */
} asked[] = {
    {"0", 0},
    {"120", 120},
    {"007", 7},
    {"99999999999999999999999", 999999999},
    {"Sun, 06 Nov 1994 08:49:40 GMT", 3},
    {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
    {"Sun, 06 Nov 1994 08:49:36 GMT", 0},
    {"Sunday, 06-Nov-94 08:50:37 GMT", 60},
    {"Sun Nov  6 09:49:37 1994", 3600},
    {"Fri, 31 Dec 9999 23:59:59 GMT", 100000000},
    {"", -1},
    {"-1", -1},
    {"1.5", -1},
    {"1 s", -1},
    {"soon", -1},
    {"Sun, 06 Nov 1994 08:49:40 CET", -1},
    {"Sun, 06 Nov 1994 08:49:40 GMT and more", -1},
    {"Sun, 32 Nov 1994 08:49:40 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:40 GMT, or as soon as somebody has the time", -1},
};

START_TEST(retry_after)
{
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char head[200];
        int len = snprintf(head, sizeof head,
            "HTTP/1.1 503 X\nA: b\nretry-AFTER: %s\n", asked[i].value);
        struct result result = {
            .response = {.head = head, .head_len = (size_t)len}};
        int64_t ns = retry_asked(&result, now);
        if (asked[i].seconds < 0)
            ck_assert_msg(ns < 0, "%s", asked[i].value);
        else
            ck_assert_msg(ns == asked[i].seconds * SECOND, "%s: %lld",
                asked[i].value, (long long)ns);
        result.error = FETCH_RESET;
        ck_assert_int_lt(retry_asked(&result, now), 0);
    }
    ck_assert_int_lt(
        retry_asked(&(struct result){.response.status = 503}, now), 0);
}
END_TEST

static int64_t seconds_asked(const char *value, time_t at)
{
    char head[200];
    int len =
        snprintf(head, sizeof head, "HTTP/1.1 503 X\nRetry-After: %s\n", value);
    struct result result = {
        .response = {.head = head, .head_len = (size_t)len}};
    return retry_asked(&result, at) / SECOND;
}

/* RFC 9110 section 5.6.7: more than 50 years ahead is the past. */
START_TEST(years_of_two_digits)
{
    static const struct {
        time_t now;
        const char *value;
        int64_t seconds;
    } cases[] = {
        {784111777, "Sunday, 06-Nov-94 08:49:38 GMT", 1},
        {784111777, "Sunday, 06-Nov-44 08:49:37 GMT", 100000000},
        {784111777, "Sunday, 06-Nov-44 08:49:38 GMT", 0},
        {784111777, "Sunday, 06-Nov-93 08:49:38 GMT", 0},
        {784111777, "Saturday, 01-Jan-00 00:00:00 GMT", 100000000},
        {946684799, "Saturday, 01-Jan-00 00:00:00 GMT", 1},
        {946684799, "Friday, 31-Dec-99 23:59:59 GMT", 0},
        /* 2026-12-01 00:00:00 */
        {1796083200, "Tuesday, 01-Dec-26 00:01:00 GMT", 60},
        {1796083200, "Thursday, 01-Jan-70 00:00:00 GMT", 100000000},
        {1796083200, "Tuesday, 01-Dec-76 00:00:00 GMT", 100000000},
        {1796083200, "Tuesday, 01-Dec-76 00:00:01 GMT", 0},
        {1796083200, "Sunday, 06-Nov-94 08:49:37 GMT", 0},
        /* 2051-06-01: the century of "now" is that of neither */
        {2569190400, "Monday, 01-Jan-01 00:00:00 GMT", 100000000},
        {2569190400, "Thursday, 01-Jun-51 00:00:10 GMT", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(
            seconds_asked(cases[i].value, cases[i].now) == cases[i].seconds,
            "%zu: %s: %lld", i, cases[i].value,
            (long long)seconds_asked(cases[i].value, cases[i].now));
}
END_TEST

START_TEST(backoff)
{
    int64_t most = SECOND / 4;
    for (int tries = 1; tries < 100; tries++) {
        ck_assert_int_eq(retry_backoff(tries, 0), most);
        for (uint64_t random = 1; random < UINT64_MAX / 3; random *= 3) {
            int64_t pause = retry_backoff(tries, random);
            ck_assert_int_gt(pause, most / 2);
            ck_assert_int_le(pause, most);
        }
        most = 2 * most < 60 * SECOND ? 2 * most : 60 * SECOND;
    }
}
END_TEST

START_TEST(pauses)
{
    char head[] = "HTTP/1.1 503 X\nRetry-After: 2\n";
    struct result result = {.attempts = 1, .error = FETCH_RESET};
    ck_assert_int_lt(retry_pause(&result, 0, now, 1), 0);
    ck_assert_int_gt(retry_pause(&result, 1, now, 1), SECOND / 8);
    ck_assert_int_le(retry_pause(&result, 1, now, 1), SECOND / 4);
    result.attempts = 2;
    ck_assert_int_lt(retry_pause(&result, 1, now, 1), 0);
    ck_assert_int_gt(retry_pause(&result, 2, now, 1), SECOND / 4);
    result.error = FETCH_NOT_HTTP;
    ck_assert_int_lt(retry_pause(&result, 9, now, 1), 0);
    result = (struct result){.attempts = 1,
        .response = {.status = 503, .head = head, .head_len = strlen(head)}};
    ck_assert_int_eq(retry_pause(&result, 1, now, 1), 2 * SECOND);
    result.attempts = 7;
    ck_assert_int_gt(retry_pause(&result, 7, now, 1), 8 * SECOND);
}
END_TEST

/* A server that has no time for us yet is not asked at once again. */
START_TEST(no_pause_is_shorter_than_the_backoff)
{
    static const char *const values[] = {"0", "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT", "soon"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char head[100];
        int len = snprintf(
            head, sizeof head, "HTTP/1.1 503 X\nRetry-After: %s\n", values[i]);
        struct result result = {.attempts = 1,
            .response = {.status = 503, .head = head, .head_len = (size_t)len}};
        ck_assert_int_gt(retry_pause(&result, 9, now, 1), SECOND / 8);
        ck_assert_int_le(retry_pause(&result, 9, now, 1), SECOND / 4);
    }
}
END_TEST

/* --- the pause itself --- */

/* After this try; in `max_time` ns at most. */
static bool await_next(
    struct result *result, unsigned retries, int64_t max_time)
{
    struct wait_for scope;
    wait_for_enter(&scope, max_time);
    bool again = retry_await(result, PHASE_WAIT, retries, &scope);
    ck_assert_int_eq(wait_for_leave(&scope, 0), 0);
    return again;
}

static int await_pauses(void *arg)
{
    struct result result;
    (void)arg;
    result_init(&result);
    result.attempts = 1;
    result_fail(&result, PHASE_CONNECT, FETCH_REFUSED, NULL);
    int64_t began = loop_time();
    ck_assert(!await_next(&result, 0, WAIT_FOREVER));
    ck_assert(!await_next(&result, 1, SECOND / 10));
    ck_assert_int_lt(loop_time() - began, SECOND / 10);
    ck_assert(await_next(&result, 1, WAIT_FOREVER));
    ck_assert_int_ge(loop_time() - began, SECOND / 8);
    ck_assert_int_eq(result.error, FETCH_REFUSED);
    task_cancel(task_current());
    ck_assert(!await_next(&result, 1, WAIT_FOREVER));
    ck_assert_int_eq(result.error, FETCH_CANCELED);
    ck_assert_int_eq(result.error_phase, PHASE_WAIT);
    result_fini(&result);
    return 0;
}

START_TEST(a_pause_is_awaited)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, await_pauses, NULL), 0);
    loop_destroy(loop);
}
END_TEST

int main(void)
{
    return run_tests("retry",
        (const TTest *const[]){statuses, errors, handshakes, retry_after,
            years_of_two_digits, backoff, pauses,
            no_pause_is_shorter_than_the_backoff, a_pause_is_awaited, NULL});
}
