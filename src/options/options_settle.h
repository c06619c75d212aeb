/*
 * options_settle - what options mean together, once all were read.
 */
#ifndef AFETCH_OPTIONS_SETTLE_H
#define AFETCH_OPTIONS_SETTLE_H

#include "options/options.h"

/* Adds what the user left out (the list, the environment's proxies) and
 * refuses what does not go together.  Another outcome than OPTIONS_RUN has
 * said its words. */
enum options_outcome options_settle(struct options *options);

#endif
