/*
 * resume - which lines of a list are done: one or more earlier runs have a
 * record of them.
 *
 * A record belongs to the line with the same text at the same place.  Where the
 * list has changed since, it belongs to another line with the same text: as
 * many lines are done as there are such records, the first lines first.
 *
 * It holds 24 bytes for each record, whatever is in it, and twice as much while
 * they are sorted.  Texts are compared by 93 bits of a keyed hash: with ten
 * million records and as many lines one is taken for another, and not fetched,
 * in one of 10^14 runs.
 */
#ifndef AFETCH_RESUME_H
#define AFETCH_RESUME_H

#include "input/filter.h"
#include "text/span.h"

#include <stdbool.h>
#include <stdint.h>

struct resume;

/* What a record tells of its target. */
struct resume_record {
    struct span input;
    struct span file; /* of its list; none: it was an argument */
    uint64_t number; /* of the line in it, or of the argument; from 1 */
    bool again; /* it is to be fetched again */
};

struct resume_counts {
    uint64_t records; /* targets that have one */
    uint64_t again; /* of these, to be fetched again */
    uint64_t in_place; /* records that belong to the line at the same place */
    uint64_t moved; /* to another one; both as far as the list was read */
    uint64_t skipped; /* lines that were not taken */
};

/* 0 or -ENOMEM. */
int resume_create(struct resume **out);
/* NULL-safe. */
void resume_destroy(struct resume *resume);

/* In the order of the records: of several of one target the last counts.  0;
 * -ENOMEM; or -EFBIG: there are 2^32 already. */
int resume_add(struct resume *resume, const struct resume_record *record);
/* Call it once all records were added, before the filters are used. */
void resume_index(struct resume *resume);

/*
 * Takes no line, but notes which records belong to a line at the same place.
 * `whole`: it sees all of the list.  Otherwise a line does not get the record
 * of a later one in its file, since that line may still follow.
 */
struct filter resume_survey(struct resume *resume, bool whole);
/* Takes the lines that are not done. */
struct filter resume_filter(struct resume *resume);
/* Call it when the list is read from its beginning again. */
void resume_rewind(struct resume *resume);

struct resume_counts resume_count(const struct resume *resume);

#endif
