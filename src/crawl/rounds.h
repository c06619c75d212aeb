/*
 * rounds - the same list again and again, each time on a fresh loop: on a
 * schedule (--count, --interval), until it is as expected (--until), or as
 * --versus-serial wants it.
 *
 * The list must be kept (list_keep).
 */
#ifndef AFETCH_ROUNDS_H
#define AFETCH_ROUNDS_H

#include "crawl/run.h"

#include <stdbool.h>
#include <stdint.h>

struct mask;
struct options;
struct statistics;
struct until;

/* All zero: the list is run once. */
struct rounds {
    const struct options *options;
    struct statistics *statistics; /* NULL: not asked for, as the others */
    struct until *until;
    struct changes *changes;
    unsigned begun;
    int64_t latest; /* ns, the latest beginning of a round; 0: none was late */
    unsigned late; /* rounds */
};

/* Whether the options ask for more than one round. */
bool rounds_asked(const struct options *options);

/* The mask is for --changes.  0; or the exit code, after an error message. */
int rounds_open(struct rounds *rounds, const struct options *options,
    const struct mask *mask);
void rounds_close(struct rounds *rounds);

/* Runs as the options say.  Returns as run(). */
int rounds_run(struct rounds *rounds, struct run *run, const char **what);
/* After the last round: reports the results that --until held, and the
 * statistics. */
void rounds_tell(const struct rounds *rounds, struct report *report,
    struct run_totals *totals);

/* One more run of the list, from its first line.  Returns as run(). */
int rounds_again(struct run *run, const char **what);

#endif
