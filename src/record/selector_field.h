/*
 * selector_field - the value of a response field.
 */
#ifndef AFETCH_SELECTOR_FIELD_H
#define AFETCH_SELECTOR_FIELD_H

#include "text/span.h"

struct response;
struct selector_value;

/*
 * Several lines of a field are one value, joined by ", " (RFC 9110 section
 * 5.3); those of Set-Cookie stay a list (RFC 6265 section 3).  0 or -ENOMEM,
 * and SELECTOR_NONE without such a field, as in selector_get.
 */
int selector_get_field(const struct response *response, struct span name,
    struct selector_value *out);
/* The same, the lines of any field as a list. */
int selector_get_lines(const struct response *response, struct span name,
    struct selector_value *out);
/* How many lines the field has; SELECTOR_NONE without a head. */
void selector_count_lines(const struct response *response, struct span name,
    struct selector_value *out);

#endif
