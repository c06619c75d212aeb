/*
 * shard - one of N parts of a list: whether a target is of it.
 *
 * A target is of the same shard wherever and whenever it is asked for, since
 * nothing counts but its text as written: FNV-1a (64 bits) over the first
 * column, the finalizer of MurmurHash3 (64 bits) over that, modulo N.
 */
#ifndef AFETCH_SHARD_H
#define AFETCH_SHARD_H

#include "input/filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARDS_MAX = 1000000 };

struct shard {
    unsigned number; /* 1 to count */
    unsigned count; /* 0: not sharded, every line is of it */
};

/* getenv, or what stands in for it. */
typedef char *shard_variable(const char *name);

/*
 * "I/N"; or "auto", "auto/N": I, and N too where it can be known, are the
 * task's of a Slurm array (SLURM_ARRAY_TASK_*) or the pod's of a Kubernetes
 * Indexed Job (JOB_COMPLETION_INDEX).  NULL and a shard; or why not, a
 * static text that goes after the quoted argument.
 */
const char *shard_parse(
    const char *text, shard_variable *variable, struct shard *out);

/* The hash of a line's first column, whatever its bytes. */
uint64_t shard_hash(const char *line, size_t len);
bool shard_has(const struct shard *shard, const char *line, size_t len);
/* Takes the lines of the shard, which must live as long. */
struct filter shard_filter(struct shard *shard);

#endif
