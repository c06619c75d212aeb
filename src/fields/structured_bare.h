/*
 * structured_bare - the bare items and keys of RFC 9651, for structured.c.
 */
#ifndef AFETCH_FIELDS_STRUCTURED_BARE_H
#define AFETCH_FIELDS_STRUCTURED_BARE_H

#include "fields/structured.h"

/* Both take what they read off the lines, and return what is wrong with it, or
 * NULL. */
const char *structured_take_key(struct lines *lines, struct piece *out);
const char *structured_take_bare(
    struct lines *lines, struct structured_value *out);

#endif
