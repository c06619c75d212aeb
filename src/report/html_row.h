/*
 * html_row - a target as a row of the page's table.
 */
#ifndef AFETCH_HTML_ROW_H
#define AFETCH_HTML_ROW_H

#include <stddef.h>

struct output;
struct result;

/* <tr>…</tr>; up to `room` bytes of its heads are in it, of which as many are
 * taken off. */
void html_row_put(
    struct output *out, const struct result *result, size_t *room);
/* <thead>…</thead> of the table. */
void html_row_put_head(struct output *out);

#endif
