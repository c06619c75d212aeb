/*
 * totals: what is counted where.
 */
#include "record/totals.h"

#include "run.h"

#include <signal.h>
#include <string.h>

static struct run_totals totals;

static void add(int status, enum fetch_error error, int64_t dns, int64_t total)
{
    struct result result;

    result_init(&result);
    result.response.status = status;
    result.timings[PHASE_DNS] = dns;
    result.timings[PHASE_TOTAL] = total;
    if (error != FETCH_OK)
        result_fail(&result, PHASE_WAIT, error, NULL);
    totals_add(&totals, &result);
    result_fini(&result);
}

START_TEST(outcomes_are_counted)
{
    memset(&totals, 0xa5, sizeof(totals));
    totals_init(&totals);
    add(200, FETCH_OK, 1, 10);
    add(204, FETCH_OK, 2, 20);
    add(101, FETCH_OK, 2, 20);
    add(999, FETCH_OK, 2, 20);
    add(200, FETCH_TIMEOUT, 2, 20);
    add(0, FETCH_TIMEOUT, 2, 20);
    add(0, FETCH_SYSTEM, 2, 20);
    ck_assert_uint_eq(totals.targets, 7);
    ck_assert_uint_eq(totals.ok, 4);
    ck_assert_uint_eq(totals.failed, 3);
    ck_assert_uint_eq(totals.by_status_class[1], 1);
    ck_assert_uint_eq(totals.by_status_class[2], 2);
    ck_assert_uint_eq(totals.by_status_class[9], 1);
    ck_assert_uint_eq(totals.by_status_class[0], 0);
    ck_assert_uint_eq(totals.by_error[FETCH_TIMEOUT], 2);
    ck_assert_uint_eq(totals.by_error[FETCH_SYSTEM], 1);
    ck_assert_uint_eq(totals.by_error[FETCH_RESET], 0);
}
END_TEST

START_TEST(phases_not_reached_count_nothing)
{
    totals_init(&totals);
    add(200, FETCH_OK, 7000, 10000);
    add(200, FETCH_OK, PHASE_NONE, 30000);
    add(0, FETCH_BAD_TARGET, PHASE_NONE, PHASE_NONE);
    ck_assert_uint_eq(totals.phases[PHASE_DNS].count, 1);
    ck_assert_int_eq(totals.phases[PHASE_DNS].max, 7000);
    ck_assert_uint_eq(totals.phases[PHASE_TOTAL].count, 2);
    ck_assert_uint_eq(totals.phases[PHASE_TLS].count, 0);
    ck_assert_int_eq(totals.sum, 40000);
}
END_TEST

START_TEST(ratios)
{
    totals_init(&totals);
    ck_assert(totals_ratio(&totals) == 0);
    ck_assert(versus_ratio(&totals.versus) == 0);
    totals.sum = 30;
    ck_assert(totals_ratio(&totals) == 0);
    totals.wall = 12;
    ck_assert(totals_ratio(&totals) == 2.5);
    totals.versus.concurrent_wall = 4;
    totals.versus.serial_wall = 6;
    ck_assert(versus_ratio(&totals.versus) == 1.5);
}
END_TEST

START_TEST(signals_have_names)
{
    static const struct {
        int signal;
        const char *name;
    } table[] = {{SIGHUP, "SIGHUP"}, {SIGINT, "SIGINT"}, {SIGQUIT, "SIGQUIT"},
        {SIGPIPE, "SIGPIPE"}, {SIGTERM, "SIGTERM"}};

    totals_init(&totals);
    ck_assert_ptr_null(totals_signal_name(&totals));
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        totals.signal = table[i].signal;
        ck_assert_str_eq(totals_signal_name(&totals), table[i].name);
        ck_assert_int_eq(totals_signal_number(table[i].name), table[i].signal);
    }
    totals.signal = SIGUSR2;
    ck_assert_ptr_nonnull(totals_signal_name(&totals));
}
END_TEST

START_TEST(empty_is_without_any_target)
{
    totals_init(&totals);
    ck_assert(totals_empty(&totals));
    totals.not_begun = 1;
    ck_assert(!totals_empty(&totals));
    totals.not_begun = 0;
    add(0, FETCH_BAD_TARGET, PHASE_NONE, PHASE_NONE);
    ck_assert(!totals_empty(&totals));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {outcomes_are_counted,
        phases_not_reached_count_nothing, ratios, signals_have_names,
        empty_is_without_any_target, NULL};

    return run_tests("totals", tests);
}
