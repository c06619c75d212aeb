/*
 * selector_table - the table of selectors, and how each value is got.
 */
#ifndef AFETCH_SELECTOR_TABLE_H
#define AFETCH_SELECTOR_TABLE_H

#include "record/selector.h"

struct target;
struct tls_info;

/* What getters look at: the result, and what is the hop's in a hop's scope. */
struct selector_source {
    const struct result *result;
    const struct response *response;
    const struct target *target; /* NULL: a bad one */
    const int64_t *timings;
    const struct tls_info *tls, *certificate; /* NULL: not known */
    enum phase phase; /* the row's */
};

/* Writes a value of the row's type; or nothing, when there is none. */
typedef void selector_getter(
    const struct selector_source *source, struct selector_value *out);

struct selector_row {
    const char *name;
    const char *key; /* in records: mostly the name, without its group */
    enum selector_type type;
    const char *unit;
    selector_getter *get;
    enum phase phase; /* of a time */
    const char *help;
};

/* One for each selector_id. */
extern const struct selector_row selector_rows[SELECTOR_COUNT];

#endif
