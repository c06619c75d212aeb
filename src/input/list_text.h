/*
 * list_text - the target in a line of a list.
 */
#ifndef AFETCH_LIST_TEXT_H
#define AFETCH_LIST_TEXT_H

#include "text/span.h"

/* The line without the CR of a CRLF, comment and surrounding blanks; a "#"
 * within a word does not begin a comment. */
struct span list_text(struct span line);

/* The first line of a file, without a byte order mark. */
struct span list_text_first(struct span line);

#endif
