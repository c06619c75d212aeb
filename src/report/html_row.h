/*
 * html_row - a target as a row of the page's table.
 */
#ifndef AFETCH_HTML_ROW_H
#define AFETCH_HTML_ROW_H

#include <stddef.h>

struct output;
struct result;

/* Writes <tr>…</tr> with up to *room bytes of the heads, and subtracts from
 * *room what was written of them. */
void html_row_put(
    struct output *out, const struct result *result, size_t *room);
/* <thead>…</thead> of the table. */
void html_row_put_head(struct output *out);

#endif
