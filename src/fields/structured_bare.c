/*
 * structured_bare - see structured_bare.h.
 *
 * Invariant: what is read has been checked to its last byte; nothing that
 * section 4.2 lets fail is read another way.
 */
#include "fields/structured_bare.h"

#include "text/utf8.h"

#include <string.h>

/* Section 3.3.1: at most fifteen digits; 3.3.2: twelve before the point,
 * three behind it. */
enum { INTEGER_DIGITS = 15, DECIMAL_WHOLE = 12, DECIMAL_FRACTION = 3 };

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alpha(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_key(char c)
{
    return is_lower(c) || byte_is_digit(c) || (c && strchr("_-.*", c));
}

/* tchar of RFC 9110 section 5.6.2, and ":" and "/". */
static bool byte_is_sf_token(char c)
{
    return byte_is_token(c) || c == ':' || c == '/';
}

/* Section 4.2.3.3. */
const char *structured_take_key(struct lines *lines, struct piece *out)
{
    int first = lines_peek(lines);
    if (first != '*' && !(first >= 0 && is_lower((char)first)))
        return "a key does not begin with a lower-case letter"
               " (RFC 9651 section 4.2.3.3)";
    out->from = *lines;
    out->len = lines_take_all(lines, is_key);
    return NULL;
}

/* Digits, as long as there are not too many. */
static size_t take_digits(struct lines *lines, size_t most, int64_t *number)
{
    size_t len = 0;
    while (len <= most && lines->at < lines->end && byte_is_digit(*lines->at)) {
        *number = *number * 10 + (*lines->at - '0');
        lines_skip(lines);
        len++;
    }
    return len;
}

static bool take_fraction(struct lines *lines, struct structured_value *out)
{
    size_t len = take_digits(lines, DECIMAL_FRACTION, &out->number);
    if (len == 0 || len > DECIMAL_FRACTION)
        return false;
    for (; len < DECIMAL_FRACTION; len++)
        out->number *= 10;
    out->type = BARE_DECIMAL;
    return true;
}

/* Section 4.2.4. */
static const char *take_number(
    struct lines *lines, struct structured_value *out)
{
    static const char why[] = "a number is none, or has too many digits"
                              " (RFC 9651 section 4.2.4)";
    bool is_negative = lines_take(lines, '-');
    out->type = BARE_INTEGER;
    out->number = 0;
    size_t len = take_digits(lines, INTEGER_DIGITS, &out->number);
    if (len == 0 || len > INTEGER_DIGITS)
        return why;
    if (lines_take(lines, '.') &&
        (len > DECIMAL_WHOLE || !take_fraction(lines, out)))
        return why;
    if (is_negative)
        out->number = -out->number;
    return NULL;
}

/* Section 4.2.5. */
static const char *take_string(
    struct lines *lines, struct structured_value *out)
{
    out->type = BARE_STRING;
    lines_skip(lines);
    out->text = (struct piece){*lines, 0};
    for (int c; (c = lines_peek(lines)) != '"'; out->text.len++) {
        if (c == '\\') {
            lines_skip(lines);
            out->text.len++;
            c = lines_peek(lines);
            if (c != '"' && c != '\\')
                return "a backslash in a string stands before neither a"
                       " backslash nor a quote (RFC 9651 section 4.2.5)";
        }
        if (c < 0)
            return "a string has no end (RFC 9651 section 4.2.5)";
        if (c < 0x20 || c > 0x7e)
            return "a string holds a byte that is not printable ASCII"
                   " (RFC 9651 section 4.2.5)";
        lines_skip(lines);
    }
    lines_skip(lines);
    return NULL;
}

/* Section 4.2.6. */
static const char *take_token(struct lines *lines, struct structured_value *out)
{
    out->type = BARE_TOKEN;
    out->text.from = *lines;
    out->text.len = lines_take_all(lines, byte_is_sf_token);
    return NULL;
}

static bool is_base64(char c)
{
    return byte_is_alnum(c) || c == '+' || c == '/';
}

static bool is_padding(char c)
{
    return c == '=';
}

/* Section 4.2.7: padding may be missing, and bits of it that are not zero do
 * not count. */
static const char *take_bytes(struct lines *lines, struct structured_value *out)
{
    out->type = BARE_BYTES;
    lines_skip(lines);
    out->text.from = *lines;
    size_t len = lines_take_all(lines, is_base64);
    size_t padding = lines_take_all(lines, is_padding);
    out->text.len = len + padding;
    if (len % 4 == 1 || (padding > 0 && (len + padding) % 4 != 0) ||
        padding > 2 || !lines_take(lines, ':'))
        return "a byte sequence is no base64 between colons"
               " (RFC 9651 section 4.2.7)";
    return NULL;
}

/* Section 4.2.8. */
static const char *take_boolean(
    struct lines *lines, struct structured_value *out)
{
    out->type = BARE_BOOLEAN;
    lines_skip(lines);
    out->number = lines_take(lines, '1');
    if (!out->number && !lines_take(lines, '0'))
        return "a boolean is neither ?0 nor ?1 (RFC 9651 section 4.2.8)";
    return NULL;
}

/* Section 4.2.9. */
static const char *take_date(struct lines *lines, struct structured_value *out)
{
    lines_skip(lines);
    const char *why = take_number(lines, out);
    if (!why && out->type == BARE_DECIMAL)
        why = "a date is no whole number (RFC 9651 section 4.2.9)";
    out->type = BARE_DATE;
    return why;
}

/* A lower-case hex digit's value, or -1. */
static int hex_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A byte of a display string, in escapes or as it is; -1: it is none. */
static int take_escaped(struct lines *lines, size_t *len)
{
    int byte = lines_peek(lines);
    if (byte < 0x20 || byte > 0x7e)
        return -1;
    lines_skip(lines);
    ++*len;
    if (byte != '%')
        return byte;
    byte = 0;
    for (int i = 0; i < 2; i++, ++*len) {
        int digit = hex_value(lines_peek(lines));
        if (digit < 0)
            return -1;
        byte = byte * 16 + digit;
        lines_skip(lines);
    }
    return byte;
}

/* Section 4.2.10: UTF-8, of which a character is looked at at a time. */
static bool is_display(struct lines *lines, size_t *len)
{
    char character[4];
    size_t have = 0;
    while (lines_peek(lines) != '"') {
        int byte = take_escaped(lines, len);
        if (byte < 0)
            return false;
        character[have++] = (char)byte;
        if (utf8_sequence(character, have) == have)
            have = 0;
        else if (have == sizeof character || utf8_cut(character, have) != 0)
            return false;
    }
    return have == 0;
}

static const char *take_display(
    struct lines *lines, struct structured_value *out)
{
    out->type = BARE_DISPLAY;
    lines_skip(lines);
    if (lines_take(lines, '"')) {
        out->text = (struct piece){*lines, 0};
        if (is_display(lines, &out->text.len)) {
            lines_skip(lines);
            return NULL;
        }
    }
    return "a display string is no UTF-8 in lower-case escapes between"
           " %\" and \" (RFC 9651 section 4.2.10)";
}

/* Section 4.2.3.1. */
const char *structured_take_bare(
    struct lines *lines, struct structured_value *out)
{
    int c = lines_peek(lines);
    if (c == '-' || (c >= 0 && byte_is_digit((char)c)))
        return take_number(lines, out);
    if (c == '*' || (c >= 0 && is_alpha((char)c)))
        return take_token(lines, out);
    switch (c) {
    case '"':
        return take_string(lines, out);
    case ':':
        return take_bytes(lines, out);
    case '?':
        return take_boolean(lines, out);
    case '@':
        return take_date(lines, out);
    case '%':
        return take_display(lines, out);
    default:
        return "an item is of no type (RFC 9651 section 4.2.3.1)";
    }
}
