/*
 * versus: a signal that comes when no loop runs.
 */
#include "crawl/versus.h"

#include "run.h"

#include "async/core/signals.h"
#include "async/dns/resolve.h"
#include "async/tls/tls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUNDS = 3, TARGETS = 2 };

int __real_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config);
int __wrap_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config);

static int runs, signal_at; /* the run that a signal precedes */

int __wrap_resolver_create(struct resolver **out, struct loop *loop,
    const struct resolver_config *config)
{
    if (++runs == signal_at)
        raise(SIGINT);
    return __real_resolver_create(out, loop, config);
}

static int reported, begun;

static void count_begin(struct report *report)
{
    (void)report;
    begun++;
}

static void count_result(struct report *report, const struct result *result)
{
    (void)report, (void)result;
    reported++;
}

/* Targets that are bad, so that nothing is connected to. */
static void compare(int at, struct run_totals *totals, int expected)
{
    static const struct report_ops ops = {
        .begin = count_begin, .result = count_result};
    const char *const targets[TARGETS] = {"a..b", "c..d"};
    struct list_sources sources = {targets, TARGETS, NULL, 0, {0}, false};
    struct tls_config tls_config = {0};
    struct report report = {.ops = &ops};
    struct output *outputs[] = {output_create(STDOUT_FILENO)};
    struct run all = {
        .crawl = {.report = &report, .totals = totals, .concurrency = 2},
        .outputs = {outputs, 1},
    };
    const char *what, *failed;
    signal_at = at;
    totals_init(totals);
    ck_assert_int_eq(list_open(&all.crawl.list, &sources, &failed), 0);
    list_keep(all.crawl.list);
    ck_assert_int_eq(tls_create(&all.crawl.fetch.connect.tls, &tls_config), 0);
    ck_assert_int_eq(signals_catch(), 0);
    ck_assert_int_eq(versus(&all, ROUNDS, &what), expected);
    ck_assert_ptr_null(what);
    ck_assert_int_eq(signals_caught(), at ? SIGINT : 0);
    signals_release();
    tls_destroy(all.crawl.fetch.connect.tls);
    list_close(all.crawl.list);
    output_destroy(outputs[0]);
}

START_TEST(without_signals)
{
    struct run_totals totals;
    compare(0, &totals, 0);
    ck_assert_int_eq(runs, 2 * ROUNDS);
    ck_assert_int_eq(begun, 1);
    ck_assert_int_eq(reported, TARGETS);
    ck_assert_int_eq(totals.versus.rounds, ROUNDS);
}
END_TEST

START_TEST(signal_before_the_first_run)
{
    struct run_totals totals;
    compare(1, &totals, -ECANCELED);
    ck_assert_int_eq(runs, 1);
    ck_assert_uint_eq(totals.targets + totals.not_begun, TARGETS);
    ck_assert_uint_eq(totals.targets, (uint64_t)reported);
}
END_TEST

START_TEST(signal_between_two_runs)
{
    struct run_totals totals;
    compare(4, &totals, -ECANCELED);
    ck_assert_int_eq(runs, 4);
    ck_assert_int_eq(reported, TARGETS);
    ck_assert_uint_eq(totals.targets, TARGETS);
    ck_assert_uint_eq(totals.not_begun, 0);
    ck_assert_int_eq(totals.versus.rounds, 0);
}
END_TEST

int main(void)
{
    return run_tests("versus",
        (const TTest *const[]){without_signals, signal_before_the_first_run,
            signal_between_two_runs, NULL});
}
