/*
 * percentile: near the true one, whatever comes in which order.
 */
#include "record/percentile.h"

#include "run.h"

#include <stdlib.h>

enum { VALUES = 2000 };

START_TEST(few_are_exact)
{
    static const int64_t values[] = {50, 10, 40, 20, 30};
    static const int64_t medians[] = {50, 10, 40, 20, 30};
    struct percentile q = {0}, median = {0};
    ck_assert_int_eq(percentile_get(&q, 0.95), 0);
    for (int i = 0; i < 5; i++) {
        percentile_add(&q, 0.95, values[i]);
        percentile_add(&median, 0.5, values[i]);
        ck_assert_int_eq(percentile_get(&q, 0.95), 50);
        ck_assert_int_eq(percentile_get(&median, 0.5), medians[i]);
    }
}
END_TEST

/* Orders: rising, falling, shuffled; even and far from it. */
static int64_t value_at(int kind, int i)
{
    int64_t rank = kind == 0   ? i
                   : kind == 1 ? VALUES - 1 - i
                               : (int64_t)i * 1237 % VALUES;
    return kind == 3 ? rank * rank : rank;
}

START_TEST(many_are_near)
{
    struct percentile q = {0};
    for (int i = 0; i < VALUES; i++)
        percentile_add(&q, 0.95, value_at(_i, i));
    int64_t true_one = VALUES * 95 / 100 - 1;
    if (_i == 3)
        true_one *= true_one;
    int64_t got = percentile_get(&q, 0.95);
    ck_assert_msg(llabs(got - true_one) <= true_one / 25, "%lld, not %lld",
        (long long)got, (long long)true_one);
    ck_assert_int_eq(q.height[0], 0);
    ck_assert_int_eq(
        q.height[4], _i == 3 ? (VALUES - 1) * (VALUES - 1) : VALUES - 1);
}
END_TEST

START_TEST(all_alike)
{
    struct percentile q = {0};
    for (int i = 0; i < VALUES; i++)
        percentile_add(&q, 0.95, 7);
    ck_assert_int_eq(percentile_get(&q, 0.95), 7);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("percentile");
    TCase *tcase = tcase_create("percentile");
    SRunner *runner = srunner_create(suite);
    tcase_add_test(tcase, few_are_exact);
    tcase_add_loop_test(tcase, many_are_near, 0, 4);
    tcase_add_test(tcase, all_alike);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
