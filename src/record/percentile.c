/*
 * percentile - see percentile.h.
 *
 * Invariant: the first marker is the least value, the last the greatest, the
 * one in the middle stands at the percentile, give or take a place.
 */
#include "record/percentile.h"

#include <math.h>
#include <stdbool.h>

static void keep_sorted(struct percentile *q, int64_t value)
{
    uint32_t i = q->count;
    for (; i > 0 && q->height[i - 1] > value; i--)
        q->height[i] = q->height[i - 1];
    q->height[i] = value;
    q->at[q->count] = q->count + 1;
}

/* The marker below the value; the outer ones move with it. */
static int find_cell(struct percentile *q, int64_t value)
{
    int cell = 0;
    if (value < q->height[0])
        q->height[0] = value;
    if (value > q->height[PERCENTILE_MARKERS - 1])
        q->height[PERCENTILE_MARKERS - 1] = value;
    while (cell < PERCENTILE_MARKERS - 2 && value >= q->height[cell + 1])
        cell++;
    return cell;
}

/* Where a marker should stand. */
static double wanted_place(const struct percentile *q, double p, int i)
{
    const double parts[PERCENTILE_MARKERS] = {0, p / 2, p, (1 + p) / 2, 1};
    return 1 + parts[i] * (q->count - 1);
}

static double slope(const struct percentile *q, int a, int b)
{
    return (double)(q->height[b] - q->height[a]) /
           ((double)q->at[b] - q->at[a]);
}

static double parabolic_height(const struct percentile *q, int i, int step)
{
    double below = (double)q->at[i] - q->at[i - 1];
    double above = (double)q->at[i + 1] - q->at[i];
    return (double)q->height[i] + step / (below + above) *
                                      ((below + step) * slope(q, i, i + 1) +
                                          (above - step) * slope(q, i - 1, i));
}

static void move_marker(struct percentile *q, int i, int step)
{
    double height = parabolic_height(q, i, step);
    bool fits =
        height > (double)q->height[i - 1] && height < (double)q->height[i + 1];
    if (!fits)
        height = (double)q->height[i] + step * slope(q, i, i + step);
    q->height[i] = llround(height);
    q->at[i] = (uint32_t)((int64_t)q->at[i] + step);
}

static void adjust_marker(struct percentile *q, double p, int i)
{
    double off = wanted_place(q, p, i) - q->at[i];
    if (off >= 1 && q->at[i + 1] - q->at[i] > 1)
        move_marker(q, i, 1);
    else if (off <= -1 && q->at[i] - q->at[i - 1] > 1)
        move_marker(q, i, -1);
}

void percentile_add(struct percentile *q, double p, int64_t value)
{
    if (q->count == UINT32_MAX)
        return; /* a value a second for 136 years */
    if (q->count < PERCENTILE_MARKERS) {
        keep_sorted(q, value);
        q->count++;
        return;
    }
    for (int i = find_cell(q, value) + 1; i < PERCENTILE_MARKERS; i++)
        q->at[i]++;
    q->count++;
    for (int i = 1; i < PERCENTILE_MARKERS - 1; i++)
        adjust_marker(q, p, i);
}

int64_t percentile_get(const struct percentile *q, double p)
{
    if (q->count > PERCENTILE_MARKERS)
        return q->height[PERCENTILE_MARKERS / 2];
    return q->count ? q->height[(int)ceil(p * q->count) - 1] : 0;
}
