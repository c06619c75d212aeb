/*
 * run - one crawl on a loop of its own: loop, resolver, signals, outputs.
 */
#ifndef AFETCH_RUN_H
#define AFETCH_RUN_H

#include "crawl/crawl.h"
#include "crawl/gauge.h"
#include "output/buffer.h"

struct source;

struct run {
    struct crawl crawl; /* fetch.resolver and backpressure are made here,
                           fetch.tls forgets its sessions */
    unsigned per_address; /* connections to one at once; 0: no limit */
    struct source *source; /* of connections; NULL: any */
    unsigned threads; /* that fetch, this one included */
    struct tls *const *tls; /* one for each; this one's is fetch.tls */
    const char *dns_servers; /* NULL: the system's */
    bool again; /* its report was told already that it begins */
    struct gauge_wish gauge; /* how it is shown while it goes */
    void (*reopen)(void *arg); /* begins a new log, when SIGHUP asks for it */
    void *reopen_arg;
    struct outputs outputs; /* advance when the loop goes idle; when the first
                               cannot be written any more, the run is ended */
};

/*
 * Runs to the end; the outputs may still hold data: flush them.  Sets
 * totals->wall and ->concurrency.  0; -ECANCELED: a signal or an output ended
 * it, perhaps when nothing was left to do; a negative error of crawl, with
 * *what NULL; or of what *what names.
 */
int run(struct run *run, const char **what);

#endif
