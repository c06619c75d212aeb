/*
 * hostname - see hostname.h.
 */
#include "input/hostname.h"

#include <errno.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_LEN = 253, /* RFC 1035 section 2.3.4, as text */
    LABEL_MAX_LEN = 63,
    /* UTF-8 has at most four bytes for a character, and an A-label at least
     * one: nothing longer becomes a name. */
    UNICODE_NAME_MAX_LEN = 4 * (NAME_MAX_LEN + 1),
};

static const char name_too_long[] = "host name longer than 253 bytes";
static const char label_too_long[] = "label in host name longer than 63 bytes";

/* The underscore is no host name's (RFC 952), but such names work. */
static bool is_name_byte(char c)
{
    return byte_is_alnum(c) || c == '-' || c == '_';
}

static bool is_hyphen_or_dot(char c)
{
    return c == '-' || c == '.';
}

/* 127 or 0x7f; no top-level domain is (RFC 3696 section 2). */
static bool is_number(struct span label)
{
    if (span_has_prefix(label, "0x") || span_has_prefix(label, "0X")) {
        span_take(&label, 2);
        return span_is(label, byte_is_hex);
    }
    return span_is(label, byte_is_digit);
}

static const char *check_label(struct span label)
{
    if (label.len == 0)
        return "empty label in host name";
    if (label.len > LABEL_MAX_LEN)
        return label_too_long;
    if (!span_is(label, is_name_byte))
        return "character not allowed in host name";
    return NULL;
}

const char *hostname_check(struct span name)
{
    struct span rest = name, label;
    if (name.len > NAME_MAX_LEN)
        return name_too_long;
    for (;;) {
        label = span_take(&rest, span_until(rest, "."));
        const char *wrong = check_label(label);
        if (wrong)
            return wrong;
        if (rest.len == 0)
            break;
        span_take(&rest, 1);
    }
    if (is_number(label))
        return "neither a host name nor an IPv4 address";
    if (span_is(name, is_hyphen_or_dot))
        return "host name of hyphens only";
    return NULL;
}

static const char *idna_text(int error)
{
    switch (error) {
    case IDN2_ENCODING_ERROR:
        return "host name is not valid UTF-8";
    case IDN2_PUNYCODE_BIG_OUTPUT:
    case IDN2_TOO_BIG_LABEL:
        return label_too_long;
    case IDN2_TOO_BIG_DOMAIN:
        return name_too_long;
    default:
        return "host name not allowed by IDNA 2008";
    }
}

static int convert_idn(const char *name, char **out, const char **reason)
{
    int error = idn2_to_ascii_8z(name, out, IDN2_NONTRANSITIONAL);
    if (error == IDN2_OK)
        return 0;
    if (error == IDN2_MALLOC)
        return -ENOMEM;
    *reason = idna_text(error);
    return -EINVAL;
}

int hostname_convert(struct span name, char **out, const char **reason)
{
    if (name.len > UNICODE_NAME_MAX_LEN) {
        *reason = name_too_long;
        return -EINVAL;
    }
    char *copy = strndup(name.at, name.len);
    if (!copy)
        return -ENOMEM;
    int rc = convert_idn(copy, out, reason);
    free(copy);
    return rc;
}
