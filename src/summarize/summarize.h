/*
 * summarize - instead of a run: the records of finished runs, summed up, or
 * judged one by one (--check).
 */
#ifndef AFETCH_SUMMARIZE_H
#define AFETCH_SUMMARIZE_H

#include "output/buffer.h"
#include "record/totals.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct rules;

struct summarize {
    const char *const *files; /* "-": stdin */
    size_t file_count;
    struct rules *rules; /* to judge each record by; NULL: none */
    struct report *report; /* which begins, and … */
    bool rows; /* … gets the results */
    struct outputs outputs; /* what it writes to */
    struct run_totals *totals; /* set */
    bool is_read; /* set: there is a sum, be there defects */
};

/* 0, or the exit code after a message if a file cannot be opened. */
int summarize_check(const struct summarize *summarize);
/* The exit code.  Defects are reported on stderr; outputs keep their own
 * errors.  The report is not finished. */
int summarize(struct summarize *summarize);

#endif
