/* progress: the line in windows of several widths, and all that is known. */
#include "report/progress.h"

#include "capture.h"
#include "run.h"

#include "text/width.h"

#include <stdio.h>
#include <string.h>

static struct progress begin(void)
{
    struct progress progress = {
        .done = 120,
        .failed = 4,
        .total = 300,
        .in_flight = 25,
        .rate = 41.3,
        .elapsed = 2900000000,
        .oldest_count = 2,
    };
    progress.oldest[0] =
        (struct progress_target){"www.a.test", 2900000000, PHASE_WAIT};
    progress.oldest[1] =
        (struct progress_target){"b.test", 120000000, PHASE_TOTAL};
    return progress;
}

static const struct {
    unsigned width;
    const char *line;
} lines[] = {
    {200, "120/300 done, 3.3% failed, 25 in flight, 41/s, ETA 4.4 s, oldest "
          "www.a.test 2.9 s"},
    {79, "120/300 done, 3.3% failed, 25 in flight, ETA 4.4 s, oldest "
         "www.a.test 2.9 s"},
    {70, "120/300 done, 3.3% failed, 25 in flight, ETA 4.4 s"},
    {60, "120/300 done, 3.3% failed, 25 in flight, 41/s, ETA 4.4 s"},
    {50, "120/300 done, 3.3% failed, 25 in flight, ETA 4.4 s"},
    {39, "120/300 done, 3.3% failed, ETA 4.4 s"},
    {30, "120/300 done, ETA 4.4 s"},
    {12, "120/300 done"},
    {11, ""},
    {0, ""},
};

START_TEST(fits_any_width)
{
    struct progress progress = begin();
    char text[256];

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t len =
            progress_line(&progress, lines[i].width, text, sizeof text);
        ck_assert_str_eq(text, lines[i].line);
        ck_assert_uint_eq(len, strlen(text));
    }
    strcpy(progress.oldest[0].name, "\xe4\xb8\xad\xe5\x9b\xbd\xe4\xb8\xad\xe5"
                                    "\x9b\xbd\xe4\xb8\xad\xe5\x9b\xbd.test");
    for (unsigned width = 0; width < 120; width++) {
        size_t len = progress_line(&progress, width, text, sizeof text);
        ck_assert_uint_le(width_of(text, len), width);
        ck_assert_uint_le(len, sizeof text - 1);
        ck_assert_uint_eq(len, strlen(text));
    }
    memset(progress.oldest[0].name, 'a', 255);
    for (size_t size = 1; size < 300; size++) {
        char *small = text;
        if (size > sizeof text)
            break;
        ck_assert_uint_lt(progress_line(&progress, 500, small, size), size);
    }
}
END_TEST

/* Of a stream the length is not known, and so no end. */
START_TEST(of_a_stream)
{
    struct progress progress = begin();
    char text[256];

    progress.total = -1;
    progress.failed = 0;
    progress.oldest_count = 0;
    progress_line(&progress, 200, text, sizeof text);
    ck_assert_str_eq(text, "120 done, 25 in flight, 41/s");
    progress = (struct progress){.total = 300};
    progress_line(&progress, 200, text, sizeof text);
    ck_assert_str_eq(text, "0/300 done, 0 in flight");
    progress = (struct progress){.total = 300, .done = 7, .rate = 1e-9};
    progress_line(&progress, 200, text, sizeof text);
    ck_assert_str_eq(text, "7/300 done, 0 in flight, 0.0/s");
    progress = (struct progress){.total = 3, .done = 7, .rate = 0.5};
    progress_line(&progress, 200, text, sizeof text);
    ck_assert_str_eq(text, "7/3 done, 0 in flight, 0.5/s");
}
END_TEST

START_TEST(in_whole)
{
    struct progress progress = begin();
    struct capture capture;

    capture_init(&capture);
    progress_put(capture.out, &progress);
    ck_assert_str_eq(capture_read(&capture),
        "afetch: 120/300 done, 4 failed, 25 in flight, 41/s, ETA 4.4 s, "
        "2.9 s so far\n"
        "  www.a.test: wait, 2.9 s\n"
        "  b.test: -, 120 ms\n");
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {fits_any_width, of_a_stream, in_whole, NULL};
    return run_tests("progress", tests);
}
