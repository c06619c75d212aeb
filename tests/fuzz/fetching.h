/*
 * fetching - one fetch over wires, and all that came of it.
 */
#ifndef TESTS_FUZZ_FETCHING_H
#define TESTS_FUZZ_FETCHING_H

#include "wire.h"

#include "record/result.h"

struct proxies;
struct target;

struct fetching {
    struct wire wire; /* the answer */
    size_t max_header_size;
    bool follow; /* redirects: to the same answer again */
    const struct target *target; /* NULL: one like any other */
    const struct proxies *proxies; /* NULL: none */

    struct result result;
    char *shown; /* lines as they were shown, an "i" or "f" ahead of each */
    size_t shown_len;
};

void fetching_run(struct fetching *fetching);
void fetching_fini(struct fetching *fetching);

/* All the same came of both. */
void fetching_check_same(const struct fetching *a, const struct fetching *b);

#endif
