/*
 * fetch_split - the values of a field as browsers split them (Fetch, "get,
 * decode, and split"): at commas that are not in quotes, with blanks off
 * their ends; empty ones, too.
 */
#ifndef AFETCH_FIELDS_FETCH_SPLIT_H
#define AFETCH_FIELDS_FETCH_SPLIT_H

#include "fields/lines.h"

struct fetch_split {
    struct lines lines;
    bool is_over;
};

/* False: there is no such field. */
bool fetch_split_init(
    struct fetch_split *split, const struct field_head *head, const char *name);
/* The next value; false: that was all. */
bool fetch_split_next(struct fetch_split *split, struct piece *out);

#endif
