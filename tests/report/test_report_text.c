/*
 * text and errors: exact bytes, and that a stranger's line stays one line.
 */
#include "output/terminal.h"
#include "report/report.h"

#include "capture.h"
#include "run.h"

#include "output/buffer.h"
#include "record/result.h"
#include "text/span.h"

#include <stdio.h>
#include <string.h>

static struct capture out, err;
static const struct terminal plain = {.width = 80},
                             window = {.is_one = true, .width = 60};

static void put_bytes(struct report *report, const char *input,
    enum report_kind kind, struct span bytes)
{
    struct result result;
    const struct report_line line = {
        .result = &result, .kind = kind, .bytes = bytes.at, .len = bytes.len};

    result_init(&result);
    result.input = input;
    report->ops->line(report, &line);
}

static void put(struct report *report, const char *input, enum report_kind kind,
    const char *line)
{
    put_bytes(report, input, kind, (struct span){line, strlen(line)});
}

typedef struct report *text_fn(const struct report_text *as);

static struct report *open_text(text_fn *create)
{
    struct report *report;

    capture_init(&out);
    report = create(&(struct report_text){.out = out.out});
    ck_assert_ptr_nonnull(report);
    return report;
}

static void close_text(struct report *report)
{
    report->ops->destroy(report);
    capture_fini(&out);
}

static void check_head(text_fn *create, const char *expected)
{
    struct report *report = open_text(create);

    put(report, "a.test", REPORT_LINE_INTERIM, "HTTP/1.1 103 Early Hints");
    put(report, "a.test", REPORT_LINE_FINAL, "HTTP/1.1 301 Moved");
    put(report, "b.test:8080", REPORT_LINE_FINAL, "Location: /");
    put(report, "a.test", REPORT_LINE_FINAL, " folded");
    put(report, "a.test", REPORT_LINE_FINAL, "");
    ck_assert_str_eq(capture_read(&out), expected);
    close_text(report);
}

START_TEST(lines_where_they_belong)
{
    check_head(report_text_create, "a.test header > HTTP/1.1 301 Moved\n"
                                   "b.test:8080 header > Location: /\n"
                                   "a.test header >  folded\n"
                                   "a.test header > \n");
    check_head(
        report_interim_create, "a.test interim > HTTP/1.1 103 Early Hints\n");
}
END_TEST

static void check_bytes(struct report *report, enum report_kind kind)
{
    for (int c = 0; c < 256; c++) {
        char line[] = {'A', ':', (char)c, 'z'}, input[] = {'h', (char)c, 0};
        put_bytes(report, input, kind, (struct span){line, sizeof line});
        capture_read(&out);
        ck_assert_ptr_eq(
            memchr(out.text, '\n', out.len), out.text + out.len - 1);
        ck_assert_ptr_null(memchr(out.text, '\x1b', out.len));
        ck_assert_ptr_null(memchr(out.text, '\r', out.len));
        ck_assert_ptr_null(memchr(out.text, '\0', out.len));
    }
}

START_TEST(every_byte_stays_in_its_line)
{
    struct report *report = open_text(report_text_create);

    check_bytes(report, REPORT_LINE_FINAL);
    close_text(report);
    report = open_text(report_interim_create);
    check_bytes(report, REPORT_LINE_INTERIM);
    close_text(report);
}
END_TEST

/* Milliseconds, to the microsecond, in front of the line. */
START_TEST(lines_with_their_times)
{
    struct result result;
    const struct report_line line = {.result = &result,
        .at = 12003456,
        .kind = REPORT_LINE_FINAL,
        .bytes = "A: b",
        .len = 4};

    result_init(&result);
    result.input = "h";
    capture_init(&out);
    struct report *report = report_text_create(
        &(struct report_text){.out = out.out, .has_times = true});
    report->ops->line(report, &line);
    ck_assert_str_eq(capture_read(&out), "h header > 12.003 A: b\n");
    report->ops->destroy(report);
    capture_fini(&out);
}
END_TEST

