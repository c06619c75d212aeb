/*
 * parts_link - which runs went on with which, see parts.h.
 *
 * Invariant: a chain is all that stands between two summaries, or more of it:
 * its segments follow each other, and the last one has a summary.
 */
#include "summarize/parts_inside.h"

#include <stdlib.h>
#include <string.h>

/* --- chains --- */

static bool is_same_shard(const struct segment *a, const struct segment *b)
{
    return a->summary.shard.number == b->summary.shard.number &&
           a->summary.shard.count == b->summary.shard.count;
}

/* What `of` may have gone on with; a killed run does not tell its shard. */
static uint64_t count_records(
    const struct segment *segment, const struct segment *of)
{
    return !segment->has_summary || is_same_shard(segment, of)
               ? segment->records
               : 0;
}

static uint64_t count_expected(const struct segment *segment)
{
    return segment->summary.targets +
           (segment->summary.resumed > 0 ? (uint64_t)segment->summary.resumed
                                         : 0);
}

/* The segments from the summary before, or a chain that ends there, belong
 * together. */
static size_t find_unit(const struct parts *parts, size_t last)
{
    size_t chain = parts->segments[last].chain, first = last;
    while (first > 0 && !parts->segments[first - 1].has_summary)
        first--;
    while (chain && first > 0 && parts->segments[first - 1].chain == chain)
        first--;
    return first;
}

/* So many segments before it that they have all that it counted on. */
static void link_chain(struct parts *parts, size_t last)
{
    struct segment *segments = parts->segments, *end = &segments[last];
    uint64_t found = 0;
    size_t first = last + 1;
    do {
        size_t next = find_unit(parts, first - 1);
        while (first > next)
            found += count_records(&segments[--first], end);
    } while (first > 0 && found < count_expected(end));
    for (size_t i = first; i <= last; i++)
        segments[i].chain = last + 1;
}

/* Is there no later one of its shard in the chain? */
static bool is_last(const struct parts *parts, size_t number)
{
    const struct segment *segments = parts->segments, *own = &segments[number];
    for (size_t i = number + 1; i < own->chain; i++)
        if (segments[i].has_summary && is_same_shard(&segments[i], own))
            return false;
    return true;
}

static void link_chains(struct parts *parts)
{
    for (size_t i = 0; i < parts->segment_count; i++)
        if (parts->segments[i].has_summary &&
            parts->segments[i].summary.resumed >= 0)
            link_chain(parts, i);
    for (size_t i = 0; i < parts->segment_count; i++) {
        struct segment *segment = &parts->segments[i];
        segment->is_last =
            segment->chain && segment->has_summary && is_last(parts, i);
    }
}

/* --- records --- */

static struct segment *segment_of(
    const struct parts *parts, const struct entry *entry)
{
    uint64_t line = entry->line & ~ENTRY_SUPERSEDED;
    size_t low = 0, high = parts->segment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (parts->segments[middle].end <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return &parts->segments[low];
}

static int compare_targets(const struct entry *a, const struct entry *b)
{
    return memcmp(&a->target, &b->target, sizeof a->target);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_targets(a, b);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int compare_lines(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->line > b->line) - (a->line < b->line);
}

static void sort_entries(
    struct parts *parts, int (*compare)(const void *, const void *))
{
    if (parts->count)
        qsort(parts->entries, parts->count, sizeof *parts->entries, compare);
}

/* Of each target in a chain the last one is left; then, in the order of
 * lines, nothing but those that are not. */
static void find_superseded(struct parts *parts)
{
    struct entry *entries = parts->entries;
    size_t kept = 0;
    sort_entries(parts, compare_entries);
    for (size_t i = 0; i + 1 < parts->count; i++) {
        if (compare_targets(&entries[i], &entries[i + 1]))
            continue;
        size_t chain = segment_of(parts, &entries[i])->chain;
        if (chain && segment_of(parts, &entries[i + 1])->chain == chain)
            entries[i].line |= ENTRY_SUPERSEDED;
    }
    for (size_t i = 0; i < parts->count; i++)
        if (entries[i].line & ENTRY_SUPERSEDED)
            entries[kept++] = entries[i];
    parts->count = kept;
    sort_entries(parts, compare_lines);
}

/* --- what is missing --- */

/* A chain has so many records less as there are later ones of their targets. */
static void drop_superseded(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        segment_of(parts, &parts->entries[i])->records--;
}

static void count_missing(struct parts *parts)
{
    uint64_t found = 0, expected = 0;
    for (size_t i = 0; i < parts->segment_count; i++) {
        const struct segment *segment = &parts->segments[i];
        if (!segment->chain)
            continue;
        found += segment->records;
        expected += segment->is_last ? count_expected(segment) : 0;
        if (segment->chain != i + 1)
            continue;
        parts->missing += found < expected ? expected - found : 0;
        parts->expected += expected;
        found = expected = 0;
    }
}

void parts_link(struct parts *parts)
{
    link_chains(parts);
    find_superseded(parts);
    drop_superseded(parts);
    count_missing(parts);
}
