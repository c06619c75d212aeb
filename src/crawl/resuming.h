/*
 * resuming - the records of earlier runs that this one continues: --resume.
 *
 * What an interrupted run left at the end of the file that --output appends to
 * is cut off: half a line, its summary, records of canceled targets.
 */
#ifndef AFETCH_RESUMING_H
#define AFETCH_RESUMING_H

#include <stdint.h>
#include <sys/types.h>

struct options;
struct resume;

/* All zero: no run is continued. */
struct resuming {
    struct resume *lines; /* that have a record; NULL: not asked for */
    /* Of the file that is appended to: */
    const char *name;
    int fd; /* locked: it is this run's alone; -1: there is none */
    off_t end; /* of what is kept of it */
};

/* Reads all records.  0; or the exit code, after an error message.  Call
 * resuming_close in both cases. */
int resuming_open(struct resuming *resuming, const struct options *options);
/* At the start of the run: truncates the file to what is kept.  Returns as
 * resuming_open. */
int resuming_cut(const struct resuming *resuming);
void resuming_close(struct resuming *resuming);

#endif