START_TEST(colors)
{
    static const struct {
        const char *line, *shown;
    } lines[] = {
        {"HTTP/1.1 200 OK", "\x1b[32mHTTP/1.1 200 OK\x1b[m"},
        {"HTTP/1.0 301 Moved", "\x1b[34mHTTP/1.0 301 Moved\x1b[m"},
        {"HTTP/1.1 404", "\x1b[33mHTTP/1.1 404\x1b[m"},
        {"HTTP/1.1 503 No", "\x1b[31mHTTP/1.1 503 No\x1b[m"},
        {"HTTP/1.1 99999999999999", "\x1b[31mHTTP/1.1 99999999999999\x1b[m"},
        {"Server: a: b", "\x1b[36mServer\x1b[m: a: b"},
        {" folded", "\x1b[36m\x1b[m folded"},
    };
    struct report *report;
    char line[100];

    capture_init(&out);
    report = report_text_create(
        &(struct report_text){.out = out.out, .has_color = true});
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        put(report, "a.test", REPORT_LINE_FINAL, lines[i].line);
        sprintf(line, "\x1b[1ma.test\x1b[m header > %s\n", lines[i].shown);
        ck_assert_str_eq(capture_read(&out), line);
    }
    close_text(report);
}
END_TEST

/* Takes out what afetch itself may write. */
static size_t strip_colors(char *text, size_t len)
{
    size_t kept = 0;

    for (size_t i = 0; i < len;) {
        size_t size = text[i] != '\x1b' ? 0 : strcspn(text + i, "m") + 1;
        if (size > 0 && size <= 5 && text[i + 1] == '[')
            i += size;
        else
            text[kept++] = text[i++];
    }
    return kept;
}

/* Whatever bytes come, the only escape sequences are afetch's own. */
START_TEST(colors_and_every_byte)
{
    struct report *colored, *not_colored;
    struct capture other;
    int bytes = 0;

    capture_init(&out);
    capture_init(&other);
    colored = report_text_create(
        &(struct report_text){.out = out.out, .has_color = true});
    not_colored = report_text_create(&(struct report_text){.out = other.out});
    for (int c = 0; c < 4 * 256; c++) {
        char line[] = "HTTP/1.1 200 \x1b[31m:\x1b]0;x\x07z\xc2\x9b";
        char input[] = {'h', (char)(c ? c : 1), 0};
        line[(c / 256) * 5 + 3] = (char)c;
        struct span span = {line, sizeof line - 1};
        put_bytes(colored, input, REPORT_LINE_FINAL, span);
        put_bytes(not_colored, input, REPORT_LINE_FINAL, span);
        capture_read(&out);
        capture_read(&other);
        ck_assert_uint_eq(strip_colors(out.text, out.len), other.len);
        ck_assert_mem_eq(out.text, other.text, other.len);
        ck_assert_ptr_null(memchr(out.text, '\x1b', other.len));
        bytes++;
    }
    ck_assert_int_eq(bytes, 1024);
    not_colored->ops->destroy(not_colored);
    capture_fini(&other);
    close_text(colored);
}
END_TEST

START_TEST(a_forged_prefix_is_no_line)
{
    struct report *report = open_text(report_text_create);

    put_bytes(report, "h1", REPORT_LINE_FINAL,
        (struct span){"A: x\0\rh2 header > B: y", 22});
    ck_assert_str_eq(
        capture_read(&out), "h1 header > A: x\\x00\\x0dh2 header > B: y\n");
    close_text(report);
}
END_TEST

static void report_failure(const char *input, enum phase phase,
    enum fetch_error error, const char *message)
{
    struct report *report = report_errors_create(err.out, &plain);
    struct result result;

    ck_assert_ptr_nonnull(report);
    result_init(&result);
    result.input = input;
    if (error != FETCH_OK)
        result_fail(&result, phase, error, message ? "%s" : NULL, message);
    report->ops->result(report, &result);
    result_fini(&result);
    report->ops->destroy(report);
}

static void report_hint(const char *input, const char *hint)
{
    struct report *report = report_errors_create(err.out, &plain);
    struct result result;

    ck_assert_ptr_nonnull(report);
    result_init(&result);
    result.input = input;
    result.hint = hint;
    report->ops->result(report, &result);
    report->ops->destroy(report);
}

START_TEST(a_line_for_a_hint)
{
    capture_init(&err);
    report_hint("a.test", NULL);
    report_hint("b\x1b.test", "try");
    ck_assert_str_eq(capture_read(&err), "b\\x1b.test: hint: try\n");
    capture_fini(&err);
}
END_TEST

