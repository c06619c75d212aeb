/*
 * list - where targets come from: the command line, then each list file, a
 * line at a time.  Blank lines and comments are skipped; a line that is not a
 * target is an item, too, so that it gets its record.
 */
#ifndef AFETCH_LIST_H
#define AFETCH_LIST_H

#include "input/filter.h"
#include "input/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list;

enum { LIST_LINE_MAX = 64 * 1024 }; /* bytes of a line */

struct list_sources {
    const char *const *arguments; /* targets */
    size_t argument_count;
    const char *const *files; /* "-": stdin */
    size_t file_count;
    struct filters filters; /* what they do not take is skipped, but counted in
                               the index */
    bool columns; /* of lines behind the target and its address are wanted */
};

/*
 * Opens every file.  0; -ENOMEM; or the -errno of the file *failed, a string
 * of the sources.
 */
int list_open(
    struct list **out, const struct list_sources *sources, const char **failed);
/* NULL-safe. */
void list_close(struct list *list);

/* A run begins: targets from the command line and regular files count as known
 * from now. */
void list_begin(struct list *list);

struct list_item {
    uint64_t index; /* from 0, over all sources, fetched or not */
    struct target *target; /* the caller destroys it; NULL: a bad target */
    char *shown; /* of a bad target: what may be shown; the caller frees */
    size_t shown_len; /* there may be NUL bytes in it */
    char *columns; /* what they are, in heap memory; the caller frees it; NULL:
                      none are wanted, or there is none */
    const char *reason; /* of a bad target: static text */
    const char *source; /* file name as given, NULL: the command line */
    size_t line; /* in that file, or of the arguments; from 1 */
    int64_t known_at; /* loop_time: since when it could have begun */
};

/* Awaits.  0; ASYNC_EOF; -ENOMEM; or the -errno of reading list_source(). */
int list_next(struct list *list, struct list_item *item);

/* Has the filters see each line that is left, whatever they say, and parses
 * none.  Blocks.  As list_next, but 0 at the end. */
int list_skim(struct list *list);

/* Frees what it holds. */
void list_item_fini(struct list_item *item);
/* Not begun: it counts among the rest.  Frees what it holds. */
void list_leave(struct list *list, struct list_item *item);

/* The file that is being read; NULL before the first. */
const char *list_source(const struct list *list);

/* How many items were taken; counted once if it was rewound. */
uint64_t list_count(const struct list *list);

/* How many targets were left or come after the last item, as far as can be
 * told without waiting and in a second.  Reads the list to its end. */
uint64_t list_count_rest(struct list *list);

/* How many targets the list has, fetched or not; -1: it has not been read to
 * its end, or its end was only counted. */
int64_t list_length(const struct list *list);

/*
 * From now on every line is kept in memory, with 3 to 5 bytes beside it (see
 * list_kept.h), so that list_rewind can begin again with the first.  Call it
 * before list_next.
 */
void list_keep(struct list *list);
void list_rewind(struct list *list);

#endif
