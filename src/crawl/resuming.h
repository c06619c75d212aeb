/*
 * resuming - the records of runs that are gone on with: --resume.
 *
 * What a run that was cut off has left at the end of the file that --output
 * appends to is cut off: half a line, its summary, records of targets that were
 * canceled.
 */
#ifndef AFETCH_RESUMING_H
#define AFETCH_RESUMING_H

#include <stdint.h>
#include <sys/types.h>

struct options;
struct resume;

/* All zero: nothing is gone on with. */
struct resuming {
    struct resume *lines; /* that have a record; NULL: not asked for */
    /* Of the file that is appended to: */
    const char *name;
    int fd; /* locked: it is this run's alone; -1: there is none */
    off_t end; /* of what is kept of it */
};

/* Reads all records.  0; or the exit code, when it is said why not.  For
 * resuming_close in any case. */
int resuming_open(struct resuming *resuming, const struct options *options);
/* The run begins: cuts off what is not kept.  As resuming_open. */
int resuming_cut(const struct resuming *resuming);
void resuming_close(struct resuming *resuming);

#endif
