/*
 * facts - the table of what holds for a response: name, type, unit, help and
 * how it is got from the head.  hsts, framing, cache.lifetime, …
 */
#ifndef AFETCH_FIELDS_FACTS_H
#define AFETCH_FIELDS_FACTS_H

#include "fields/value.h"

/* A fact; of one with a name behind it (permissions.FEATURE) also which. */
struct fact {
    size_t row; /* below fact_count */
    struct span name; /* the FEATURE; as it was given to fact_find */
};

extern const size_t fact_count;
/* What the table says of a row; all static texts. */
const char *fact_name(size_t row); /* "hsts.max-age", "permissions.FEATURE" */
enum field_type fact_type(size_t row);
const char *fact_unit(size_t row); /* NULL: none */
const char *fact_help(size_t row); /* a line, no full stop */

/* Which fact this name means; 0 or -EINVAL: it is none. */
int fact_find(struct span name, struct fact *out);

/* What holds; nothing is allocated.  Without a head: FIELD_NONE. */
void fact_get(const struct fact *fact, const struct field_head *head,
    struct field_value *out);

#endif
