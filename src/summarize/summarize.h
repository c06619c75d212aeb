/*
 * summarize - what the program does instead of a run: it sums up the records
 * of others.
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

/* 0, or the exit code when a file is not there, which is said. */
int summarize_check(const struct summarize *summarize);
/* The exit code.  What is wrong is said on stderr; whether all could be
 * written, `out` knows. */
int summarize(const struct summarize *summarize);

#endif
