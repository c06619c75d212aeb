/*
 * quantiles against sorted arrays, over several distributions.
 */
#include "record/quantiles.h"

#include "run.h"

#include <math.h>
#include <stdlib.h>

enum { COUNT = 20000 };

static struct quantiles quantiles;
static int64_t values[COUNT];
static uint64_t seed;

/* xorshift64*: in (0, 1], the same in every run. */
static double uniform(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return ((double)(seed * 0x2545f4914f6cdd1d >> 11) + 1) / 0x1p53;
}

static int64_t narrow(int i)
{
    (void)i;
    return (int64_t)(20e6 + 1e6 * uniform());
}

static int64_t wide(int i) /* 1 us to an hour, all octaves alike */
{
    (void)i;
    return (int64_t)(1e3 * pow(3.6e9, uniform()));
}

static int64_t exponential(int i)
{
    (void)i;
    return (int64_t)(1e3 - 50e6 * log(uniform()));
}

static int64_t two_humps(int i)
{
    return i % 20 ? narrow(i) : (int64_t)(10e9 + 1e6 * uniform());
}

static int64_t growing(int i)
{
    return 1000 + (int64_t)i * 1000;
}

static int64_t constant(int i)
{
    (void)i;
    return 123456789;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Nearest rank, from its definition. */
static int64_t exact(int count, double p)
{
    int rank = (int)ceil(p * count);

    return values[rank > 0 ? rank - 1 : 0];
}

static void check_quantiles(int count)
{
    static const double wanted[] = {
        0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        int64_t right = exact(count, wanted[i]);
        int64_t got = quantiles_get(&quantiles, wanted[i]);
        ck_assert_msg(llabs(got - right) <= right / 100,
            "p%g of %d: %lld, not %lld", 100 * wanted[i], count, (long long)got,
            (long long)right);
        ck_assert_int_le(got, values[count - 1]);
    }
    ck_assert_int_eq(quantiles_get(&quantiles, 1), values[count - 1]);
}

static void check_distribution(int64_t (*value)(int), int count)
{
    quantiles_init(&quantiles);
    for (int i = 0; i < count; i++) {
        values[i] = value(i);
        quantiles_add(&quantiles, values[i]);
    }
    ck_assert_uint_eq(quantiles.count, (uint64_t)count);
    qsort(values, (size_t)count, sizeof(values[0]), ascending);
    check_quantiles(count);
}

START_TEST(close_to_the_sorted_array)
{
    static int64_t (*const distributions[])(int) = {
        narrow, wide, exponential, two_humps, growing, constant};
    static const int counts[] = {1, 2, 3, 10, 99, 100, 101, COUNT};

    seed = 88172645463325252;
    for (size_t i = 0; i < sizeof(distributions) / sizeof(*distributions); i++)
        for (size_t j = 0; j < sizeof(counts) / sizeof(counts[0]); j++)
            check_distribution(distributions[i], counts[j]);
}
END_TEST

/* Every bucket's borders: what one below, on and above them is taken for. */
START_TEST(the_error_is_small_everywhere)
{
    for (double at = 1000; at < 3.6e12; at *= 1.0007) {
        for (int64_t ns = (int64_t)at - 1; ns <= (int64_t)at + 1; ns++) {
            int64_t got;
            quantiles_init(&quantiles);
            quantiles_add(&quantiles, ns);
            quantiles_add(&quantiles, INT64_MAX);
            got = quantiles_get(&quantiles, 0.5);
            ck_assert_msg(llabs(got - ns) <= ns / 100 + (ns < 1000),
                "%lld for %lld", (long long)got, (long long)ns);
        }
    }
}
END_TEST

START_TEST(the_ends)
{
    quantiles_init(&quantiles);
    ck_assert_int_eq(quantiles_get(&quantiles, 0.5), 0);
    ck_assert_int_eq(quantiles_get(&quantiles, 1), 0);
    quantiles_add(&quantiles, 0);
    quantiles_add(&quantiles, 0);
    ck_assert_int_eq(quantiles_get(&quantiles, 0), 0);
    ck_assert_int_eq(quantiles_get(&quantiles, 0.5), 0);
    quantiles_add(&quantiles, 100);
    ck_assert_int_le(quantiles_get(&quantiles, 0.5), 16);
    ck_assert_int_eq(quantiles_get(&quantiles, 1), 100);
    for (int i = 0; i < 10; i++)
        quantiles_add(&quantiles, INT64_MAX);
    ck_assert_int_gt(quantiles_get(&quantiles, 0.5), 3600LL * 1000000000);
    ck_assert_int_eq(quantiles_get(&quantiles, 1), INT64_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {close_to_the_sorted_array,
        the_error_is_small_everywhere, the_ends, NULL};

    return run_tests("quantiles", tests);
}
