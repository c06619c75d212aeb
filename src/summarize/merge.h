/*
 * merge - the records of runs, read back, counted together and checked to be
 * complete.
 */
#ifndef AFETCH_MERGE_H
#define AFETCH_MERGE_H

#include "output/buffer.h"
#include "record/totals.h"
#include "report/report.h"

#include <stddef.h>
#include <stdint.h>

struct record;

/* Reports a defect: of a line (from 1), of a file (line 0), or of all files
 * together (file NULL). */
typedef void merge_fault(
    void *arg, const char *file, size_t line, const char *what);

/* Completes and judges a result, before it is counted; NULL, or what is wrong
 * with it. */
typedef const char *merge_judge(void *arg, struct record *record);

struct merge {
    const char *const *files; /* "-": stdin */
    size_t file_count;
    merge_judge *judge; /* or NULL */
    void *judge_arg;
    struct report *rows; /* is told of every result; or NULL */
    struct outputs outputs; /* of rows; flushed when one is full */
    struct run_totals *totals; /* of all; `wall` is from the first start to
                                  the last end, `concurrency` the sum */
    merge_fault *fault;
    void *fault_arg;
    uint64_t
        faults; /* set: how many, including those not reported one by one */
};

/*
 * Blocks.  Memory does not grow with the files.  0; or a negative error:
 * -ENOMEM (*failed is NULL), or the -errno of the file *failed.
 */
int merge_records(struct merge *gather, const char **failed);

#endif
