/*
 * merge_inside - what the files of merge share.
 */
#ifndef AFETCH_MERGE_INSIDE_H
#define AFETCH_MERGE_INSIDE_H

#include "record/read.h"
#include "summarize/merge.h"
#include "summarize/parts.h"
#include "summarize/seen.h"

enum { MERGE_FAULTS_TOLD = 10 }; /* one by one: lines of a file, shards */

struct reading {
    struct merge *to;
    struct seen *seen;
    struct parts *parts; /* NULL: no run is in parts */
    int64_t listed; /* targets of the lists of whole runs; -1: not known */
    int64_t first, last; /* start and end of all, ns since 1970 */
    unsigned uneven; /* shards */
    bool whole; /* there was a run without a shard */
    struct {
        int64_t listed; /* by each that tells; -1: none does */
        bool differ, silent; /* some tell of another length, or of none */
        uint64_t targets; /* of all of them */
    } shards;
    bool any, any_summary; /* record, be it a summary */
    uint64_t lines; /* of all files, before this one */
    /* of one file */
    const char *file;
    size_t line;
    enum part_role role; /* of that line */
    uint64_t wrong_lines;
    unsigned round; /* of the last record */
    uint64_t found, told; /* records, and those that summaries tell of */
};

/* Reports a defect of a line, or, with 0, of the file or of all of them. */
__attribute__((format(printf, 3, 4))) void merge_tell(
    const struct reading *reading, size_t line, const char *format, ...);

/* Targets that a run and those that it continues have done. */
uint64_t merge_count_done(const struct record_summary *summary);
/* Of which list a run was.  0; -EINVAL: of other shards; or -ENOMEM. */
int merge_take_list(
    struct reading *reading, const struct record_summary *summary);
/* Call it once all files were read: reports what is wrong with the shards, and
 * sets how many targets the lists have. */
void merge_check_lists(struct reading *reading);

#endif
