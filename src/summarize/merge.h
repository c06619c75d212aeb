/*
 * merge - the records of runs, read back, counted together and checked to be
 * complete.
 */
#ifndef AFETCH_MERGE_H
#define AFETCH_MERGE_H

#include "record/totals.h"
#include "report/report.h"

#include <stddef.h>
#include <stdint.h>

/* Reports a defect: of a line (from 1), of a file (line 0), or of all files
 * together (file NULL). */
typedef void merge_fault(
    void *arg, const char *file, size_t line, const char *what);

struct merge {
    const char *const *files; /* "-": stdin */
    size_t file_count;
    struct report *rows; /* gets every result; or NULL */
    struct output *out; /* of rows; flushed when it is full */
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
