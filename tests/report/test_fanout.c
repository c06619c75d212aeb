/*
 * fanout: each report is told of each event that it wants, in order, however
 * many there are, and whatever became of the others.
 */
#include "report/fanout.h"

#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { REPORTS = 9, SAID_MAX = 400 };

static char said[SAID_MAX]; /* events, each an initial and a number */

struct listener {
    struct report base;
    char number;
    int error; /* that finish gives */
};

static void say(const struct report *report, char event)
{
    size_t len = strlen(said);

    ck_assert_uint_lt(len + 2, sizeof said);
    said[len] = event;
    said[len + 1] = ((const struct listener *)report)->number;
}

static void hear_begin(struct report *report)
{
    say(report, 'b');
}

static void hear_line(struct report *report, const struct report_line *line)
{
    ck_assert_str_eq(line->bytes, "a line");
    say(report, 'l');
}

static void hear_result(struct report *report, const struct result *result)
{
    (void)result;
    say(report, 'r');
}

static void hear_tick(struct report *report, int64_t now)
{
    ck_assert_int_eq(now, 7);
    say(report, 't');
}

static int hear_finish(struct report *report, const struct run_totals *totals)
{
    (void)totals;
    say(report, 'f');
    return ((struct listener *)report)->error;
}

static void hear_destroy(struct report *report)
{
    say(report, 'd');
    free(report);
}

static const struct report_ops all_ops = {.begin = hear_begin,
    .line = hear_line,
    .result = hear_result,
    .tick = hear_tick,
    .finish = hear_finish,
    .destroy = hear_destroy};
static const struct report_ops no_ops = {.destroy = hear_destroy};

static void add(struct fanout *fanout, char number,
    const struct report_ops *ops, unsigned wants)
{
    struct listener *listener = calloc(1, sizeof *listener);

    ck_assert_ptr_nonnull(listener);
    listener->base.ops = ops;
    listener->number = number;
    listener->error = number == '2' ? -EIO : number == '3' ? -ENOSPC : 0;
    ck_assert_int_eq(fanout_add(fanout, &listener->base, wants), 0);
}

/* All that can happen; what finish gave. */
static int happen(struct fanout *fanout)
{
    struct report *report = &fanout->report;
    struct report_line line = {.bytes = "a line"};
    int error;

    *said = '\0';
    memset(said, 0, sizeof said);
    report->ops->begin(report);
    report->ops->line(report, &line);
    report->ops->result(report, NULL);
    report->ops->tick(report, 7);
    error = report->ops->finish(report, NULL);
    report->ops->destroy(report);
    return error;
}

START_TEST(each_hears_what_it_wants)
{
    struct fanout fanout;

    fanout_init(&fanout);
    ck_assert_uint_eq(fanout.report.wants, 0);
    add(&fanout, '0', &all_ops, REPORT_WANTS_LINES | REPORT_WANTS_TLS);
    add(&fanout, '1', &all_ops, REPORT_WANTS_TICKS);
    add(&fanout, '4', &no_ops, 0);
    ck_assert_uint_eq(fanout.report.wants,
        REPORT_WANTS_LINES | REPORT_WANTS_TLS | REPORT_WANTS_TICKS);
    ck_assert_int_eq(happen(&fanout), 0);
    ck_assert_str_eq(said, "b0b1l0r0r1t1f0f1d0d1d4");
}
END_TEST

START_TEST(any_number_of_reports)
{
    struct fanout fanout;

    fanout_init(&fanout);
    ck_assert_int_eq(happen(&fanout), 0);
    ck_assert_str_eq(said, "");
    for (int i = 0; i < REPORTS; i++)
        add(&fanout, (char)('a' + i), &all_ops, REPORT_WANTS_LINES);
    ck_assert_int_eq(happen(&fanout), 0);
    ck_assert_str_eq(said, "babbbcbdbebfbgbhbilalblcldlelflglhli"
                           "rarbrcrdrerfrgrhrifafbfcfdfefffgfhfi"
                           "dadbdcdddedfdgdhdi");
}
END_TEST

START_TEST(one_that_fails_stops_no_other)
{
    struct fanout fanout;
    struct report *report = &fanout.report;

    fanout_init(&fanout);
    memset(said, 0, sizeof said);
    for (char number = '1'; number < '5'; number++)
        add(&fanout, number, &all_ops, 0);
    ck_assert_int_eq(report->ops->finish(report, NULL), -EIO);
    ck_assert_str_eq(said, "f1f2f3f4");
    ck_assert_int_eq(fanout_error(&fanout, 0), 0);
    ck_assert_int_eq(fanout_error(&fanout, 1), -EIO);
    ck_assert_int_eq(fanout_error(&fanout, 2), -ENOSPC);
    ck_assert_int_eq(fanout_error(&fanout, 3), 0);
    fanout_fini(&fanout);
}
END_TEST

/* A fan-out is a report, too. */
START_TEST(fanouts_nest)
{
    struct fanout *inner = calloc(1, sizeof *inner), outer;

    ck_assert_ptr_nonnull(inner);
    fanout_init(inner);
    add(inner, '0', &all_ops, REPORT_WANTS_LINES);
    fanout_init(&outer);
    ck_assert_int_eq(
        fanout_add(&outer, &inner->report, inner->report.wants), 0);
    add(&outer, '1', &all_ops, 0);
    ck_assert_int_eq(happen(&outer), 0);
    ck_assert_str_eq(said, "b0b1l0r0r1f0f1d0d1");
    free(inner);
}
END_TEST

START_TEST(without_memory)
{
    struct fanout fanout;

    fanout_init(&fanout);
    ck_assert_int_eq(fanout_add(&fanout, NULL, 0), -ENOMEM);
    ck_assert_uint_eq(fanout.count, 0);
    fanout_fini(&fanout);
}
END_TEST

int main(void)
{
    return run_tests("fanout",
        (const TTest *const[]){each_hears_what_it_wants, any_number_of_reports,
            one_that_fails_stops_no_other, fanouts_nest, without_memory, NULL});
}
