/*
 * filter - which lines of a list are fetched: those that every filter takes.
 */
#ifndef AFETCH_FILTER_H
#define AFETCH_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* A line that is not empty, without comment and surrounding blanks. */
struct filter_line {
    const char *bytes;
    size_t len;
    const char *source; /* the file, as given; NULL: the command line */
    size_t number; /* in that file, or of the arguments; from 1 */
};

/* Lines come in the order of the list, and may come again from the first on.
 * 1: it is fetched; 0: it is not; or -ENOMEM. */
typedef int filter_take(void *arg, const struct filter_line *line);

struct filter {
    filter_take *take;
    void *arg;
};

struct filters {
    const struct filter *items;
    size_t count;
};

/* As filter_take; filters after one that does not take the line are not
 * called. */
int filters_take(const struct filters *filters, const struct filter_line *line);

#endif
