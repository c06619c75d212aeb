/*
 * parts_inside - what the files of parts share.
 */
#ifndef AFETCH_PARTS_INSIDE_H
#define AFETCH_PARTS_INSIDE_H

#include "record/read.h"
#include "summarize/parts.h"
#include "text/hash.h"

#define ENTRY_SUPERSEDED (UINT64_C(1) << 63)

/* The lines of a run, up to its summary or the end of the file. */
struct segment {
    uint64_t end; /* the line behind them */
    uint64_t records;
    bool has_summary;
    bool is_last; /* of the same shard in its chain */
    struct record_summary summary;
    size_t chain; /* number of its last segment plus 1; 0: none */
};

struct entry {
    struct hash target;
    uint64_t line; /* and ENTRY_SUPERSEDED */
};

struct parts {
    struct hash_key key;
    struct entry *entries;
    size_t count, room;
    struct segment *segments;
    size_t segment_count, segment_room;
    uint64_t line; /* while reading */
    size_t first; /* entry of the segment that is read */
    uint64_t missing, expected;
    size_t at, segment_at; /* of parts_role */
};

/* As parts_open; -ENODATA: no run continued another one. */
int parts_read(struct parts *parts, const char *const *files, size_t count);
/* Call it once all files were read: finds which segments belong to one run,
 * which records are superseded (only these stay in `entries`, by line), and how
 * many are missing. */
void parts_link(struct parts *parts);

#endif
