/*
 * nosniff - X-Content-Type-Options (Fetch, "determine nosniff").
 */
#ifndef AFETCH_FIELDS_NOSNIFF_H
#define AFETCH_FIELDS_NOSNIFF_H

#include "fields/value.h"

/* FIELD_BOOL: are content types not guessed? */
void nosniff_get(const struct field_head *head, struct field_value *out);
/* For fields.h. */
void nosniff_get_valid(const struct field_head *head, struct field_value *out);

#endif
