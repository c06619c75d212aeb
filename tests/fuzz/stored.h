/*
 * stored - a stored head of fields, put together line by line.
 */
#ifndef TESTS_FUZZ_STORED_H
#define TESTS_FUZZ_STORED_H

#include "fields/value.h"
#include "text/span.h"

/* All zero to begin with; for stored_fini. */
struct stored {
    struct field_head head; /* over https, of www.a.example */
    char *text;
};

/* "NAME: VALUE", whatever the bytes are; an LF among them begins a line. */
void stored_add(struct stored *stored, const char *name, struct span value);
/* "NAME: FIRST, SECOND". */
void stored_add_both(struct stored *stored, const char *name, struct span first,
    struct span second);
void stored_fini(struct stored *stored);

/* Only now does the head end with its text, so that one read past it shows. */
const struct field_head *stored_head(struct stored *stored);

/* Of a fact of this name. */
void stored_get(
    struct stored *stored, const char *fact, struct field_value *out);
/* The number of a fact that is a bool or a duration; -1: it is none. */
int64_t stored_number(struct stored *stored, const char *fact);

#endif
