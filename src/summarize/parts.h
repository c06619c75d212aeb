/*
 * parts - runs that were continued (--resume), and which of their records are
 * superseded by a later one of the same target.
 *
 * A run's records end with its summary, or with their file when it was killed.
 * The summary of a run that continued others says how many targets these had
 * done: that many records before it belong to the same run, and with them whole
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

/* Reads all files ("-": stdin), which must be readable a second time.  0; *out
 * is NULL when no run continued another one, or when some are not regular
 * files; or -ENOMEM. */
int parts_open(struct parts **out, const char *const *files, size_t count);
/* NULL-safe. */
void parts_close(struct parts *parts);

/* The role of a line, counted from 0 over all files; call it with rising
 * numbers.  NULL-safe. */
enum part_role {
    PART_OWN, /* of a run of its own */
    PART_COUNTS, /* of a run in parts: the target's last record, the last
                    summary of its list or shard */
    PART_SUPERSEDED, /* of one, but not the last; or half a line, at the end
                        of a part that was killed */
};
enum part_role parts_role(struct parts *parts, uint64_t line);

/* How many records of the runs in parts are missing; *of: how many there should
 * be. */
uint64_t parts_missing(const struct parts *parts, uint64_t *of);

#endif
