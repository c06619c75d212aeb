/* bar - see bar.h. */
#include "report/bar.h"

#include <string.h>

enum { NAME_MAX_KEPT = 200 }; /* bytes */

struct bar bar_of(const struct result *result, const struct timespec *begun)
{
    const struct timespec *at = &result->started_at;
    int64_t ns = (int64_t)(at->tv_sec - begun->tv_sec) * 1000000000 +
                 (at->tv_nsec - begun->tv_nsec);
    struct bar bar = {
        .at = ns > 0 ? ns : 0, /* the clock may have been set */
        .has_failed = result_has_failed(result),
    };
    for (int i = 0; i < BAR_PHASES; i++)
        if (result->timings[BAR_FIRST + i] > 0)
            bar.phases[i] = result->timings[BAR_FIRST + i];
    return bar;
}

bool bar_keep_name(struct bar *bar, const struct result *result)
{
    size_t len = result_input_len(result);
    bar->name =
        strndup(result->input, len < NAME_MAX_KEPT ? len : NAME_MAX_KEPT);
    return bar->name != NULL;
}

int64_t bar_begin_of(const struct bar *bar, int phase)
{
    int64_t at = bar->at;
    for (int i = 0; i < phase; i++)
        at += bar->phases[i];
    return at;
}

int bar_compare(const void *a, const void *b)
{
    const struct bar *first = a, *second = b;
    return (first->at > second->at) - (first->at < second->at);
}
