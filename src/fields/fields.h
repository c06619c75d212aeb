/*
 * fields - one table of the fields that afetch knows the grammar of: how
 * their lines are joined, which values conform, what their members are, how
 * two values are compared.  Each grammar is a room of its own.
 *
 * A field that is not in the table is read by the general notation: as a
 * dictionary of RFC 9651 and, failing that, as a list of token[=value]
 * between commas or semicolons.
 */
#ifndef AFETCH_FIELDS_H
#define AFETCH_FIELDS_H

#include "fields/value.h"

/* The value of a member ("max-age" of Cache-Control), FIELD_BOOL true for one
 * without a value; FIELD_NONE when there is none, or when the field does not
 * conform, which `why` says.  The name is a response field's, in any case of
 * letters. */
void field_get_member(const struct field_head *head, struct span name,
    struct span member, struct field_value *out);

/* Does the field conform to its grammar?  FIELD_BOOL with a reason; FIELD_NONE
 * without such a field. */
void field_get_valid(
    const struct field_head *head, struct span name, struct field_value *out);

/* Are the field's (joined) value and this text equal by the field's own rule:
 * a media type, a token without case, a number in any spelling? */
bool field_is_equal(struct span name, struct span value, struct span text);

/* Is it a member of the field's list (Vary has Accept-Encoding; Cache-Control
 * has no-store; Link has a rel)?  By the field's own rule. */
bool field_has_member(
    const struct field_head *head, struct span name, struct span member);

/* The date that stands in the field, in one of the three forms of RFC 9110
 * section 5.6.7 (an SF Date where the field is one): FIELD_DATE or none. */
void field_get_date(
    const struct field_head *head, struct span name, struct field_value *out);

#endif
