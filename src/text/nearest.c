/*
 * nearest - the optimal string alignment distance.
 *
 * Invariant: words longer than WORD_MAX are not looked at, so that three rows
 * of fixed size are enough.
 */
#include "text/nearest.h"

#include <string.h>

enum { WORD_MAX = 48, FAR = 4 };

static bool is_equal(char a, char b)
{
    return byte_lower(a) == byte_lower(b);
}

static unsigned least_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The rows of the prefixes of `a` one and two shorter, and this one. */
struct rows {
    unsigned before[WORD_MAX + 1], last[WORD_MAX + 1], now[WORD_MAX + 1];
};

static void fill_row(struct rows *rows, struct span a, struct span b, size_t i)
{
    rows->now[0] = (unsigned)i;
    for (size_t j = 1; j <= b.len; j++) {
        bool same = is_equal(a.at[i - 1], b.at[j - 1]);
        unsigned best = rows->last[j - 1] + !same;
        best = least_of(best, rows->last[j] + 1);
        best = least_of(best, rows->now[j - 1] + 1);
        if (i > 1 && j > 1 && is_equal(a.at[i - 1], b.at[j - 2]) &&
            is_equal(a.at[i - 2], b.at[j - 1]))
            best = least_of(best, rows->before[j - 2] + 1);
        rows->now[j] = best;
    }
}

unsigned nearest_distance(struct span a, struct span b)
{
    struct rows rows = {0};
    if (a.len > WORD_MAX || b.len > WORD_MAX)
        return FAR;
    for (size_t j = 0; j <= b.len; j++)
        rows.now[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        memcpy(rows.before, rows.last, sizeof rows.last);
        memcpy(rows.last, rows.now, sizeof rows.now);
        fill_row(&rows, a, b, i);
    }
    return least_of(rows.now[b.len], FAR);
}

void nearest_try(struct nearest *nearest, const char *name)
{
    unsigned distance =
        nearest_distance(nearest->word, (struct span){name, strlen(name)});
    if (distance >= FAR || (nearest->best && distance >= nearest->distance))
        return;
    nearest->best = name;
    nearest->distance = distance;
}

bool nearest_is_slip(const struct nearest *nearest)
{
    size_t len = nearest->word.len;
    return nearest->best && len >= 4 && nearest->distance <= (len >= 8) + 1u;
}
