/*
 * estimate - see estimate.h.
 *
 * What a connection takes was measured: 1,000 and 4,000 at once that wait for
 * their first byte, with the process's own size at one.
 */
#include "crawl/estimate.h"

enum {
    KIB = 1024,
    BASE = 5 * KIB * KIB, /* the process */
    BASE_TLS = 10 * KIB * KIB, /* with a trust store */
    OF_HTTP = 5 * KIB, /* a connection */
    OF_HTTPS = 40 * KIB,
    OF_RECORD = 24, /* twice, while they are sorted */
};

#define TIME_MAX (INT64_C(1) << 62)

static int64_t multiply_time(uint64_t count, int64_t time)
{
    return time && count > (uint64_t)(TIME_MAX / time) ? TIME_MAX
                                                       : (int64_t)count * time;
}

static int64_t larger_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The last one starts when the rate lets it, and when those before it that had
 * its slot have ended. */
static int64_t longest_time(const struct estimate_of *of, uint64_t targets)
{
    int64_t start = larger_of(multiply_time(targets - 1, of->interval),
        multiply_time((targets - 1) / of->concurrency, of->max_time));
    int64_t end =
        start < TIME_MAX - of->max_time ? start + of->max_time : TIME_MAX;
    return of->deadline && of->deadline < end ? of->deadline : end;
}

static uint64_t count_at_once(const struct estimate_of *of, uint64_t targets)
{
    return targets < of->concurrency ? targets : of->concurrency;
}

/* As many of them https as there can be. */
static uint64_t memory_of(const struct estimate_of *of)
{
    uint64_t all = count_at_once(of, of->http + of->https),
             https = count_at_once(of, of->https);
    return (of->https ? BASE_TLS : BASE) + https * OF_HTTPS +
           (all - https) * OF_HTTP + of->records * OF_RECORD * 2;
}

struct estimate estimate_run(const struct estimate_of *of)
{
    uint64_t targets = of->http + of->https;
    struct estimate estimate = {.memory = memory_of(of)};
    if (targets) {
        estimate.least = multiply_time(targets - 1, of->interval);
        estimate.most = longest_time(of, targets);
    }
    return estimate;
}
