/*
 * setup - what the options mean for a run: trust, where connections come
 * from, what is asked of each target.
 */
#ifndef AFETCH_SETUP_H
#define AFETCH_SETUP_H

#include "async/net/source.h"
#include "crawl/run.h"

struct options;
struct run_totals;
struct tls;

struct setup {
    const struct options *options;
    struct tls **tls; /* one for each thread */
    unsigned threads;
    struct source source; /* with --interface */
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
};

/*
 * Opens what a run needs of the machine; `wants` (REPORT_WANTS_…) is what its
 * reports want.  The options must live as long.  0; or the exit code, when it
 * is said why not.
 */
int setup_open(
    struct setup *setup, const struct options *options, unsigned wants);
/* After setup_open, whatever that gave, or of a zeroed one. */
void setup_close(struct setup *setup);

/* The run, but for list, report, totals and outputs.  Says so when fewer
 * targets can be fetched at once than was asked for. */
void setup_run(struct setup *setup, struct run *run);

/* Totals of a run by these options, without any target yet. */
void setup_totals(const struct options *options, struct run_totals *totals);

#endif
