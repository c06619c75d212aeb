/*
 * columns - the values that --show asks for, and each as the text of a cell.
 */
#ifndef AFETCH_COLUMNS_H
#define AFETCH_COLUMNS_H

#include "record/selector.h"

#include <stdbool.h>
#include <stddef.h>

struct column {
    struct span name; /* as it was written */
    struct selector selector;
    bool is_glob; /* of fields' names; there is no selector then */
};

struct columns {
    struct column *items; /* heap */
    size_t count;
};

/*
 * "status,server,x-cache*": selectors, between commas, or names of fields with
 * * and ? in them.  The text is not copied.  0; -ENOMEM; or -EINVAL with
 * *fault, and nothing written.
 */
int columns_parse(
    struct columns *out, const char *text, struct selector_fault *fault);
/* NULL-safe for items. */
void columns_fini(struct columns *columns);
/* Does one of them come from the head of a response? */
bool columns_need_head(const struct columns *columns);
bool columns_need_certs(const struct columns *columns);

/* A value as text.  Not to be copied. */
struct cell {
    const char *text; /* NULL: there is no such value */
    size_t len; /* any bytes; lines of a list end with LF but the last */
    struct selector_value value;
    char made[48];
    char *heap;
};

/*
 * Times are in seconds, dates as in records, what is true or false is these
 * words; of a glob it is "Name: value", a line for each field.  0, or -ENOMEM
 * without a value.  For cell_fini, either way.
 */
int column_get(const struct column *column, const struct selector_scope *scope,
    struct cell *out);
void cell_fini(struct cell *cell);

#endif
