/*
 * filter - see filter.h.
 */
#include "input/filter.h"

int filters_take(const struct filters *filters, const struct filter_line *line)
{
    int taken = 1;
    for (size_t i = 0; i < filters->count && taken > 0; i++)
        taken = filters->items[i].take(filters->items[i].arg, line);
    return taken;
}
