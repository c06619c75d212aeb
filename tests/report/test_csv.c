/*
 * csv and tsv: exact bytes, and that a row stays a row whatever is in it.
 */
#include "report/report.h"

#include "capture.h"
#include "run.h"

#include "output/buffer.h"
#include "record/result.h"

#include <arpa/inet.h>
#include <string.h>

static struct capture capture;

typedef struct report *create_fn(struct output *out, const char *list);

static void check(
    create_fn *create, const struct result *result, const char *expected)
{
    struct report *report;

    capture_init(&capture);
    report = create(capture.out, NULL);
    ck_assert_ptr_nonnull(report);
    if (result)
        report->ops->result(report, result);
    else
        report->ops->begin(report);
    ck_assert_str_eq(capture_read(&capture), expected);
    report->ops->destroy(report);
    capture_fini(&capture);
}

START_TEST(headings)
{
    check(report_csv_create, NULL,
        "input,status,error,remote_ip,http_version,hops,time.total\r\n");
    check(report_tsv_create, NULL,
        "input\tstatus\terror\tremote_ip\thttp_version\thops\ttime.total\n");
}
END_TEST

static void begin(struct result *result, const char *input)
{
    result_init(result);
    result->input = input;
}

START_TEST(a_row_for_a_response)
{
    struct result result;

    begin(&result, "a.test");
    result.response.status = 301;
    result.response.http_major = result.response.http_minor = 1;
    result.attempts = 1;
    result.timings[PHASE_TOTAL] = 12020604567;
    result.response.remote.in.sin_family = AF_INET;
    inet_pton(AF_INET, "192.0.2.7", &result.response.remote.in.sin_addr);
    check(report_csv_create, &result,
        "a.test,301,,192.0.2.7,1.1,1,12.020605\r\n");
    result.response.remote.in6.sin6_family = AF_INET6;
    inet_pton(AF_INET6, "2001:db8::7", &result.response.remote.in6.sin6_addr);
    result.hop_count = 3;
    result.timings[PHASE_TOTAL] = 999;
    check(report_tsv_create, &result,
        "a.test\t301\t\t2001:db8::7\t1.1\t3\t0.000001\n");
}
END_TEST

START_TEST(a_row_for_a_failure)
{
    struct result result;

    begin(&result, "a.test");
    result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, "no, \"no\"");
    check(report_csv_create, &result, "a.test,,BAD_TARGET,,,0,\r\n");
    check(report_tsv_create, &result, "a.test\t\tBAD_TARGET\t\t\t0\t\n");
    result_fini(&result);
}
END_TEST

START_TEST(cells_that_would_end)
{
    static const struct {
        const char *input, *csv, *tsv;
    } rows[] = {
        {"", ",,,,,0,\r\n", "\t\t\t\t\t0\t\n"},
        {"a,b", "\"a,b\",,,,,0,\r\n", "a,b\t\t\t\t\t0\t\n"},
        {"\"a\"\"", "\"\"\"a\"\"\"\"\",,,,,0,\r\n", "\"a\"\"\t\t\t\t\t0\t\n"},
        {"\"", "\"\"\"\",,,,,0,\r\n", "\"\t\t\t\t\t0\t\n"},
        {"a\r\nb", "\"a\r\nb\",,,,,0,\r\n", "a\\r\\nb\t\t\t\t\t0\t\n"},
        {"a\tb\\", "a\tb\\,,,,,0,\r\n", "a\\tb\\\\\t\t\t\t\t0\t\n"},
        {"\\t", "\\t,,,,,0,\r\n", "\\\\t\t\t\t\t\t0\t\n"},
        {"=1+2", "=1+2,,,,,0,\r\n", "=1+2\t\t\t\t\t0\t\n"},
        {" a\xff ", " a\xff ,,,,,0,\r\n", " a\xff \t\t\t\t\t0\t\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result;
        begin(&result, rows[i].input);
        check(report_csv_create, &result, rows[i].csv);
        check(report_tsv_create, &result, rows[i].tsv);
    }
}
END_TEST

/* NUL bytes of a bad target are bytes as others. */
START_TEST(every_byte)
{
    char input[256];
    struct result result;
    struct report *report;

    for (int c = 0; c < 256; c++)
        input[c] = (char)c;
    begin(&result, input);
    result.input_size = sizeof input;
    capture_init(&capture);
    report = report_tsv_create(capture.out, NULL);
    report->ops->result(report, &result);
    capture_read(&capture);
    ck_assert_uint_eq(
        capture.len, sizeof input + 4 + strlen("\t\t\t\t\t0\t\n"));
    ck_assert_ptr_eq(memchr(capture.text, '\n', capture.len),
        capture.text + capture.len - 1);
    ck_assert_ptr_null(memchr(capture.text, '\r', capture.len));
    ck_assert_ptr_eq(memchr(capture.text, '\t', capture.len),
        capture.text + sizeof input + 4);
    report->ops->destroy(report);
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    return run_tests("csv",
        (const TTest *const[]){headings, a_row_for_a_response,
            a_row_for_a_failure, cells_that_would_end, every_byte, NULL});
}
