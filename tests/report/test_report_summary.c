/*
 * summary: the exact table, which rows are seen in which mode, and names
 * that would break it.
 */
#include "output/terminal.h"
#include "report/report.h"

#include "capture.h"
#include "run.h"

#include "async/tls/tls_info.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/shown_time.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct capture capture;
static struct report *report;
static struct run_totals totals;
static struct terminal terminal = {.width = 80};

static void open_summary(enum summary_mode mode)
{
    capture_init(&capture);
    report = report_summary_create(capture.out, mode, &terminal);
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

/* Host first, what failed last, whatever came first. */
START_TEST(the_table)
{
    open_summary(SUMMARY_AUTO);
    add_failed("www.nope.test", FETCH_NXDOMAIN);
    add_good("www.sohu.com");
    totals.wall = 10000500000;
    ck_assert_str_eq(finish(),
        "host           status      dns  connect     send     wait  receive"
        "    total\n"
        "www.sohu.com   301      3.1 ms   8.2 ms   0.0 ms   9.0 ms   0.3 ms"
        "  20.6 ms\n"
        "www.nope.test  NXDOMAIN in dns                                    "
        "   10.0 s\n"
        "\n"
        "2 targets: 1 ok (1 3xx), 1 failed: 1 dns no such name\n"
        "wall 10.0 s, 10.0 s if fetched one by one:"
        " 1.0x faster (at most 256 at once)\n");
    close_summary();
}
END_TEST

/* One by one a run is slower than its targets are together. */
START_TEST(what_was_not_faster)
{
    open_summary(SUMMARY_TOTAL);
    add_good("a.test");
    add_good("b.test");
    totals.wall = totals.sum + 1000000;
    ck_assert_ptr_null(strstr(finish(), "faster"));
    close_summary();
}
END_TEST

/* Of fewer than five targets the table says it all. */
START_TEST(quantiles_from_five_targets_on)
{
    open_summary(SUMMARY_TOTAL);
    for (int i = 0; i < 4; i++)
        add_good("a.test");
    ck_assert_ptr_null(strstr(finish(), "p50"));
    add_good("a.test");
    ck_assert_ptr_nonnull(strstr(finish(),
        "phase        count      p50      p90      p99      max\n"
        "queued           5   0.0 ms   0.0 ms   0.0 ms   0.0 ms\n"
        "dns              5   3.1 ms   3.1 ms   3.1 ms   3.1 ms\n"
        "connect          5   8.2 ms   8.2 ms   8.2 ms   8.2 ms\n"
        "tls              0        -        -        -        -\n"
        "send             5   0.0 ms   0.0 ms   0.0 ms   0.0 ms\n"
        "wait             5   9.0 ms   9.0 ms   9.0 ms   9.0 ms\n"
        "receive          5   0.3 ms   0.3 ms   0.3 ms   0.3 ms\n"
        "total            5  20.6 ms  20.6 ms  20.6 ms  20.6 ms\n"));
    close_summary();
}
END_TEST

static size_t longest_line(void)
{
    size_t longest = 0;

    for (const char *at = capture.text; *at;) {
        size_t len = strcspn(at, "\n");
        if (len > longest)
            longest = len;
        at += len + (at[len] == '\n');
    }
    return longest;
}

/* The window decides which columns there are; names are cut last. */
START_TEST(the_table_fits_its_window)
{
    static const struct {
        unsigned width;
        const char *heading, *failed;
    } windows[] = {
        {40, "host                  status       total\n",
            "x.test                TLS_UNKNOWN_ISSUER\n"},
        {60, "host                             status        wait    total\n",
            "x.test                           TLS_UNKNOWN_ISSUER   10.0 s\n"},
        {200,
            "host                                status   queued      dns"
            "  connect     send     wait  receive    total\n",
            "x.test                              TLS_UNKNOWN_ISSUER in dns"
            "                                      10.0 s\n"},
    };

    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        terminal = (struct terminal){.is_one = true, .width = windows[i].width};
        open_summary(SUMMARY_AUTO);
        add_good("a-name-of-some-length.example.test");
        add_failed("x.test", FETCH_TLS_UNKNOWN_ISSUER);
        finish();
        *strstr(capture.text, "\n\n") = '\0';
        ck_assert_msg(longest_line() <= windows[i].width, "%s", capture.text);
        ck_assert_msg(strstr(capture.text, windows[i].heading) != NULL, "%s",
            capture.text);
        close_summary();
        open_summary(SUMMARY_AUTO);
        add_good("a-name-of-some-length.example.test");
        add_failed("x.test", FETCH_TLS_UNKNOWN_ISSUER);
        ck_assert_msg(
            strstr(finish(), windows[i].failed) != NULL, "%s", capture.text);
        close_summary();
    }
    terminal = (struct terminal){.width = 80};
}
END_TEST

