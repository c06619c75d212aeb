/*
 * utf16 - see utf16.h.
 */
#include "text/utf16.h"

#include <string.h>

/* From that one on, and no other. */
static bool is_every_second_nul(const char *bytes, size_t len, size_t from)
{
    for (size_t i = 0; i < len; i++)
        if ((bytes[i] == '\0') != (i % 2 == from))
            return false;
    return len > 1;
}

bool utf16_begins(const char *bytes, size_t len)
{
    if (len > 1 &&
        (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
        return true;
    return is_every_second_nul(bytes, len, 0) ||
           is_every_second_nul(bytes, len, 1);
}
