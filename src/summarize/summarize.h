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
    bool json; /* a summary record, not text */
    enum summary_mode mode; /* of the text */
    struct output *out; /* gets the summary: it is what the user wants */
    struct run_totals *totals; /* set */
};

/* 0, or the exit code when a file is not there, which is said. */
int summarize_check(const struct summarize *summarize);
/* The exit code.  What is wrong is said on stderr; whether all could be
 * written, `out` knows. */
int summarize(const struct summarize *summarize);

#endif