/* Many failures of one cause are one line, at a terminal. */
START_TEST(failures_of_one_cause)
{
    terminal.is_one = true;
    open_summary(SUMMARY_AUTO);
    for (int i = 0; i < 45; i++)
        add_failed("a.test", i < 25 ? FETCH_TIMEOUT : FETCH_REFUSED);
    add_failed("b.test", FETCH_CANCELED);
    add_failed("c.test", FETCH_CANCELED);
    finish();
    ck_assert_ptr_nonnull(
        strstr(capture.text, "a.test    REFUSED in dns       10.0 s\n"
                             "25 targets TIMEOUT: a.test, a.test, a.test, ...\n"
                             "2 targets CANCELED: b.test, c.test\n\n"));
    close_summary();
    terminal.is_one = false;
    open_summary(SUMMARY_AUTO);
    for (int i = 0; i < 45; i++)
        add_failed("a.test", FETCH_CANCELED);
    ck_assert_ptr_null(strstr(finish(), "targets CANCELED"));
    close_summary();
}
END_TEST

START_TEST(times_for_people)
{
    static const struct {
        int64_t ns;
        const char *text;
    } times[] = {
        {-1, "-"},
        {0, "0.0 ms"},
        {20649000, "20.6 ms"},
        {99940000, "99.9 ms"},
        {99960000, "100 ms"},
        {999400000, "999 ms"},
        {999600000, "1.0 s"},
        {1340000000, "1.3 s"},
        {99960000000, "1m40s"},
        {3599400000000, "59m59s"},
        {3599600000000, "1h00m"},
        {10600071800000, "2h57m"},
    };

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        ck_assert_str_eq(shown_time(times[i].ns).text, times[i].text);
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
    ck_assert_int_eq(count_of("  301 "), rows);
    ck_assert_int_eq(count_of("host  "), rows > 0);
    ck_assert_int_eq(count_of("\n\n"), rows > 0);
    ck_assert_int_eq(
        count_of(", 0 failed\n"), targets > 0 && mode != SUMMARY_NONE);
    for (int i = 0; i < rows; i++) {
        char row[32];
        sprintf(row, "\nh%d.test ", i);
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
 * the longest code; what failed still comes last. */
START_TEST(rows_are_streamed)
{
    open_summary(SUMMARY_HOSTS);
    for (int i = 0; i < 50; i++)
        add_good("a.test");
    add_failed("c.test", FETCH_HEADER_TOO_LARGE);
    ck_assert_str_eq(capture_read(&capture), "");
    add_good("b.test");
    capture_read(&capture);
    ck_assert_int_eq(count_of("host    "), 1);
    ck_assert_int_eq(count_of("\na.test    "), 50);
    ck_assert_int_eq(count_of("\nb.test    "), 1);
    for (int i = 0; i < 49; i++)
        add_failed("c.test", FETCH_HEADER_TOO_LARGE);
    ck_assert_str_eq(capture_read(&capture), "");
    add_failed("d.test", FETCH_RESET);
    capture_read(&capture);
    ck_assert_int_eq(count_of("HEADER_TOO_LARGE "), 50);
    ck_assert_int_eq(count_of("d.test"), 0);
    finish();
    ck_assert_int_eq(count_of("RESET"), 1);
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

    terminal.width = 500;
    open_summary(SUMMARY_AUTO);
    add_good(input);
    finish();
    sprintf(row, "\n%s  301 ", shown);
    ck_assert_msg(count_of(row) == 1, "%s", capture.text);
    close_summary();
    terminal.width = 80;
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
    /* What it is escaped to is too long, too. */
    memset(input, '\1', sizeof(input));
    input[255] = '\0';
    for (int i = 0; i < 63; i++)
        memcpy(shown + 4 * i, "\\x01", 4);
    strcpy(shown + 252, "...");
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
        "versus serial, median of 3 rounds: concurrent 120 ms,"
        " serial 349 ms, 2.9x as fast\n"
        "slowest: s\\x1blow.test, finished last,"
        " 118 ms after 2.3 ms in the queue\n"
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
    const TTest *const tests[] = {the_table, what_was_not_faster,
        quantiles_from_five_targets_on, the_table_fits_its_window,
        failures_of_one_cause, times_for_people, rows_by_mode, nothing_at_all,
        rows_are_streamed, insecure, no_code_is_wider_than_the_column,
        names_that_are_odd_or_long, failures_by_code, runs_that_were_cut,
        what_concurrency_bought, versus_serial, nothing_is_said_of_no_time,
        NULL};

    return run_tests("report_summary", tests);
}
