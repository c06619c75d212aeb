/*
 * json_write - JSON's values put into an output, without stdio.
 *
 * Invariant: all that is put is ASCII or a well-formed UTF-8 character that
 * is no control.
 */
#include "report/json_write.h"

#include "output/buffer.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>

/* How many bytes from the start on are ASCII and stay as they are. */
static size_t plain_ascii(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t at = 0;

    while (at < len && s[at] >= 0x20 && s[at] < 0x7f && s[at] != '"' &&
           s[at] != '\\')
        at++;
    return at;
}

static void put_u_escape(struct output *out, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\', 'u'};

    text[2] = digits[unit >> 12 & 0xf];
    text[3] = digits[unit >> 8 & 0xf];
    text[4] = digits[unit >> 4 & 0xf];
    text[5] = digits[unit & 0xf];
    output_put(out, text, sizeof(text));
}

/* One that plain_ascii stops at: a control, a quote or a backslash. */
static void put_special(struct output *out, unsigned char c)
{
    static const char letters[] = {
        ['\b'] = 'b',
        ['\t'] = 't',
        ['\n'] = 'n',
        ['\f'] = 'f',
        ['\r'] = 'r',
        ['"'] = '"',
        ['\\'] = '\\',
    };

    if (c < sizeof(letters) && letters[c]) {
        char text[2] = {'\\', letters[c]};
        output_put(out, text, sizeof(text));
    } else {
        put_u_escape(out, c);
    }
}

/* U+0080 to U+00FF. */
static void put_latin1_char(struct output *out, unsigned char c)
{
    char text[2] = {(char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f))};

    if (c < 0xa0)
        put_u_escape(out, c);
    else
        output_put(out, text, sizeof(text));
}

void json_put_latin1_part(struct output *out, const char *bytes, size_t len)
{
    for (size_t at = 0;; at++) {
        size_t plain = plain_ascii(bytes + at, len - at);
        output_put(out, bytes + at, plain);
        at += plain;
        if (at == len)
            return;
        if ((unsigned char)bytes[at] < 0x80)
            put_special(out, (unsigned char)bytes[at]);
        else
            put_latin1_char(out, (unsigned char)bytes[at]);
    }
}

/* C1 controls, and the two that end a line in JavaScript. */
static unsigned unwelcome_bytes(const unsigned char *s, size_t length)
{
    if (length == 2 && s[0] == 0xc2 && s[1] < 0xa0)
        return s[1];
    if (length == 3 && s[0] == 0xe2 && s[1] == 0x80 &&
        (s[2] == 0xa8 || s[2] == 0xa9))
        return 0x2000U | (s[2] & 0x3fU);
    return 0;
}

/* The well-formed character that the bytes begin with; its length. */
static size_t put_utf8_char(struct output *out, const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    size_t length = utf8_sequence(bytes, len);
    unsigned unit = unwelcome_bytes(s, length);

    if (length == 1)
        put_special(out, s[0]);
    else if (unit)
        put_u_escape(out, unit);
    else
        output_put(out, bytes, length);
    return length;
}

void json_put_utf8_part(struct output *out, const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t plain = plain_ascii(bytes + at, len - at);
        output_put(out, bytes + at, plain);
        at += plain;
        if (at < len)
            at += put_utf8_char(out, bytes + at, len - at);
    }
}

void json_put_latin1(struct output *out, const char *bytes, size_t len)
{
    JSON_PUT(out, "\"");
    json_put_latin1_part(out, bytes, len);
    JSON_PUT(out, "\"");
}

void json_put_string(struct output *out, const char *bytes, size_t len)
{
    size_t plain = plain_ascii(bytes, len);

    JSON_PUT(out, "\"");
    output_put(out, bytes, plain);
    bytes += plain;
    len -= plain;
    if (utf8_valid(bytes, len))
        json_put_utf8_part(out, bytes, len);
    else
        json_put_latin1_part(out, bytes, len);
    JSON_PUT(out, "\"");
}

void json_put_text(struct output *out, const char *text)
{
    if (text)
        json_put_string(out, text, strlen(text));
    else
        JSON_PUT(out, "null");
}

/* The digits of value before `end`, zeros up to `width`; where they begin. */
static char *digits_before(char *end, uint64_t value, int width)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
        width--;
    } while (value > 0 || width > 0);
    return end;
}

void json_put_bool(struct output *out, bool value)
{
    if (value)
        JSON_PUT(out, "true");
    else
        JSON_PUT(out, "false");
}

void json_put_uint(struct output *out, uint64_t value)
{
    char text[20], *end = text + sizeof(text);
    char *begin = digits_before(end, value, 1);

    output_put(out, begin, (size_t)(end - begin));
}

void json_put_ms(struct output *out, int64_t ns)
{
    char text[24], *end = text + sizeof(text), *begin;
    uint64_t us;

    if (ns < 0) {
        JSON_PUT(out, "null");
        return;
    }
    us = ((uint64_t)ns + 500) / 1000;
    begin = digits_before(end, us % 1000, 3);
    *--begin = '.';
    begin = digits_before(begin, us / 1000, 1);
    output_put(out, begin, (size_t)(end - begin));
}

static void clock_set(struct json_clock *clock, time_t second)
{
    struct tm tm;

    clock->second = second;
    clock->len = 0;
    if (gmtime_r(&second, &tm))
        clock->len = strftime(
            clock->text, sizeof(clock->text), "\"%Y-%m-%dT%H:%M:%S.", &tm);
}

void json_put_time(
    struct json_clock *clock, struct output *out, const struct timespec *time)
{
    char tail[5] = {'0', '0', '0', 'Z', '"'};

    if (clock->len == 0 || clock->second != time->tv_sec)
        clock_set(clock, time->tv_sec);
    digits_before(tail + 3, (uint64_t)time->tv_nsec / 1000000, 3);
    output_put(out, clock->text, clock->len);
    output_put(out, tail, sizeof(tail));
}
