/*
 * permissions - Permissions-Policy (section 5.2): a dictionary of RFC 9651,
 * one error voids the whole field.
 */
#ifndef AFETCH_FIELDS_PERMISSIONS_H
#define AFETCH_FIELDS_PERMISSIONS_H

#include "fields/value.h"

/* FIELD_TEXT: who may use the feature, "nobody", "self", "listed" (other
 * origins, too), "anyone"; none where the field does not say. */
void permissions_get(const struct field_head *head, struct span feature,
    struct field_value *out);

#endif
