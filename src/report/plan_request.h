/*
 * plan_request - the lines of a plan's request, as they may be shown.
 */
#ifndef AFETCH_PLAN_REQUEST_H
#define AFETCH_PLAN_REQUEST_H

#include "text/span.h"

#include <stdbool.h>

struct plan_line {
    struct span shown; /* any bytes; without the value of what is secret, */
    const char *rest; /* for which this stands: ": ***"; or "" */
};

/* Takes the next line off the head, the empty one left out; false: there is
 * none. */
bool plan_next_line(struct span *head, struct plan_line *out);

#endif
