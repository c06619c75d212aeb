/*
 * sketch: quantiles in little memory, with the errors that are stated.
 */
#include "record/sketch.h"

#include "run.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Relative errors of some quantiles of durations from 100 us to `times` as
 * much; the largest of them. */
static double worst_error(double times, size_t count)
{
    struct sketch sketch = {0};
    int64_t *all = calloc(count, sizeof *all);
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double part = (double)(i * 7919 % count) / (double)count;
        all[i] = (int64_t)(1e5 * pow(times, part));
        sketch_add(&sketch, all[i]);
    }
    qsort(all, count, sizeof *all, by_size);
    ck_assert_uint_eq(sketch.count, count);
    ck_assert_uint_le(sketch.used, SKETCH_BUCKETS);
    ck_assert_int_eq(sketch_get(&sketch, 1), all[count - 1]);
    for (double p = 0.05; p < 1; p += 0.05) {
        size_t rank = (size_t)ceil(p * (double)count);
        double exact = (double)all[rank - 1];
        double error = fabs((double)sketch_get(&sketch, p) - exact) / exact;
        worst = error > worst ? error : worst;
    }
    free(all);
    return worst;
}

START_TEST(errors_are_as_stated)
{
    ck_assert(worst_error(1.5, 1000) < 0.01);
    ck_assert(worst_error(3, 10000) < 0.01);
    ck_assert(worst_error(15, 10000) < 0.02);
    ck_assert(worst_error(250, 10000) < 0.04);
    ck_assert(worst_error(60000, 10000) < 0.07);
    ck_assert(worst_error(60000, 10) < 0.01);
}
END_TEST

START_TEST(an_empty_sketch_is_zero)
{
    struct sketch sketch = {0};
    ck_assert_int_eq(sketch_get(&sketch, 0.95), 0);
}
END_TEST

/* A slow one in twenty: the percentile is not among them yet. */
START_TEST(between_quick_and_slow)
{
    struct sketch sketch = {0};
    for (int i = 0; i < 3000; i++)
        sketch_add(&sketch, i % 25 ? 1000000 + i * 100 : 1000000000);
    ck_assert_int_lt(sketch_get(&sketch, 0.95), 1500000);
    ck_assert_int_gt(sketch_get(&sketch, 0.97), 900000000);
}
END_TEST

int main(void)
{
    return run_tests(
        "sketch", (const TTest *const[]){errors_are_as_stated,
                      an_empty_sketch_is_zero, between_quick_and_slow, NULL});
}
