/*
 * estimate - how long a run will take, and how much memory.  Pure.
 */
#ifndef AFETCH_ESTIMATE_H
#define AFETCH_ESTIMATE_H

#include <stdint.h>

struct estimate_of {
    uint64_t http, https; /* targets to be fetched */
    unsigned concurrency;
    int64_t interval; /* ns between two starts; 0: none */
    int64_t max_time, deadline; /* ns; no deadline: 0 */
    uint64_t records; /* of --resume */
};

struct estimate {
    int64_t least; /* ns, by the rate; 0: nothing is known */
    int64_t most; /* ns, when no target answers */
    uint64_t memory; /* bytes, about: with heads of some KiB */
};

/* No time is longer than 2^62 ns. */
struct estimate estimate_run(const struct estimate_of *of);

#endif
