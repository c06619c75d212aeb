/*
 * html_timeline - the run as a picture in SVG: a line for each target, from
 * when it was begun, its phases in colours.
 *
 * Up to HTML_TIMELINE_NAMED targets have their names beside the bars; of more
 * than HTML_TIMELINE_MAX the first ones are shown.
 */
#ifndef AFETCH_HTML_TIMELINE_H
#define AFETCH_HTML_TIMELINE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct output;
struct result;

enum { HTML_TIMELINE_NAMED = 100, HTML_TIMELINE_MAX = 20000 };

struct bar;

struct html_timeline { /* all zero but for `begun` to begin with */
    struct timespec begun; /* the run, wall clock */
    struct bar *bars; /* heap */
    size_t count, size;
    int64_t end; /* ns from begun on, of the last one */
};

/* One more target, which has ended.  0 or -ENOMEM. */
int html_timeline_add(
    struct html_timeline *timeline, const struct result *result);
/* A section of the page; nothing without any target that was begun. */
void html_timeline_put(struct html_timeline *timeline, struct output *out);
void html_timeline_fini(struct html_timeline *timeline);

#endif
