/*
 * index - where in a file of records each target's is: for a run that is
 * compared with one before it, whose records do not fit into memory.
 *
 * It holds 24 bytes a record, whatever is in it, and up to four times as much
 * while the file is read and sorted: 46 MB at the most were measured for a
 * million records.
 */
#ifndef AFETCH_INDEX_H
#define AFETCH_INDEX_H

#include "record/read.h"

#include <stdint.h>

struct record_index;

/* Told of what is wrong: in this line, or in 0, in the whole file. */
typedef void record_index_fault_fn(
    const char *file, size_t line, const char *what);

/*
 * Reads all of the file, a regular one, which must be whole: each line a
 * record, and at its end the summary of as many.  0; -errno of the file, or
 * -ENOMEM; or -EINVAL, when `fault` was told of each thing that is wrong with
 * it (of the first ten lines).
 */
int record_index_open(
    struct record_index **out, const char *file, record_index_fault_fn *fault);
/* NULL-safe. */
void record_index_close(struct record_index *index);

enum { RECORD_INDEX_NONE = 0 };

/* The next record of a target with this input (as a record has it), by the
 * order of that run's list; each is given out once. RECORD_INDEX_NONE: there is
 * none.  The record is read, since inputs are found by a hash; one that cannot
 * be is given out for record_index_read to tell. */
uint64_t record_index_claim(
    struct record_index *index, const char *input, size_t len);

/* One that was claimed.  0, and a record for record_fini; -errno; or -EINVAL,
 * when the file has changed. */
int record_index_read(
    const struct record_index *index, uint64_t place, struct record *out);

/* The next one from *from (0 at first) that nobody has claimed, in no order
 * that is promised; RECORD_INDEX_NONE after the last. */
uint64_t record_index_rest(const struct record_index *index, size_t *from);

#endif
