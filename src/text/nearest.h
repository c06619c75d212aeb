/*
 * nearest - which of some names a misspelled one is most like.  Pure.
 */
#ifndef AFETCH_NEAREST_H
#define AFETCH_NEAREST_H

#include "text/span.h"

/* All zero but for `word` to begin with. */
struct nearest {
    struct span word;
    const char *best; /* NULL: none is like it */
    unsigned distance;
};

/* One more candidate, a static text or one that lives as long. */
void nearest_try(struct nearest *nearest, const char *name);

/*
 * Insertions, deletions, changes and swaps of neighbours that make one of
 * the other, in any case of letters; capped at 4.  Long words are 4 apart.
 */
unsigned nearest_distance(struct span a, struct span b);

/* Is it so close that it is more likely this name misspelled than a name of
 * its own?  One letter from four on, two from eight on. */
bool nearest_is_slip(const struct nearest *nearest);

#endif
