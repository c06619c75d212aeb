/*
 * standing - a line that stands at the end of a terminal, below all that is
 * written there, until it is replaced or cleared.
 *
 * The cursor stays at its beginning, which remains the right place when the
 * window becomes narrower and the line wraps.  Everything that writes to the
 * terminal clears the line first.  No function waits for the terminal unless
 * told to.
 */
#ifndef AFETCH_STANDING_H
#define AFETCH_STANDING_H

#include <stdbool.h>
#include <stddef.h>

enum { STANDING_MAX = 1024 }; /* bytes of a line */

struct standing;

/* Empty; fd stays the caller's.  NULL: no memory. */
struct standing *standing_create(int fd);
/* Clears the line, if that can be done without waiting.  NULL-safe. */
void standing_destroy(struct standing *standing);

/* Replaces the line by this text, which must be escaped.  Does nothing when the
 * terminal accepts no bytes now, or the text is too long. */
void standing_show(struct standing *standing, const char *text, size_t len);
/* True: the line is cleared, or there was none.  Always true with `wait`. */
bool standing_clear(struct standing *standing, bool wait);

#endif
