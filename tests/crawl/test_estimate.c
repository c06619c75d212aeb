/*
 * estimate: times by the rate and by the limit for a target; never too large.
 */
#include "crawl/estimate.h"

#include "run.h"

#define S INT64_C(1000000000)
#define MIB (UINT64_C(1) << 20)

static const struct {
    struct estimate_of of;
    int64_t least, most;
    uint64_t mib;
} rows[] = {
    {{.concurrency = 256, .max_time = 10 * S}, 0, 0, 5},
    {{.http = 1, .concurrency = 256, .max_time = 10 * S}, 0, 10 * S, 5},
    {{.http = 256, .concurrency = 256, .max_time = 10 * S}, 0, 10 * S, 6},
    {{.http = 257, .concurrency = 256, .max_time = 10 * S}, 0, 20 * S, 6},
    {{.https = 1024, .concurrency = 1024, .max_time = S}, 0, S, 50},
    {{.http = 99,
         .https = 2,
         .interval = S / 10,
         .concurrency = 50,
         .max_time = S},
        10 * S, 11 * S, 10},
    {{.http = 101, .interval = S / 10, .concurrency = 1, .max_time = S}, 10 * S,
        101 * S, 5},
    {{.http = 1000, .concurrency = 1, .max_time = S, .deadline = 60 * S}, 0,
        60 * S, 5},
    {{.http = 1, .concurrency = 1, .max_time = S, .records = 10000000}, 0, S,
        462},
    {{.http = UINT64_C(1) << 40,
         .interval = 3600 * S,
         .concurrency = 1,
         .max_time = 1000000 * S},
        INT64_C(1) << 62, INT64_C(1) << 62, 5},
};

START_TEST(times_and_memory)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct estimate found = estimate_run(&rows[i].of);
        ck_assert_int_eq(found.least, rows[i].least);
        ck_assert_int_eq(found.most, rows[i].most);
        ck_assert_uint_eq(found.memory / MIB, rows[i].mib);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "estimate", (const TTest *const[]){times_and_memory, NULL});
}
