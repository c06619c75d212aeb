/*
 * asked - which sinks of a table the options ask for.
 */
#ifndef AFETCH_SINKS_ASKED_H
#define AFETCH_SINKS_ASKED_H

#include "sinks.h"

/* The name that the options give the file of such a sink; NULL: none. */
const char *sink_file_name(
    const struct sink *sink, const struct options *options);
/* Is it on, in this run or for this sum? */
bool sink_is_on(const struct sink_table *table, const struct sink *sink,
    const struct options *options);
/* REPORT_WANTS_… of one that is on. */
unsigned sink_wants(const struct sink *sink, const struct options *options);

#endif
