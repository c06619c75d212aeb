/*
 * hsts - Strict-Transport-Security (RFC 6797): is the host to be asked over
 * https only, and for how long?
 */
#ifndef AFETCH_FIELDS_HSTS_H
#define AFETCH_FIELDS_HSTS_H

#include "fields/value.h"

struct hsts {
    /* Why the field is ignored, a static text; NULL: it counts. */
    const char *why;
    int64_t max_age; /* seconds, at most HSTS_SECONDS_MAX; 0 switches it off */
    bool include_subdomains;
    bool preload; /* not of the RFC, but of hstspreload.org */
};

#define HSTS_SECONDS_MAX (INT64_C(1) << 31)

/* FIELD_BOOL: in force for the host, which it never is over http (section
 * 8.1) and for an address (8.1.1). */
void hsts_get_force(const struct field_head *head, struct field_value *out);
/* FIELD_DURATION; none when it is not in force. */
void hsts_get_max_age(const struct field_head *head, struct field_value *out);
/* FIELD_BOOL, false when it is not in force. */
void hsts_get_subdomains(
    const struct field_head *head, struct field_value *out);
void hsts_get_preload(const struct field_head *head, struct field_value *out);

/* For fields.h. */
void hsts_get_member(
    const struct field_head *head, struct span member, struct field_value *out);
void hsts_get_valid(const struct field_head *head, struct field_value *out);

#endif
