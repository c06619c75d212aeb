/*
 * framing - who may show the page in a frame: X-Frame-Options (HTML,
 * "check X-Frame-Options"), which an enforced frame-ancestors overrides.
 */
#ifndef AFETCH_FIELDS_FRAMING_H
#define AFETCH_FIELDS_FRAMING_H

#include "fields/value.h"

/* FIELD_TEXT: "nobody", "self", "listed", "anyone". */
void framing_get(const struct field_head *head, struct field_value *out);

/* For fields.h: of X-Frame-Options. */
void framing_get_valid(const struct field_head *head, struct field_value *out);

#endif
