/*
 * rate: what starts when, by a clock of the test's own, which only sleeping
 * and working move.
 */
#include "crawl/rate.h"

#include "run.h"

#include "async/core/task.h"

int64_t __wrap_loop_time(void);
int __wrap_task_sleep(int64_t ns);

static int64_t now;
static int64_t late; /* a timer may fire so much later; varies */
static uint64_t seed;

/* Between 0 and most - 1. */
static int64_t any(int64_t most)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return most ? (int64_t)((seed >> 33) % (uint64_t)most) : 0;
}

int64_t __wrap_loop_time(void)
{
    return now;
}

int __wrap_task_sleep(int64_t ns)
{
    ck_assert_int_gt(ns, 0);
    now += ns + any(late);
    return 0;
}

static void begin(int64_t lateness)
{
    now = 12345 * LOOP_SECOND;
    late = lateness;
    seed = 1;
}

/* The next start, when there is somebody for it; how long after the last. */
static int64_t gap(struct rate *rate, int64_t work)
{
    int64_t before = now;
    now += work;
    ck_assert_int_eq(rate_wait(rate), 0);
    rate_started(rate);
    return now - before;
}

/* How many start in ten seconds; none is early. */
static int in_ten_seconds(int64_t interval, int64_t work)
{
    struct rate rate;
    int64_t began = now;
    int64_t count = 0;
    rate_init(&rate, interval);
    for (;;) {
        gap(&rate, count ? work : 0);
        if (now - began >= 10 * LOOP_SECOND)
            return (int)count;
        ck_assert_int_ge(now - began, count * interval);
        count++;
    }
}

/* Starts in a second. */
static const int rates[] = {1, 50, 1000, 3000};
enum { RATES = sizeof rates / sizeof *rates };

START_TEST(a_rate_is_held_for_ten_seconds)
{
    for (int i = 0; i < RATES; i++) {
        int64_t interval = LOOP_SECOND / rates[i], exact = 10 * rates[i];
        for (int64_t lateness = 0; lateness <= 20; lateness += 4) {
            begin(lateness * LOOP_MILLISECOND);
            int count = in_ten_seconds(interval, 20000);
            ck_assert_int_ge(count, exact - exact / 20);
            ck_assert_int_le(count, exact + exact / 20);
        }
    }
}
END_TEST

START_TEST(gaps_are_even)
{
    for (int i = 0; i < RATES; i++) {
        struct rate rate;
        int64_t interval = LOOP_SECOND / rates[i];
        begin(0);
        rate_init(&rate, interval);
        ck_assert_int_eq(gap(&rate, 0), 0);
        for (int n = 0; n < 10 * rates[i]; n++)
            ck_assert_int_eq(gap(&rate, interval / 2), interval);
    }
}
END_TEST

START_TEST(what_is_late_puts_off_nobody)
{
    struct rate rate;
    const int64_t interval = 20 * LOOP_MILLISECOND;
    begin(0);
    rate_init(&rate, interval);
    gap(&rate, 0);
    ck_assert_int_eq(gap(&rate, interval + 3), interval + 3);
    ck_assert_int_eq(gap(&rate, 5), interval - 3);
    ck_assert_int_eq(gap(&rate, 5), interval);
}
END_TEST

/* A long while without anybody to start: no burst comes after it. */
START_TEST(no_lost_time_is_made_up_for)
{
    struct rate rate;
    const int64_t interval = LOOP_MILLISECOND;
    begin(0);
    rate_init(&rate, interval);
    gap(&rate, 0);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(gap(&rate, LOOP_SECOND), LOOP_SECOND);
        for (int n = 0; n < 100; n++)
            ck_assert_int_eq(gap(&rate, 7), interval);
    }
}
END_TEST

START_TEST(without_a_rate_nobody_waits)
{
    struct rate rate;
    begin(0);
    rate_init(&rate, 0);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(gap(&rate, i), i);
}
END_TEST

int main(void)
{
    return run_tests("rate",
        (const TTest *const[]){a_rate_is_held_for_ten_seconds, gaps_are_even,
            what_is_late_puts_off_nobody, no_lost_time_is_made_up_for,
            without_a_rate_nobody_waits, NULL});
}
