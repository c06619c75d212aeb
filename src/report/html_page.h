/*
 * html_page - the fixed parts of each page of --html, and the escaping of
 * untrusted text in it.
 */
#ifndef AFETCH_HTML_PAGE_H
#define AFETCH_HTML_PAGE_H

#include <stddef.h>
#include <stdint.h>

struct output;

/* Everything up to <body>, and from </body> on, with the script.  The policy in
 * the page allows this style and this script by their hashes, nothing else. */
extern const char html_page_head[];
extern const char html_page_end[];

/* Writes one line of text, for use between tags and in values in double quotes:
 * as verdict_put_escaped, with HTML's special characters escaped.  A
 * verdict_put. */
void html_put(struct output *out, const char *bytes, size_t len);
/* The same of a string; NULL: nothing. */
void html_put_text(struct output *out, const char *text);
/* ns as milliseconds with one decimal; nothing for none. */
void html_put_ms(struct output *out, int64_t ns);

#endif
