/*
 * selector_field - the value of a response field.
 */
#ifndef AFETCH_SELECTOR_FIELD_H
#define AFETCH_SELECTOR_FIELD_H

struct response;
struct selector_value;

/*
 * Several lines of a field are one value, joined by ", " (RFC 9110 section
 * 5.3); those of Set-Cookie stay a list (RFC 6265 section 3).  0 or -ENOMEM,
 * and SELECTOR_NONE without such a field, as in selector_get.
 */
int selector_get_field(const struct response *response, const char *name,
    struct selector_value *out);

#endif
