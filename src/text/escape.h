/*
 * escape - makes remote bytes safe for a terminal and for one line.
 *
 * Escaped as \xNN (lower-case) are the C0 controls except TAB, DEL, bytes
 * 0x80-0x9f that are not part of valid UTF-8, and both bytes of U+0080 to
 * U+009F.  All other bytes stay as they are, the backslash too.
 *
 * In the quotes of messages all bytes from 0x80 up are escaped, too: quoted
 * bytes may have no character set, and may be cut within a character.
 *
 * Pure; everything works on (pointer, length) and any byte may come.
 */
#ifndef AFETCH_ESCAPE_H
#define AFETCH_ESCAPE_H

#include <stddef.h>

enum { ESCAPE_LEN = 4 }; /* bytes of one \xNN */

/* How many bytes from the start on may stay as they are. */
size_t escape_plain(const char *bytes, size_t len);

/* Writes \xNN, without a NUL. */
void escape_byte(char out[ESCAPE_LEN], char byte);

/*
 * The escaped form of the bytes, NUL-terminated, in buf; cut before the
 * first byte that does not fit (size 4 * len + 1 always does).  Returns the
 * length written.  size > 0.
 */
size_t escape_write(char *buf, size_t size, const char *bytes, size_t len);

/* The same for bytes that a message quotes. */
size_t escape_quote(char *buf, size_t size, const char *bytes, size_t len);

#endif
