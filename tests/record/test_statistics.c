/*
 * statistics: what rounds come to for each target.
 */
#include "record/statistics.h"

#include "run.h"

#include <stdlib.h>

static struct statistics *all;

/* A round of a target; ms below 0: it fails so. */
static void add(
    uint64_t index, const char *input, int ms, enum fetch_error error)
{
    struct result result;
    result_init(&result);
    result.index = index;
    result.input = input;
    result.error = error;
    result.timings[PHASE_TOTAL] = (int64_t)ms * 1000000;
    ck_assert_int_eq(statistics_add(all, &result), 0);
    result_fini(&result);
}

START_TEST(each_target_has_its_own)
{
    const struct host_statistics *host;
    size_t from = 0;
    all = statistics_create();
    add(3, "d", 7, FETCH_OK);
    add(100, "x", 1, FETCH_RESET);
    add(3, "d", 1, FETCH_OK);
    add(0, "a", 5, FETCH_CANCELED);
    add(3, "d", 4, FETCH_TIMEOUT);
    add(3, "d", 4, FETCH_OK);
    host = statistics_next(all, &from);
    ck_assert_str_eq(host->input, "d");
    ck_assert_uint_eq(host->sent, 4);
    ck_assert_uint_eq(host->got, 3);
    const struct phase_statistics *total = &host->phases[PHASE_TOTAL];
    ck_assert_uint_eq(total->count, 3);
    ck_assert_int_eq(total->min, 1000000);
    ck_assert_int_eq(total->max, 7000000);
    ck_assert_int_eq(total->sum, 12000000);
    ck_assert_uint_eq(host->phases[PHASE_DNS].count, 0);
    host = statistics_next(all, &from);
    ck_assert_str_eq(host->input, "x");
    ck_assert_uint_eq(host->index, 100);
    ck_assert_uint_eq(host->sent, 1);
    ck_assert_uint_eq(host->got, 0);
    ck_assert_ptr_null(statistics_next(all, &from));
    statistics_destroy(all);
}
END_TEST

int main(void)
{
    return run_tests(
        "statistics", (const TTest *const[]){each_target_has_its_own, NULL});
}
