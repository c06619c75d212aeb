/*
 * list_text - what a line of a list says.
 */
#ifndef AFETCH_LIST_TEXT_H
#define AFETCH_LIST_TEXT_H

#include "text/span.h"

/* What is left of a line: no CR of a CRLF, no comment, no blanks around it; a
 * "#" within a word begins none. */
struct span list_text(struct span line);

/* The first line of a file, without a byte order mark. */
struct span list_text_first(struct span line);

#endif
