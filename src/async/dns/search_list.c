/*
 * search_list - see search_list.h.
 */
#include "async/dns/search_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search_list {
    int ndots;
    int count;
    char *domains; /* one after another, each with its NUL; NULL: not set */
};

static const char blank[] = " \t\r\n\v\f";

/* --- the list --- */

int search_list_create(struct search_list **out)
{
    struct search_list *list = calloc(1, sizeof *list);
    if (!list)
        return -ENOMEM;
    list->ndots = 1;
    *out = list;
    return 0;
}

void search_list_destroy(struct search_list *list)
{
    if (list)
        free(list->domains);
    free(list);
}

/* Dots at its end say what is so anyway, and the root adds nothing. */
static size_t domain_length(const char *domain)
{
    size_t len = strlen(domain);
    while (len > 0 && domain[len - 1] == '.')
        len--;
    return len;
}

int search_list_set(struct search_list *list, char *text, int most)
{
    char *rest = NULL, *end = malloc(strlen(text) + 1);
    if (!end)
        return -ENOMEM;
    free(list->domains);
    list->domains = end;
    list->count = 0;
    for (char *word = strtok_r(text, blank, &rest); word && most-- > 0;
         word = strtok_r(NULL, blank, &rest)) {
        size_t len = domain_length(word);
        if (len == 0)
            continue;
        memcpy(end, word, len);
        end[len] = '\0';
        end += len + 1;
        list->count++;
    }
    return 0;
}

bool search_list_is_set(const struct search_list *list)
{
    return list->domains;
}

void search_list_set_ndots(struct search_list *list, int ndots)
{
    list->ndots = ndots;
}

/* --- the names --- */

static int count_dots(const char *name)
{
    int dots = 0;
    for (; *name; name++)
        dots += *name == '.';
    return dots;
}

static const char *domain_at(const struct search_list *list, int i)
{
    const char *domain = list->domains;
    while (i-- > 0)
        domain += strlen(domain) + 1;
    return domain;
}

const char *search_list_name(const struct search_list *list, const char *name,
    int step, char *full, size_t size)
{
    int as_is = count_dots(name) >= list->ndots ? 0 : list->count;
    int domain = step - (step > as_is);
    if (step == as_is)
        return name;
    if (domain >= list->count)
        return NULL;
    snprintf(full, size, "%s.%s", name, domain_at(list, domain));
    return full;
}
