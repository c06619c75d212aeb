/*
 * versus - the same list concurrently and one by one (--versus-serial).
 */
#ifndef AFETCH_VERSUS_H
#define AFETCH_VERSUS_H

#include "crawl/run.h"

/*
 * Runs `rounds` times: concurrently, then serially.  Only the first
 * concurrent run is reported; the comparison goes into its
 * totals->versus.  The list must be kept (list_keep).  Returns as run().
 */
int versus(struct run *run, unsigned rounds, const char **what);

#endif
