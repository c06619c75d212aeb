/*
 * parts - runs that were gone on with (--resume), and which of their records
 * are not the last ones of their targets.
 *
 * A run's records end with its summary, or with their file when it was killed.
 * The summary of a run that went on with others tells how many targets these
 * had done: so many records before it are of the same run, and so are whole
 * parts.
 *
 * It holds 24 bytes for each record, and twice as much while they are sorted.
 */
#ifndef AFETCH_PARTS_H
#define AFETCH_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parts;

/* Reads all files ("-": stdin), which are read again afterwards.  0; *out is
 * NULL when no run went on with another one, or when some are not regular
 * files; or -ENOMEM. */
int parts_open(struct parts **out, const char *const *files, size_t count);
/* NULL-safe. */
void parts_close(struct parts *parts);

/* Of all lines of all files, from 0 on: no other call goes back.  NULL-safe. */
enum part_role {
    PART_OWN, /* of a run of its own */
    PART_COUNTS, /* of a run in parts: the target's last record, the last
                    summary of its list or shard */
    PART_SUPERSEDED, /* of one, but not the last; or half a line, at the end
                        of a part that was killed */
};
enum part_role parts_role(struct parts *parts, uint64_t line);

/* How many records are missing of `*of` that the runs in parts should have. */
uint64_t parts_missing(const struct parts *parts, uint64_t *of);

#endif
