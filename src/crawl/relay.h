/*
 * relay - the header lines that a worker reads, on their way to the report.
 *
 * Those of a pass of the worker's loop go together, in a piece; of so many
 * pieces under way, or while the output is full, the worker's targets wait.
 */
#ifndef AFETCH_RELAY_H
#define AFETCH_RELAY_H

#include "fetch/response_reader.h"

#include <stdbool.h>

struct arrivals;
struct report_line;
struct relay; /* of one worker */
struct worker;

struct relay_config {
    struct worker *worker;
    struct arrivals *arrivals;
    void (*line)(void *arg, const struct report_line *line); /* a task of the
                                                                owner's */
    void *arg;
};

/* By the owner, before the worker has it.  0 or -ENOMEM. */
int relay_create(struct relay **out, const struct relay_config *config);
/* By the owner, when the worker has it no more, after workers_settle.
 * NULL-safe. */
void relay_destroy(struct relay *relay);
/* By the owner: whether the output is full. */
void relay_hold(struct relay *relay, bool held);

/* On the worker's loop, for struct fetch_config, with the relay as arg.  Of the
 * result the owner must look at nothing but its input.  Without memory the
 * worker gives up. */
response_line_fn relay_line;
response_room_fn relay_room;

/* The line as a report is told it. */
void relay_line_of(struct report_line *line, const struct result *result,
    const struct response_line *shown);

#endif
