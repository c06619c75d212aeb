/*
 * search_list - see search_list.h.
 *
 * c-ares reads the list, too, but from 1.20 on it does not tell it.
 */
#include "search_list.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NDOTS_MAX = 15, HOSTNAME = 256 };

struct search_list {
    int ndots;
    int count;
    char *domains; /* one after another, each with its NUL; NULL: none yet */
};

static const char blank[] = " \t\r\n\v\f";

/* --- reading --- */

/* Dots at its end say what is so anyway, and the root adds nothing. */
static size_t domain_length(const char *domain)
{
    size_t len = strlen(domain);
    while (len > 0 && domain[len - 1] == '.')
        len--;
    return len;
}

/* Up to `most` domains of the text, in place of those so far. */
static int take_domains(struct search_list *list, char *text, int most)
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

static void take_options(struct search_list *list, char *text)
{
    static const char ndots[] = "ndots:";
    char *rest = NULL;
    for (char *word = strtok_r(text, blank, &rest); word;
         word = strtok_r(NULL, blank, &rest)) {
        if (strncmp(word, ndots, sizeof ndots - 1))
            continue;
        long n = strtol(word + sizeof ndots - 1, NULL, 10);
        list->ndots = n < 0 ? 0 : n > NDOTS_MAX ? NDOTS_MAX : (int)n;
    }
}

/* "search DOMAIN…", "domain DOMAIN", "options OPTION…"; of the former two the
 * last one holds. */
static int take_line(struct search_list *list, char *line)
{
    size_t len = strcspn(line, blank);
    char *rest = line + len + (line[len] != '\0');
    line[len] = '\0';
    if (!strcmp(line, "search"))
        return take_domains(list, rest, INT_MAX);
    if (!strcmp(line, "domain"))
        return take_domains(list, rest, 1);
    if (!strcmp(line, "options"))
        take_options(list, rest);
    return 0;
}

static int take_file(struct search_list *list, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    int result = 0;
    while (!result && getline(&line, &size, file) >= 0)
        result = take_line(list, line);
    free(line);
    return result;
}

static int take_own_domain(struct search_list *list)
{
    char own[HOSTNAME];
    if (gethostname(own, sizeof own))
        return 0;
    own[sizeof own - 1] = '\0';
    char *dot = strchr(own, '.');
    return dot ? take_domains(list, dot + 1, 1) : 0;
}

static int fill(struct search_list *list, const char *path)
{
    FILE *file = fopen(path, "re");
    int result = file ? take_file(list, file) : 0;
    if (file)
        fclose(file);
    return result || list->domains ? result : take_own_domain(list);
}

int search_list_create(struct search_list **out, const char *path)
{
    struct search_list *list = calloc(1, sizeof *list);
    if (!list)
        return -ENOMEM;
    list->ndots = 1;
    int result = fill(list, path);
    if (result)
        search_list_destroy(list);
    else
        *out = list;
    return result;
}

void search_list_destroy(struct search_list *list)
{
    if (list)
        free(list->domains);
    free(list);
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
