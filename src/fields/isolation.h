/*
 * isolation - Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy
 * (HTML): each is an Item of RFC 9651 that is a Token, so two lines are void.
 */
#ifndef AFETCH_FIELDS_ISOLATION_H
#define AFETCH_FIELDS_ISOLATION_H

#include "fields/value.h"

/* FIELD_BOOL: do both make the page cross-origin isolated? */
void isolation_get(const struct field_head *head, struct field_value *out);

#endif
