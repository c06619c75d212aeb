/*
 * csp - Content-Security-Policy (CSP3): what all policies of a response
 * together allow.  Each line and each comma begins a policy (section 2.2.1),
 * and all of them are enforced.
 */
#ifndef AFETCH_FIELDS_CSP_H
#define AFETCH_FIELDS_CSP_H

#include "fields/audience.h"
#include "fields/value.h"

/* FIELD_BOOL: may a script run that stands in the page, in an element or in an
 * attribute such as onclick; may eval().  True without a policy. */
void csp_get_inline_script(
    const struct field_head *head, struct field_value *out);
void csp_get_eval(const struct field_head *head, struct field_value *out);

/* Who may frame the page by frame-ancestors of all policies; false: no policy
 * has one. */
bool csp_find_framing(const struct field_head *head, enum audience *out);

/* For fields.h: the sources of a directive, as they stand in the first policy
 * that has it; FIELD_BOOL true without any. */
void csp_get_member(
    const struct field_head *head, struct span member, struct field_value *out);
void csp_get_valid(const struct field_head *head, struct field_value *out);

#endif
