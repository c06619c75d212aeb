/*
 * width - how many columns of a terminal a text takes.
 *
 * Wide are the characters that Unicode's EastAsianWidth.txt has as W or F, in
 * whole blocks; those that are put over others take none.  Bytes that are no
 * UTF-8 take one each: they should have been escaped.
 *
 * Pure; everything works on (pointer, length) and any byte may come.
 */
#ifndef AFETCH_WIDTH_H
#define AFETCH_WIDTH_H

#include <stddef.h>

size_t width_of(const char *text, size_t len);

/* How many bytes of it take no more than `width` columns; *taken: columns. */
size_t width_cut(const char *text, size_t len, size_t width, size_t *taken);

#endif
