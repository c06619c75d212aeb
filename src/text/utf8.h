/*
 * utf8 - which bytes are well-formed UTF-8 (RFC 3629): no overlong forms, no
 * surrogates, nothing above U+10FFFF.
 *
 * Pure; everything works on (pointer, length) and any byte may come.
 */
#ifndef AFETCH_UTF8_H
#define AFETCH_UTF8_H

#include "text/span.h"

#include <stdbool.h>
#include <stddef.h>

/* The length, 1 to 4, of the sequence that the bytes begin with; 0 when they
 * begin with none, a cut-off one included, or len is 0. */
size_t utf8_sequence(const char *bytes, size_t len);

/* How many bytes are left without a sequence that their end may have cut
 * off; what comes behind them is not looked at. */
size_t utf8_cut(const char *bytes, size_t len);

/* Is all of it well-formed?  True for len 0. */
bool utf8_valid(const char *bytes, size_t len);

/* Converts ISO-8859-1 to UTF-8, each byte to one or two; returns how many were
 * written. */
size_t utf8_of_latin1(struct span text, char *out);

/* The text as records have it: unchanged if it is UTF-8, else decoded as
 * ISO-8859-1; heap; NULL: no memory.  Sets *len to its length. */
char *utf8_text(struct span text, size_t *len);

#endif