START_TEST(a_line_for_each_failure)
{
    capture_init(&err);
    report_failure("www.nope.test", PHASE_DNS, FETCH_NXDOMAIN, NULL);
    report_failure("fine.test", PHASE_DNS, FETCH_OK, NULL);
    report_failure(
        "b\x1b[m", PHASE_INPUT, FETCH_BAD_TARGET, "line 3: bad\n\xc2\x9bport");
    report_failure("\xc3\xbc.test", PHASE_WAIT, FETCH_TIMEOUT, "");
    ck_assert_str_eq(capture_read(&err),
        "www.nope.test: dns: no such name\n"
        "b\\x1b[m: input: line 3: bad\\x0a\\xc2\\x9bport\n"
        "\xc3\xbc.test: wait: \n");
    capture_fini(&err);
}
END_TEST

/* Each address has a line, and the name one for what they differ in. */
START_TEST(lines_for_addresses)
{
    struct report *report;
    struct result result;

    capture_init(&err);
    report = report_errors_create(err.out, &plain);
    ck_assert_ptr_nonnull(report);
    result_init(&result);
    result.input = "a.test";
    result.hint = "there may be more";
    ck_assert_int_eq(result_begin_addresses(&result, 3), 0);
    result.addresses[0].input = "a.test[192.0.2.7]";
    result.addresses[1].input = "a.test[192.0.2.8]";
    result.addresses[2].input = "a.test[192.0.2.9]";
    result_fail(&result.addresses[1], PHASE_CONNECT, FETCH_REFUSED, NULL);
    result.addresses[2].hint = "try";
    result_settle(&result);
    result.difference = strdup("status");
    report->ops->result(report, &result);
    ck_assert_str_eq(capture_read(&err),
        "a.test[192.0.2.8]: connect: connection refused\n"
        "a.test[192.0.2.9]: hint: try\n"
        "a.test: addresses differ: status\n"
        "a.test: hint: there may be more\n");
    result_fini(&result);
    report->ops->destroy(report);
    capture_fini(&err);
}
END_TEST

static void add_failure(struct report *report, int n, enum fetch_error error)
{
    struct result result;
    char name[32];

    result_init(&result);
    sprintf(name, "h%d.test", n);
    result.input = name;
    result_fail(&result, PHASE_CONNECT, error, NULL);
    result.hint = "try";
    report->ops->result(report, &result);
    result_fini(&result);
}

static int count_lines(const char *end)
{
    int count = 0;

    for (const char *at = err.text; (at = strstr(at, end)); at++)
        count++;
    return count;
}

static void check_folded(
    const struct terminal *terminal, int told, const char *last)
{
    capture_init(&err);
    struct report *report = report_errors_create(err.out, terminal);

    ck_assert_ptr_nonnull(report);
    for (int n = 0; n < 25; n++)
        add_failure(report, n, FETCH_REFUSED);
    add_failure(report, 25, FETCH_RESET);
    for (int n = 26; n < 29; n++)
        add_failure(report, n, FETCH_CANCELED);
    capture_read(&err);
    ck_assert_int_eq(count_lines(": connection refused\n"), told);
    ck_assert_int_eq(count_lines(": connection reset by peer\n"), 1);
    ck_assert_int_eq(count_lines(": canceled\n"), terminal->is_one ? 0 : 3);
    ck_assert_int_eq(
        count_lines(": hint: try\n"), told + (terminal->is_one ? 1 : 4));
    report->ops->finish(report, NULL);
    ck_assert_str_eq(capture_read(&err), last);
    report->ops->destroy(report);
    capture_fini(&err);
}

/* At a terminal many of one cause are not a line each. */
START_TEST(many_failures_of_one_cause)
{
    check_folded(&plain, 25, "");
    check_folded(&window, 20,
        "5 more targets REFUSED: h20.test, h21.test, h22.test, ...\n"
        "3 targets CANCELED: h26.test, h27.test, h28.test\n");
    const struct terminal narrow = {.is_one = true, .width = 40};
    check_folded(&narrow, 20,
        "5 more targets REFUSED: h20.test, ...\n"
        "3 targets CANCELED: h26.test, ...\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {colors, colors_and_every_byte,
        lines_where_they_belong, every_byte_stays_in_its_line,
        lines_with_their_times, a_forged_prefix_is_no_line,
        a_line_for_each_failure, a_line_for_a_hint, lines_for_addresses,
        many_failures_of_one_cause, NULL};

    return run_tests("report_text", tests);
}
