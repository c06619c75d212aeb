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
