/*
 * seen - which records of a run and which shards of a list have been seen, in
 * memory that does not grow: 16 MiB of address space, a bit for each index,
 * used as far as the indexes go.
 */
#ifndef AFETCH_SEEN_H
#define AFETCH_SEEN_H

#include "input/shard.h"

#include <stdbool.h>
#include <stdint.h>

#define SEEN_INDEXES (UINT64_C(1) << 27) /* those above are not looked at */

struct seen;

/* 0 or -ENOMEM. */
int seen_create(struct seen **out);
/* NULL-safe. */
void seen_destroy(struct seen *seen);

/* Whether the index was seen in this run before; marks it as seen. */
bool seen_index(struct seen *seen, uint64_t index);
/* Another run begins: no index has been seen. */
void seen_new_run(struct seen *seen);

/* One more of this shard.  0; -EINVAL: its count differs from that of
 * earlier shards; or -ENOMEM. */
int seen_shard(struct seen *seen, const struct shard *shard);

/* Reports every shard whose count differs (a list may have been fetched
 * several times); returns the common count, 0 if there was no shard. */
typedef void seen_uneven(void *arg, const struct shard *shard, unsigned times);
unsigned seen_check_shards(
    const struct seen *seen, seen_uneven *tell, void *arg);

#endif
