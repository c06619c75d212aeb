/*
 * learning - see learning.h.
 */
#include "crawl/learning.h"

#include "exit.h"
#include "judge/learned.h"
#include "record/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_SHOWN = 10 };

int learning_compare(struct learning *learning, struct result *first,
    const struct result *second)
{
    struct snapshot a, b = {0};
    int error = snapshot_of_result(&a, first, &learning->mask);
    if (!error)
        error = snapshot_of_result(&b, second, &learning->mask);
    if (!error)
        error = learned_find(&first->learned, &a, &b);
    snapshot_fini(&a);
    snapshot_fini(&b);
    if (!error)
        error = learned_add(&learning->learned, first->learned);
    return error < 0 ? error : 0;
}

void learning_tell(const struct learning *learning)
{
    const char *at = learning->learned;
    char names[1024] = "";
    size_t len = 0, more = 0, shown = 0;
    for (; at && *at; at += strcspn(at, "\n") + 1) {
        size_t one = strcspn(at, "\n");
        if (shown == NAMES_SHOWN || len + one + 3 > sizeof names) {
            more++;
            continue;
        }
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%.*s",
            shown++ ? ", " : "", (int)one, at);
    }
    if (more)
        warn("not compared, since it differs between two fetches: %s, and %zu "
             "more",
            names, more);
    else if (len)
        warn("not compared, since it differs between two fetches: %s", names);
}

void learning_fini(struct learning *learning)
{
    free(learning->learned);
    learning->learned = NULL;
}
