/*
 * referrer - Referrer-Policy (Referrer Policy, section 8.1): the last known
 * token of the joined lines.
 */
#ifndef AFETCH_FIELDS_REFERRER_H
#define AFETCH_FIELDS_REFERRER_H

#include "fields/value.h"

/* FIELD_TEXT: the policy that it sets; none: the browser's default applies. */
void referrer_get(const struct field_head *head, struct field_value *out);
/* For fields.h: are all tokens known ones? */
void referrer_get_valid(const struct field_head *head, struct field_value *out);

#endif
