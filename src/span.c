/*
 * span - see span.h.
 *
 * <ctype.h> is not used: it asks the locale, and a name's or port's letters
 * are the same in Turkish.
 */
#include "span.h"

#include <string.h>

bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool byte_is_hex(char c)
{
    return byte_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool byte_is_alnum(char c)
{
    return byte_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool byte_is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

bool byte_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool byte_is_scheme(char c)
{
    return byte_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

size_t span_of(struct span span, byte_kind *is)
{
    size_t len = 0;
    while (len < span.len && is(span.at[len]))
        len++;
    return len;
}

bool span_is(struct span span, byte_kind *is)
{
    return span_of(span, is) == span.len;
}

size_t span_until(struct span span, const char *stops)
{
    for (; *stops; stops++) {
        const char *stop = memchr(span.at, *stops, span.len);
        if (stop)
            span.len = (size_t)(stop - span.at);
    }
    return span.len;
}

bool span_has(struct span span, char byte)
{
    return memchr(span.at, byte, span.len) != NULL;
}

bool span_has_prefix(struct span span, const char *prefix)
{
    size_t len = strlen(prefix);
    return span.len >= len && memcmp(span.at, prefix, len) == 0;
}

struct span span_take(struct span *span, size_t len)
{
    struct span taken = {span->at, len};
    span->at += len;
    span->len -= len;
    return taken;
}

struct span span_take_column(struct span *line)
{
    span_take(line, span_of(*line, byte_is_blank));
    return span_take(line, span_until(*line, " \t"));
}

bool span_copy(struct span span, char *out, size_t size)
{
    if (span.len >= size)
        return false;
    memcpy(out, span.at, span.len);
    out[span.len] = '\0';
    return true;
}
