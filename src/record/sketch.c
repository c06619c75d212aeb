/*
 * sketch - see sketch.h.
 *
 * Invariant: count is the sum of the counts; a bucket is that of quantiles
 * without its last `halvings` bits.
 */
#include "record/sketch.h"

#include "record/quantiles.h"

#include <stdbool.h>
#include <string.h>

/* Where the bucket is, or belongs. */
static unsigned find_place(const struct sketch *s, uint16_t bucket)
{
    unsigned low = 0, high = s->used;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (s->buckets[middle] < bucket)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void halve_resolution(struct sketch *s)
{
    uint16_t used = 0;
    for (unsigned i = 0; i < s->used; i++) {
        uint16_t bucket = s->buckets[i] >> 1;
        if (used && s->buckets[used - 1] == bucket) {
            s->counts[used - 1] += s->counts[i];
            continue;
        }
        s->buckets[used] = bucket;
        s->counts[used++] = s->counts[i];
    }
    s->used = used;
    s->halvings++;
}

static void insert_bucket(struct sketch *s, unsigned at, uint16_t bucket)
{
    size_t behind = s->used - at;
    memmove(&s->buckets[at + 1], &s->buckets[at], behind * sizeof *s->buckets);
    memmove(&s->counts[at + 1], &s->counts[at], behind * sizeof *s->counts);
    s->buckets[at] = bucket;
    s->counts[at] = 0;
    s->used++;
}

void sketch_add(struct sketch *s, int64_t ns)
{
    size_t fine = quantiles_bucket(ns);
    for (;;) {
        uint16_t bucket = (uint16_t)(fine >> s->halvings);
        unsigned at = find_place(s, bucket);
        bool is_new = at == s->used || s->buckets[at] != bucket;
        if (is_new && s->used == SKETCH_BUCKETS) {
            halve_resolution(s);
            continue;
        }
        if (is_new)
            insert_bucket(s, at, bucket);
        s->counts[at]++;
        break;
    }
    s->count++;
    if (ns > s->max)
        s->max = ns;
}

static int64_t bucket_middle(const struct sketch *s, unsigned i)
{
    size_t bucket = s->buckets[i];
    int64_t low = quantiles_bucket_low(bucket << s->halvings);
    int64_t high = quantiles_bucket_low((bucket + 1) << s->halvings);
    return low + (high - low) / 2;
}

int64_t sketch_get(const struct sketch *s, double p)
{
    uint64_t rank = quantiles_rank(s->count, p), seen = 0;
    if (rank >= s->count)
        return s->max;
    for (unsigned i = 0; i < s->used; i++) {
        seen += s->counts[i];
        if (seen >= rank) {
            int64_t middle = bucket_middle(s, i);
            return middle < s->max ? middle : s->max;
        }
    }
    return s->max;
}
