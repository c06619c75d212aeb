/*
 * escape - strangers' bytes made fit for a terminal and for one line.
 *
 * Invariant: no byte of the escaped form can move a cursor, end a line or
 * begin an escape sequence, in UTF-8 or in any 8-bit character set.
 */
#include "text/escape.h"

#include "text/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_plain_ascii(unsigned char c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\t';
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes at once: none below 0x20, none from 0x7f on.  The top bit of a
 * byte is set by itself, by borrowing for 0x20, or by 0x7f plus one; only a
 * byte that is not plain borrows from or carries to another. */
static bool is_plain_ascii_word(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    uint64_t top = word | (word - EACH_BYTE(0x20)) | (word + EACH_BYTE(1));
    return (top & EACH_BYTE(0x80)) == 0;
}

static size_t plain_ascii(const unsigned char *bytes, size_t len)
{
    size_t at = 0;

    while (len - at >= sizeof(uint64_t) && is_plain_ascii_word(bytes + at))
        at += sizeof(uint64_t);
    /* The rest as the end of the text's last eight. */
    if (len >= sizeof(uint64_t) && len - at < sizeof(uint64_t) &&
        is_plain_ascii_word(bytes + len - sizeof(uint64_t)))
        return len;
    while (at < len && is_plain_ascii(bytes[at]))
        at++;
    return at;
}

/* Bytes from 0x80 on that may stay: a UTF-8 character that is no C1 control,
 * or one stray byte that is none.  0 when the first is to be escaped. */
static size_t plain_high(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t length = utf8_sequence(bytes, len);

    if (length == 2 && s[0] == 0xc2 && s[1] < 0xa0)
        return 0;
    if (length > 0)
        return length;
    return s[0] >= 0xa0 ? 1 : 0;
}

size_t escape_plain(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t at = 0;

    for (;;) {
        size_t high;
        at += plain_ascii(s + at, len - at);
        if (at == len || s[at] < 0x80)
            return at;
        high = plain_high(bytes + at, len - at);
        if (high == 0)
            return at;
        at += high;
    }
}

void escape_byte(char out[ESCAPE_LEN], char byte)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char c = (unsigned char)byte;

    out[0] = '\\';
    out[1] = 'x';
    out[2] = digits[c >> 4];
    out[3] = digits[c & 0xf];
}

size_t escape_quote(char *buf, size_t size, const char *bytes, size_t len)
{
    size_t written = 0;

    for (size_t at = 0; at < len; at++) {
        bool plain = is_plain_ascii((unsigned char)bytes[at]);
        size_t takes = plain ? 1 : ESCAPE_LEN;
        if (size - 1 - written < takes)
            break;
        if (plain)
            buf[written] = bytes[at];
        else
            escape_byte(buf + written, bytes[at]);
        written += takes;
    }
    buf[written] = '\0';
    return written;
}

size_t escape_write(char *buf, size_t size, const char *bytes, size_t len)
{
    size_t room = size - 1, at = 0, written = 0;

    while (at < len) {
        size_t plain = escape_plain(bytes + at, len - at);
        size_t fits = plain < room - written ? plain : room - written;
        memcpy(buf + written, bytes + at, fits);
        written += fits;
        at += plain;
        if (fits < plain || at == len || room - written < ESCAPE_LEN)
            break;
        escape_byte(buf + written, bytes[at++]);
        written += ESCAPE_LEN;
    }
    buf[written] = '\0';
    return written;
}
