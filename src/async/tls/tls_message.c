/*
 * tls_message - messages put together in a buffer of fixed size.
 */
#include "async/tls/tls_message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void message_add(char *to, size_t size, const char *format, ...)
{
    size_t used = strlen(to);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(to + used, size - used, format, arguments);
    va_end(arguments);
}

void message_quote(
    char *to, size_t size, const void *bytes, size_t len, size_t most)
{
    const unsigned char *next = bytes, *end = next + (len < most ? len : most);
    for (; next < end; next++) {
        bool plain = (*next >= ' ' && *next < 0x7f) || *next == '\t';
        message_add(to, size, plain ? "%c" : "\\x%02x", *next);
    }
    if (len > most)
        message_add(to, size, "...");
}
