/*
 * mask - which header fields differ by nature from one response to the next,
 * so that a comparison leaves them out.  Pure.
 */
#ifndef AFETCH_MASK_H
#define AFETCH_MASK_H

#include "text/span.h"

#include <stdbool.h>
#include <stddef.h>

enum mask_kind {
    MASK_NOTHING, /* all of the value is compared */
    MASK_COOKIE, /* only the cookie's name is: what is before "=" or ";" */
    MASK_ALL, /* the field is not compared */
};

/* All zero: the fields of the table. */
struct mask {
    bool none; /* without the table */
    /* And of these: each a list of names between commas. */
    const char *const *ignored;
    size_t count;
};

/* How much of a field of this name, in any case, is compared. */
enum mask_kind mask_find(const struct mask *mask, struct span name);

/* The names of the table, Set-Cookie left out; NULL after the last one. */
const char *mask_name(size_t i);

#endif
