/*
 * search_list - the names that stand for a name, by the search list of
 * resolv.conf(5).
 */
#ifndef ASYNC_SEARCH_LIST_H
#define ASYNC_SEARCH_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct search_list;

/* An empty one; ndots is 1.  0 or -ENOMEM. */
int search_list_create(struct search_list **out);
/* NULL-safe. */
void search_list_destroy(struct search_list *list);

/* Up to `most` domains between blanks of the text, which is cut up, in place
 * of those so far.  0 or -ENOMEM. */
int search_list_set(struct search_list *list, char *text, int most);
/* Was it, be it to none? */
bool search_list_is_set(const struct search_list *list);
/* Names with so many dots are tried as they are first. */
void search_list_set_ndots(struct search_list *list, int ndots);

/*
 * The name to ask at this step (0, 1, …): `name` itself, or in `full`; NULL
 * past the last.  One with enough dots (ndots) is tried as it is first, any
 * other one last.
 */
const char *search_list_name(const struct search_list *list, const char *name,
    int step, char *full, size_t size);

#endif
