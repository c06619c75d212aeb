/*
 * search_list - the names that stand for a name, by the search list of
 * resolv.conf(5), read once.
 */
#ifndef ASYNC_SEARCH_LIST_H
#define ASYNC_SEARCH_LIST_H

#include <stddef.h>

struct search_list;

/*
 * Reads `path`; a file that cannot be read says nothing, as for the C library,
 * and without `search` or `domain` the list is the domain of this host's own
 * name.  0 or -ENOMEM.
 */
int search_list_create(struct search_list **out, const char *path);
/* NULL-safe. */
void search_list_destroy(struct search_list *list);

/*
 * The name to ask at this step (0, 1, …): `name` itself, or in `full`; NULL
 * past the last.  One with enough dots (ndots) is tried as it is first, any
 * other one last.
 */
const char *search_list_name(const struct search_list *list, const char *name,
    int step, char *full, size_t size);

#endif
