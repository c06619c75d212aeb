/*
 * sink - an output whose bytes are looked at.
 */
#ifndef TESTS_FUZZ_SINK_H
#define TESTS_FUZZ_SINK_H

#include "text/span.h"

struct output;

/* The one of this process. */
struct output *sink_output(void);
/* Flushes; all that was written since the last call, until the next one. */
struct span sink_take(void);

#endif
