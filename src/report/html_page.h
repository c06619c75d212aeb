/*
 * html_page - what is alike in each page of --html, and how a text of a
 * stranger's gets into it.
 */
#ifndef AFETCH_HTML_PAGE_H
#define AFETCH_HTML_PAGE_H

#include <stddef.h>
#include <stdint.h>

struct output;

/* All up to <body>, and from </body> on with the script. The policy in it
 * allows this style and this script by their hashes, and nothing else. */
extern const char html_page_head[];
extern const char html_page_end[];

/* One line of text, for between tags and for values in double quotes: as
 * verdict_put_escaped, and no character that is HTML's. A verdict_put. */
void html_put(struct output *out, const char *bytes, size_t len);
/* The same of a string; NULL: nothing. */
void html_put_text(struct output *out, const char *text);
/* ns as milliseconds with one decimal; nothing for none. */
void html_put_ms(struct output *out, int64_t ns);

#endif
