/*
 * gauge - shows how far a crawl is while it goes: on a line that stands below
 * all others, and in whole when a signal asks for it.
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

/* A crawl begins, whose totals are there already. */
void gauge_open(struct gauge *gauge, struct loop *loop,
    const struct crawl *crawl, const struct outputs *outputs);
/* Nothing of the line is left to be seen. */
void gauge_close(struct gauge *gauge);

/* The loop goes idle, and the outputs have advanced: draws the line, if that
 * was not done just now. */
void gauge_idle(struct gauge *gauge);
/* Somebody asks: puts all that is known on stderr. */
void gauge_tell(struct gauge *gauge);

#endif
