/*
 * progress - how far a run is: one line while it goes, several lines on
 * request.
 */
#ifndef AFETCH_PROGRESS_H
#define AFETCH_PROGRESS_H

#include "record/result.h"
#include "record/totals.h"

#include <stddef.h>
#include <stdint.h>

struct output;

enum { PROGRESS_OLDEST = 5 };

struct progress_target {
    char name[TOTALS_HOST_MAX]; /* escaped */
    int64_t age; /* ns since its start */
    enum phase now; /* PHASE_TOTAL: not known */
};

struct progress {
    uint64_t done, failed;
    int64_t total; /* targets; -1: not known */
    unsigned in_flight;
    double rate; /* targets a second, of late */
    int64_t elapsed; /* ns */
    struct progress_target oldest[PROGRESS_OLDEST];
    size_t oldest_count;
};

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/*
 * "120/300 done, 3% failed, 25 in flight, 41/s, ETA 4.4 s, oldest a.test 2.9
 * s", or less of it: no wider than `width` columns, no longer than size - 1
 * bytes. Returns the length.  size > 0.
 */
size_t progress_line(
    const struct progress *progress, unsigned width, char *text, size_t size);

/* The full report, with a line for each of the oldest targets. */
void progress_put(struct output *out, const struct progress *progress);

#endif
