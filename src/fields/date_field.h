/*
 * date_field - fields that are one HTTP-date: Date, Expires, Last-Modified,
 * Sunset, and Retry-After when it is no number.
 */
#ifndef AFETCH_FIELDS_DATE_FIELD_H
#define AFETCH_FIELDS_DATE_FIELD_H

#include "fields/value.h"

enum date_state {
    DATE_ABSENT,
    DATE_WRONG, /* the first line is no date */
    DATE_CONFLICT, /* another line says otherwise */
    DATE_GOOD,
};

/* Reads the lines, which are never joined: a comma is part of a date.  `out`
 * is set when it is good: seconds since 1970. */
enum date_state date_field_read(
    const struct field_head *head, struct span name, int64_t *out);

#endif
