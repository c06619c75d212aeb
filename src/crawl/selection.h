/*
 * selection - the list of a run, and which of its lines are fetched: those of a
 * shard, those that no run before has done.
 */
#ifndef AFETCH_SELECTION_H
#define AFETCH_SELECTION_H

#include "crawl/resuming.h"
#include "input/filter.h"
#include "input/shard.h"

#include <stdbool.h>

struct list;
struct list_sources;
struct resume_counts;
struct options;
struct run_totals;

/* Must not be moved while its list is open. */
struct selection {
    const struct options *options;
    struct shard shard;
    struct resuming resuming;
    struct filter filters[2];
    bool surveyed; /* what is done was known, and reported, before the run */
};

/*
 * Opens the list, with its columns if they are wanted, and reads what runs
 * before have done.  0; or the exit code, after an error message.  Call
 * selection_close in both cases, after list_close.
 */
int selection_open(struct selection *selection, const struct options *options,
    bool columns, struct list **out);
void selection_close(struct selection *selection);

/* How many targets it has, before it is read; -1: not known. */
int64_t selection_size(const struct selection *selection);

/* What --resume has left out, as far as the list was read; false: it was not
 * given. */
bool selection_count(
    const struct selection *selection, struct resume_counts *counts);

/* At the start of the run.  0; or the exit code, after an error message. */
int selection_begin(const struct selection *selection);
/* At the end of the run: counts what was done before, and reports it if it
 * could not be known earlier. */
void selection_end(const struct selection *selection, const struct list *list,
    struct run_totals *totals);

#endif
