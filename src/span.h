/*
 * span - a piece of text that somebody else owns, and what its bytes are.
 *
 * Bytes are ASCII or nothing, whatever the locale; a NUL is a byte like any
 * other.  No function looks beyond a span's length or allocates.
 */
#ifndef AFETCH_SPAN_H
#define AFETCH_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *at; /* not NULL */
    size_t len;
};

typedef bool byte_kind(char c);
byte_kind byte_is_digit, byte_is_hex, byte_is_alnum, byte_is_ascii;
byte_kind byte_is_blank; /* SP and HTAB */
byte_kind byte_is_scheme; /* RFC 3986 section 3.1 */

/* How many bytes at its beginning are of one kind; whether all are. */
size_t span_of(struct span span, byte_kind *is);
bool span_is(struct span span, byte_kind *is);

/* How many bytes stand before the first of these stops. */
size_t span_until(struct span span, const char *stops);

bool span_has(struct span span, char byte);
bool span_has_prefix(struct span span, const char *prefix);

/* Takes its first `len` bytes off and returns them. */
struct span span_take(struct span *span, size_t len);
/* Takes blanks and the column behind them off and returns the column. */
struct span span_take_column(struct span *line);

/* Writes a string for functions that want one; false if it does not fit. */
bool span_copy(struct span span, char *out, size_t size);

#endif
