/*
 * utf8 - well-formed UTF-8 by the table of RFC 3629 section 4.
 *
 * Invariant: no byte past `len` is looked at.
 */
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The second byte's range depends on the first; all later ones are 80-BF. */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0: /* else overlong */
        return second >= 0xa0 && second <= 0xbf;
    case 0xed: /* else a surrogate */
        return second >= 0x80 && second <= 0x9f;
    case 0xf0: /* else overlong */
        return second >= 0x90 && second <= 0xbf;
    case 0xf4: /* else above U+10FFFF */
        return second >= 0x80 && second <= 0x8f;
    default:
        return second >= 0x80 && second <= 0xbf;
    }
}

/* By the first byte alone; 0 when none begins with it. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t utf8_sequence(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t length = len > 0 ? length_of(s[0]) : 0;

    if (length <= 1)
        return length;
    if (length > len || !second_byte_fits(s[0], s[1]))
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* What the first byte announces; 1 for one that begins no longer sequence. */
static size_t announced_length(unsigned char first)
{
    if (first < 0xc2 || first > 0xf4)
        return 1;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t utf8_cut(const char *bytes, size_t len)
{
    for (size_t back = 1; back <= len && back < 4; back++) {
        unsigned char byte = (unsigned char)bytes[len - back];
        if ((byte & 0xc0) != 0x80)
            return announced_length(byte) > back ? len - back : len;
    }
    return len;
}

bool utf8_valid(const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t length = utf8_sequence(bytes + at, len - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t utf8_of_latin1(struct span text, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x80)
            out[len++] = (char)(0xc0 | byte >> 6);
        out[len++] = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
    }
    return len;
}

char *utf8_text(struct span text, size_t *len)
{
    char *out = malloc(2 * text.len + 1);
    if (!out)
        return NULL;
    *len = text.len;
    if (utf8_valid(text.at, text.len))
        memcpy(out, text.at, text.len);
    else
        *len = utf8_of_latin1(text, out);
    out[*len] = '\0';
    return out;
}
