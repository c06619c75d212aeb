/*
 * standing - a line that stands at the end of a terminal, below all that is
 * written there, until it is replaced or cleared.
 *
 * The cursor waits at its beginning: when the window becomes narrower, and the
 * line several, that is still where all of it begins.  Whoever writes to the
 * terminal clears it first.  It never waits for the reader unless told to.
 */
#ifndef AFETCH_STANDING_H
#define AFETCH_STANDING_H

#include <stdbool.h>
#include <stddef.h>

enum { STANDING_MAX = 1024 }; /* bytes of a line */

struct standing;

/* Empty; fd stays the caller's.  NULL: no memory. */
struct standing *standing_create(int fd);
/* Clears it, if that needs no waiting.  NULL-safe. */
void standing_destroy(struct standing *standing);

/* From now on it is this text, which is escaped already; nothing is done when
 * the terminal takes nothing now, or the text is too long. */
void standing_show(struct standing *standing, const char *text, size_t len);
/* True: nothing of it is to be seen.  With `wait` always. */
bool standing_clear(struct standing *standing, bool wait);

#endif
