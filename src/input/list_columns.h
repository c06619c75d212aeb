/*
 * list_columns - what a line of a list has behind its target.
 */
#ifndef AFETCH_LIST_COLUMNS_H
#define AFETCH_LIST_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

/* Is there anything?  On a command line two words that came to be one are a
 * mistake. */
bool list_columns_any(const char *line, size_t len);

/*
 * Takes all that is behind the target, and the address to connect to if one
 * stands there, off the line.  0, and *out in heap memory, or NULL when that
 * is nothing; or -ENOMEM.
 */
int list_columns_take(const char *line, size_t *len, char **out);

#endif
