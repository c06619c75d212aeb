/*
 * statistics - of each target over many rounds, as fping gives them: how often
 * it was fetched and answered, and its times.  A target takes about 6.6 KiB and
 * its name in memory.
 */
#ifndef AFETCH_STATISTICS_H
#define AFETCH_STATISTICS_H

#include "record/result.h"
#include "record/sketch.h"

#include <stddef.h>
#include <stdint.h>

#define STATISTICS_PERCENTILE 0.95

/* Of the rounds in which a phase took place and the target answered; ns. */
struct phase_statistics {
    uint64_t count; /* 0: there was none */
    int64_t min, max, sum;
    struct sketch spread;
};

struct host_statistics {
    uint64_t index;
    char *input; /* heap; with its size, as in a result */
    size_t input_len;
    const char *list_file; /* as in a result */
    size_t list_line;
    uint64_t sent, got; /* rounds it was fetched in; and answered */
    struct phase_statistics phases[PHASE_COUNT];
};

struct statistics; /* of all */

/* NULL when there is no memory. */
struct statistics *statistics_create(void);
/* NULL-safe. */
void statistics_destroy(struct statistics *all);
/* Counts the result of a round, unless it was canceled.  0; or -ENOMEM, and it
 * is not counted. */
int statistics_add(struct statistics *all, const struct result *result);
/* Iterates in the order of the list; set *from to 0 before the first call.
 * NULL: no more targets. */
const struct host_statistics *statistics_next(
    const struct statistics *all, size_t *from);

#endif
