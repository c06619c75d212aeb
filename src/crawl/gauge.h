/*
 * gauge - shows how far a crawl is while it goes: on a line that stands below
 * all others, and as a full report when a signal asks for it.
 */
#ifndef AFETCH_GAUGE_H
#define AFETCH_GAUGE_H

#include "async/core/loop.h"
#include "output/buffer.h"
#include "report/progress.h"

struct crawl;
struct standing;

/* What is to be shown, and where. */
struct gauge_wish {
    struct standing *standing; /* the line; NULL: none */
    int fd; /* of it */
    int64_t total; /* targets; -1: not known */
};

/* The fields are gauge's own. */
struct gauge {
    const struct gauge_wish *wish;
    const struct crawl *crawl;
    struct loop *loop;
    struct outputs outputs;
    struct loop_timer timer;
    int64_t began, drawn; /* loop_time */
    struct gauge_rate {
        int64_t at;
        uint64_t done;
        double rate;
    } rate;
};

/* At the start of a crawl, once its totals are set up. */
void gauge_open(struct gauge *gauge, struct loop *loop,
    const struct crawl *crawl, const struct outputs *outputs);
/* Clears the line. */
void gauge_close(struct gauge *gauge);

/* Call it when the loop becomes idle, after the outputs have advanced: draws
 * the line, unless it was drawn a moment ago. */
void gauge_idle(struct gauge *gauge);
/* The user asked (a signal): writes the full report to stderr. */
void gauge_tell(struct gauge *gauge);

#endif
