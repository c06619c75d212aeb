/*
 * summary: the exact table, which rows are seen in which mode, and names
 * that would break it.
 */
#include "report/report.h"

#include "capture.h"
#include "run.h"

#include "async/tls/tls_info.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct capture capture;
static struct report *report;
static struct run_totals totals;

static void open_summary(enum summary_mode mode)
{
    capture_init(&capture);
    report = report_summary_create(capture.out, mode);
    ck_assert_ptr_nonnull(report);
    totals_init(&totals);
    totals.concurrency = 256;
}

static void close_summary(void)
{
    report->ops->destroy(report);
    capture_fini(&capture);
}

static void add(const struct result *result)
{
    totals_add(&totals, result);
    report->ops->result(report, result);
}

static void add_good(const char *input)
{
    static const int64_t timings[PHASE_COUNT] = {
        -1, 0, 3100000, 8200000, -1, 49000, 9000000, 300000, 20649000};
    struct result result;

    result_init(&result);
    result.input = input;
    result.response.status = 301;
    memcpy(result.timings, timings, sizeof(timings));
    add(&result);
    result_fini(&result);
}

static void add_failed(const char *input, enum fetch_error error)
{
    struct result result;

    result_init(&result);
    result.input = input;
    result.timings[PHASE_QUEUED] = 0;
    result.timings[PHASE_TOTAL] = 10000400000;
    result_fail(&result, PHASE_DNS, error, NULL);
    add(&result);
    result_fini(&result);
}

static const char *finish(void)
{
    report->ops->finish(report, &totals);
    return capture_read(&capture);
}

START_TEST(the_table)
{
    open_summary(SUMMARY_AUTO);
    add_good("www.sohu.com");
    add_failed("www.nope.test", FETCH_NXDOMAIN);
    totals.wall = 10000500000;
    ck_assert_str_eq(finish(),
        "  queued     dns connect     tls    send    wait receive   total"
        "  status    host\n"
        "     0.0     3.1     8.2       -     0.0     9.0     0.3    20.6"
        "  301       www.sohu.com\n"
        "     0.0       -       -       -       -       -       - 10000.4"
        "  NXDOMAIN  www.nope.test\n"
        "\n"
        "2 targets: 1 ok (1 3xx), 1 failed: 1 dns no such name\n"
        "wall 10000.5 ms, 10021.0 ms if fetched one by one:"
        " 1.0x faster (at most 256 at once)\n"
        "phase (ms)   count     p50     p90     p99     max\n"
        "queued           2     0.0     0.0     0.0     0.0\n"
        "dns              1     3.1     3.1     3.1     3.1\n"
        "connect          1     8.2     8.2     8.2     8.2\n"
        "tls              0       -       -       -       -\n"
        "send             1     0.0     0.0     0.0     0.0\n"
        "wait             1     9.0     9.0     9.0     9.0\n"
        "receive          1     0.3     0.3     0.3     0.3\n"
        "total            2    20.6 10000.4 10000.4 10000.4\n");
    close_summary();
}
END_TEST

START_TEST(nothing_is_said_of_no_time)
{
    open_summary(SUMMARY_TOTAL);
    add_failed("a..b", FETCH_BAD_TARGET);
    totals.wall = 2000000;
    totals.sum = 0;
    ck_assert_ptr_nonnull(strstr(finish(), "\nwall 2.0 ms\n"));
    close_summary();
}
END_TEST

