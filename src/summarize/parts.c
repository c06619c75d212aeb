/*
 * parts - see parts.h.
 */
#include "summarize/parts_inside.h"

#include <errno.h>
#include <stdlib.h>

_Static_assert(sizeof(struct entry) == 24, "as parts.h tells");

int parts_open(struct parts **out, const char *const *files, size_t count)
{
    struct parts *parts = calloc(1, sizeof *parts);
    *out = NULL;
    if (!parts)
        return -ENOMEM;
    int error = parts_read(parts, files, count);
    if (error) {
        parts_close(parts);
        return error == -ENOMEM ? error : 0;
    }
    parts_link(parts);
    *out = parts;
    return 0;
}

void parts_close(struct parts *parts)
{
    if (!parts)
        return;
    free(parts->entries);
    free(parts->segments);
    free(parts);
}

/* NULL: the line is of a run of its own. */
static const struct segment *find_segment(struct parts *parts, uint64_t line)
{
    const struct segment *segments = parts->segments;
    while (parts->segment_at < parts->segment_count &&
           segments[parts->segment_at].end <= line)
        parts->segment_at++;
    bool is_any = parts->segment_at < parts->segment_count &&
                  segments[parts->segment_at].chain;
    return is_any ? &segments[parts->segment_at] : NULL;
}

static bool is_superseded(struct parts *parts, uint64_t line)
{
    uint64_t wanted = line | ENTRY_SUPERSEDED;
    while (parts->at < parts->count && parts->entries[parts->at].line < wanted)
        parts->at++;
    return parts->at < parts->count && parts->entries[parts->at].line == wanted;
}

enum part_role parts_role(struct parts *parts, uint64_t line)
{
    const struct segment *segment = parts ? find_segment(parts, line) : NULL;
    if (!segment)
        return PART_OWN;
    if (segment->has_summary && line + 1 == segment->end)
        return segment->is_last ? PART_COUNTS : PART_SUPERSEDED;
    return is_superseded(parts, line) ? PART_SUPERSEDED : PART_COUNTS;
}

uint64_t parts_missing(const struct parts *parts, uint64_t *of)
{
    *of = parts ? parts->expected : 0;
    return parts ? parts->missing : 0;
}
