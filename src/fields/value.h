/*
 * value - what a response's fields say, as one value: a member of a field, or
 * a fact that holds after all its lines, policies and precedences.
 */
#ifndef AFETCH_FIELDS_VALUE_H
#define AFETCH_FIELDS_VALUE_H

#include "text/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_NONE, /* there is no such value; `why` may say why */
    FIELD_TEXT,
    FIELD_NUMBER, /* a whole number, also of seconds that are a plain member */
    FIELD_DECIMAL, /* of thousandths (RFC 9651 section 3.3.2) */
    FIELD_DURATION, /* ns */
    FIELD_BOOL,
    FIELD_DATE, /* seconds since 1970 */
};

enum { FIELD_TEXT_MAX = 128 }; /* of a text made for the occasion */

/* Not to be copied: `text` may point into it.  All zero: none. */
struct field_value {
    enum field_type type;
    const char *text; /* into the head, static, or `made`; any bytes */
    size_t len;
    int64_t number;
    /* Why it is false, none or not what a glance at the text suggests, with
     * the section: a static text such as "max-age stands twice, so the field
     * is ignored (RFC 6797 section 6.1)"; NULL: nothing to say. */
    const char *why;
    char made[FIELD_TEXT_MAX];
};

/* The response that facts are taken from, and what counts beside its fields.
 * Fields are read by http_fields (http/http.h). */
struct field_head {
    const char *head; /* as struct response has it, or NULL */
    size_t head_len;
    bool is_secure; /* it came over https */
    bool is_literal; /* from an address, not a name */
    const char *host; /* of its URL, without brackets */
    int64_t received_at; /* seconds since 1970 */
};

/* Static texts, or such as live as long as the head. */
void field_set_bool(struct field_value *out, bool is, const char *why);
void field_set_text(struct field_value *out, const char *text, const char *why);
void field_set_number(
    struct field_value *out, enum field_type type, int64_t number);
void field_set_none(struct field_value *out, const char *why);

#endif
