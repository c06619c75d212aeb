/*
 * cookies - the cookies of a response, as a browser stores them
 * (draft-ietf-httpbis-rfc6265bis section 5.6 and 5.7).
 */
#ifndef AFETCH_FIELDS_COOKIES_H
#define AFETCH_FIELDS_COOKIES_H

#include "fields/value.h"
#include "http/http.h"

/* One Set-Cookie line.  Spans are into the head; `at` NULL: not there. */
struct cookie {
    struct span name, value;
    bool is_secure, is_http_only;
    struct span same_site, path, domain; /* as they count: the last of each */
    bool has_max_age;
    int64_t max_age; /* seconds, by Max-Age, else by Expires; 0: expired; at
                        most 400 days (section 5.5) */
    const char *refused; /* why a browser does not store it; NULL: it does */
};

struct cookies {
    const struct field_head *head;
    struct http_fields fields;
};

void cookies_init(struct cookies *cookies, const struct field_head *head);
/* The next one, refused ones too; false: that was all. */
bool cookies_next(struct cookies *cookies, struct cookie *out);

/* For fields.h: the value of the cookie of this name, of equal ones the last;
 * are all of them stored? */
void cookies_get_member(
    const struct field_head *head, struct span member, struct field_value *out);
void cookies_get_valid(const struct field_head *head, struct field_value *out);

#endif
