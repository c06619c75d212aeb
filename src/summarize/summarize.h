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
    bool json; /* a summary record, not text */
    enum summary_mode mode; /* of the text */
    struct output *out; /* gets the summary: it is what the user wants */
    struct run_totals *totals; /* set */
};

/* 0, or the exit code after a message if a file cannot be opened. */
int summarize_check(const struct summarize *summarize);
/* The exit code.  Defects are reported on stderr; `out` keeps its own error. */
int summarize(const struct summarize *summarize);

#endif