static int count_of(const char *what)
{
    int count = 0;

    for (const char *at = capture.text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

static void check_rows(enum summary_mode mode, int targets, int rows)
{
    open_summary(mode);
    for (int i = 0; i < targets; i++) {
        char input[32];
        sprintf(input, "h%d.test", i);
        add_good(input);
    }
    finish();
    ck_assert_int_eq(count_of("  301"), rows);
    ck_assert_int_eq(count_of("  host\n"), rows > 0);
    ck_assert_int_eq(count_of("\n\n"), rows > 0);
    ck_assert_int_eq(
        count_of(", 0 failed\n"), targets > 0 && mode != SUMMARY_NONE);
    for (int i = 0; i < rows; i++) {
        char row[32];
        sprintf(row, "  h%d.test\n", i);
        ck_assert_int_eq(count_of(row), 1);
    }
    close_summary();
}

START_TEST(rows_by_mode)
{
    check_rows(SUMMARY_AUTO, 1, 1);
    check_rows(SUMMARY_AUTO, 50, 50);
    check_rows(SUMMARY_AUTO, 51, 0);
    check_rows(SUMMARY_AUTO, 120, 0);
    check_rows(SUMMARY_HOSTS, 1, 1);
    check_rows(SUMMARY_HOSTS, 50, 50);
    check_rows(SUMMARY_HOSTS, 51, 51);
    check_rows(SUMMARY_HOSTS, 120, 120);
    check_rows(SUMMARY_TOTAL, 3, 0);
    check_rows(SUMMARY_TOTAL, 120, 0);
}
END_TEST

START_TEST(nothing_at_all)
{
    for (int mode = SUMMARY_AUTO; mode <= SUMMARY_HOSTS; mode++) {
        open_summary((enum summary_mode)mode);
        ck_assert_str_eq(finish(), "");
        close_summary();
    }
    open_summary(SUMMARY_NONE);
    for (int i = 0; i < 60; i++)
        add_good("a.test");
    ck_assert_str_eq(finish(), "");
    close_summary();
}
END_TEST

/* Past the kept ones, rows are written as they come, in columns that fit
 * the longest code. */
START_TEST(rows_are_streamed)
{
    open_summary(SUMMARY_HOSTS);
    for (int i = 0; i < 50; i++)
        add_good("a.test");
    ck_assert_str_eq(capture_read(&capture), "");
    add_good("b.test");
    capture_read(&capture);
    ck_assert_int_eq(count_of("  status              host\n"), 1);
    ck_assert_int_eq(count_of("  301                 a.test\n"), 50);
    ck_assert_int_eq(count_of("  301                 b.test\n"), 1);
    add_failed("c.test", FETCH_HEADER_TOO_LARGE);
    ck_assert_str_eq(capture_read(&capture),
        "     0.0       -       -       -       -       -       - 10000.4"
        "  HEADER_TOO_LARGE    c.test\n");
    close_summary();
}
END_TEST

/* -k is said aloud, also when all certificates were good. */
START_TEST(insecure)
{
    static const int64_t timings[PHASE_COUNT];
    struct result result;

    open_summary(SUMMARY_TOTAL);
    totals.insecure = true;
    ck_assert_ptr_null(strstr(capture_read(&capture), "INSECURE"));
    result_init(&result);
    result.input = "a.test";
    result.response.status = 200;
    result.response.tls = calloc(1, sizeof(*result.response.tls));
    add(&result);
    result.response.tls->verified = true;
    add(&result);
    /* At a hop that is not the last one. */
    response_fini(&result.response);
    ck_assert_int_eq(result_begin_hop(&result, NULL, NULL), 0);
    result.response.tls = calloc(1, sizeof(*result.response.tls));
    result_end_hop(&result, timings);
    ck_assert_int_eq(result_begin_hop(&result, NULL, NULL), 0);
    ck_assert_ptr_null(result.response.tls);
    result.response.status = 200;
    add(&result);
    result_fini(&result);
    ck_assert_ptr_nonnull(strstr(finish(),
        "3 targets: 3 ok (3 2xx), 0 failed\n"
        "INSECURE (-k): 2 targets had an unverified certificate\n"));
    close_summary();
}
END_TEST

START_TEST(no_code_is_wider_than_the_column)
{
    for (unsigned error = 1; error < FETCH_ERROR_COUNT; error++)
        ck_assert_uint_le(strlen(fetch_error_name((enum fetch_error)error)),
            strlen("TLS_UNKNOWN_ISSUER"));
}
END_TEST

static void check_name(const char *input, const char *shown)
{
    char row[1200];

    open_summary(SUMMARY_AUTO);
    add_good(input);
    finish();
    sprintf(row, "20.6  301     %s\n", shown);
    ck_assert_int_eq(count_of(row), 1);
    close_summary();
}

START_TEST(names_that_are_odd_or_long)
{
    char input[400], shown[400];

    check_name("b\xc3\xbc"
               "cher.test",
        "b\xc3\xbc"
        "cher.test");
    check_name("a\x1b[31m\nb\xc2\x9b", "a\\x1b[31m\\x0ab\\xc2\\x9b");
    memset(input, 'a', sizeof(input));
    memset(shown, 'a', sizeof(shown));
    input[255] = shown[255] = '\0';
    check_name(input, shown);
    input[255] = 'a';
    input[256] = '\0';
    strcpy(shown + 252, "...");
    check_name(input, shown);
    memcpy(input + 250, "\xe4\xb8\xad", 3); /* 252 is inside */
    strcpy(shown + 250, "...");
    check_name(input, shown);
}
END_TEST

START_TEST(failures_by_code)
{
    open_summary(SUMMARY_TOTAL);
    add_failed("a", FETCH_TIMEOUT);
    add_failed("b", FETCH_NXDOMAIN);
    add_failed("c", FETCH_TIMEOUT);
    finish();
    ck_assert_int_eq(
        count_of("3 targets: 0 ok, 3 failed: 2 timeout, 1 dns no such name\n"),
        1);
    close_summary();
}
END_TEST

static void check_cut(int ended_by, uint64_t not_begun, const char *line)
{
    open_summary(SUMMARY_TOTAL);
    add_good("a.test");
    totals.signal = ended_by;
    totals.not_begun = not_begun;
    finish();
    ck_assert_int_eq(strncmp(capture.text, line, strlen(line)), 0);
    close_summary();
}

START_TEST(runs_that_were_cut)
{
    check_cut(0, 0, "1 target: 1 ok (1 3xx), 0 failed\nwall");
    check_cut(
        0, 2, "1 target: 1 ok (1 3xx), 0 failed\n2 targets not begun\nwall");
    check_cut(SIGTERM, 1,
        "1 target: 1 ok (1 3xx), 0 failed\n"
        "ended by SIGTERM: 1 target not begun\nwall");
    check_cut(
        SIGINT, 0, "1 target: 1 ok (1 3xx), 0 failed\nended by SIGINT\nwall");
}
END_TEST

/* Of one target, or of a pace that was given, it bought nothing. */
START_TEST(what_concurrency_bought)
{
    open_summary(SUMMARY_TOTAL);
    add_good("a.test");
    ck_assert_ptr_null(strstr(finish(), "faster"));
    add_good("b.test");
    ck_assert_ptr_nonnull(strstr(finish(), "faster"));
    totals.paced = true;
    ck_assert_ptr_null(strstr(finish(), "faster"));
    ck_assert_ptr_nonnull(strstr(finish(), "(at most 256 at once)"));
    close_summary();
}
END_TEST

START_TEST(versus_serial)
{
    static const char expected[] =
        "versus serial, median of 3 rounds: concurrent 120.3 ms,"
        " serial 348.9 ms, 2.9x as fast\n"
        "slowest: s\\x1blow.test, finished last,"
        " 118.0 ms after 2.3 ms in the queue\n"
        "queueing overhead: 2.3 ms (wall time minus the slowest target)\n";

    open_summary(SUMMARY_TOTAL);
    add_good("a.test");
    totals.versus = (struct versus_totals){3, 120300000, 348870000,
        "s\x1blow.test", 118000000, 2300000, 2300000, false};
    finish();
    ck_assert_int_eq(count_of(expected), 1);
    ck_assert_str_eq(capture.text + capture.len - strlen(expected), expected);
    totals.versus.rounds = 1;
    finish();
    ck_assert_int_eq(count_of("median of 1 round: "), 1);
    close_summary();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_table, rows_by_mode, nothing_at_all,
        rows_are_streamed, insecure, no_code_is_wider_than_the_column,
        names_that_are_odd_or_long, failures_by_code, runs_that_were_cut,
        what_concurrency_bought, versus_serial, nothing_is_said_of_no_time,
        NULL};

    return run_tests("report_summary", tests);
}
