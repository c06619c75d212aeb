/*
 * summarize - instead of a run: merges the records of finished runs.
 */
#ifndef AFETCH_SUMMARIZE_H
#define AFETCH_SUMMARIZE_H

#include "record/totals.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct output;

struct summarize {
    const char *const *files; /* "-": stdin */
    size_t file_count;
    struct report *report; /* of the sum; */
    bool rows; /* … it gets the results, too */
    struct output *out; /* what it writes to */
    struct run_totals *totals; /* set */
};

/* 0, or the exit code after a message if a file cannot be opened. */
int summarize_check(const struct summarize *summarize);
/* The exit code.  Defects are reported on stderr; `out` keeps its own error. */
int summarize(const struct summarize *summarize);

#endif
