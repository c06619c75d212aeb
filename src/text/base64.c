/*
 * base64 - see base64.h.
 */
#include "text/base64.h"

#include <stdlib.h>
#include <string.h>

void base64_group(char out[4], const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = (unsigned)bytes[0] << 16;
    bits |= count > 1 ? (unsigned)bytes[1] << 8 : 0;
    bits |= count > 2 ? bytes[2] : 0;
    out[0] = digits[bits >> 18];
    out[1] = digits[bits >> 12 & 63];
    out[2] = count > 1 ? digits[bits >> 6 & 63] : '=';
    out[3] = count > 2 ? digits[bits & 63] : '=';
}

/* -1: no digit. */
static int digit_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

long base64_decode(const char *text, size_t len, char *out)
{
    char *end = out;
    unsigned bits = 0, digits = 0;
    size_t padded = len;
    while (padded > 0 && len - padded < 2 && text[padded - 1] == '=')
        padded--;
    for (size_t i = 0; i < padded; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (unsigned)value;
        if (++digits % 4 != 1)
            *end++ = (char)(bits >> (6 - 2 * ((digits - 1) % 4)) & 0xff);
    }
    return len % 4 ? -1 : end - out;
}

char *basic_credentials(const char *user_pass, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)user_pass;
    char *text = malloc(sizeof "Basic " + 4 * (len / 3 + 1));
    if (!text)
        return NULL;
    char *out = stpcpy(text, "Basic ");
    for (size_t at = 0; at < len; at += 3, out += 4)
        base64_group(out, bytes + at, len - at < 3 ? len - at : 3);
    *out = '\0';
    return text;
}
