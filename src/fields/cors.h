/*
 * cors - Access-Control-Allow-Origin (Fetch, "CORS check") and
 * Cross-Origin-Resource-Policy: exact values, which joined lines are not.
 */
#ifndef AFETCH_FIELDS_CORS_H
#define AFETCH_FIELDS_CORS_H

#include "fields/value.h"

/* FIELD_TEXT: the origin whose pages may read the response, "*" for any, when
 * they send no credentials; none: no other origin's. */
void cors_get_origin(const struct field_head *head, struct field_value *out);

/* For fields.h. */
void cors_get_valid(const struct field_head *head, struct field_value *out);
void corp_get_valid(const struct field_head *head, struct field_value *out);

#endif
