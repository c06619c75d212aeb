/*
 * list_kept - the lines of a list, kept in memory for another round.
 *
 * A line takes its own bytes and 3 to 5 more: its length, and its distance
 * from the line before.
 */
#ifndef AFETCH_LIST_KEPT_H
#define AFETCH_LIST_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line that is not empty, from any source. */
struct list_line {
    const char *bytes;
    size_t len;
    bool too_long;
    bool utf16; /* as is all of its file */
    const char *source; /* static, or as long as the list; NULL: an argument */
    size_t number;
    uint64_t index;
    int64_t known_at; /* is not kept */
};

struct kept_chunk;

/* The members are private to list_kept; all zero: no line is kept. */
struct list_kept {
    struct kept_chunk *first, *last;
    struct kept_place {
        const struct kept_chunk *chunk;
        size_t at; /* in it */
        struct list_line line; /* the one before */
    } reading;
    struct list_line added; /* the last one */
};

/* Adds a copy of the line, whose index is above that of the line before.  0 or
 * -ENOMEM. */
int list_kept_add(struct list_kept *kept, const struct list_line *line);
/* Begins again with the first line. */
void list_kept_rewind(struct list_kept *kept);
/* The next line, whose bytes list_kept owns; false: there are no more. */
bool list_kept_next(struct list_kept *kept, struct list_line *line);
void list_kept_fini(struct list_kept *kept);

#endif
