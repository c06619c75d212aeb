/*
 * utf16 - is a text in UTF-16 (RFC 2781) instead of UTF-8?
 *
 * Pure; everything works on (pointer, length) and any byte may come.
 */
#ifndef AFETCH_UTF16_H
#define AFETCH_UTF16_H

#include <stdbool.h>
#include <stddef.h>

/* By its first line, up to the byte LF and not empty: a byte order mark, or
 * ASCII in which every second byte is NUL. */
bool utf16_begins(const char *bytes, size_t len);

#endif
