/*
 * seen - what was there already.
 *
 * The bits are pages that the kernel gives when they are first touched and
 * takes back when a run is over.
 */
#include "summarize/seen.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { BITS_SIZE = SEEN_INDEXES / CHAR_BIT };

struct seen {
    unsigned char *bits;
    unsigned shard_count; /* 0: no shard was there */
    unsigned *times; /* of each shard */
};

int seen_create(struct seen **out)
{
    struct seen *seen = calloc(1, sizeof *seen);

    if (!seen)
        return -ENOMEM;
    seen->bits = mmap(NULL, BITS_SIZE, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (seen->bits == MAP_FAILED) {
        free(seen);
        return -ENOMEM;
    }
    *out = seen;
    return 0;
}

void seen_destroy(struct seen *seen)
{
    if (!seen)
        return;
    munmap(seen->bits, BITS_SIZE);
    free(seen->times);
    free(seen);
}

bool seen_index(struct seen *seen, uint64_t index)
{
    unsigned char bit = (unsigned char)(1 << index % CHAR_BIT);
    unsigned char *byte;
    bool was_there;

    if (index >= SEEN_INDEXES)
        return false;
    byte = &seen->bits[index / CHAR_BIT];
    was_there = *byte & bit;
    *byte |= bit;
    return was_there;
}

void seen_new_run(struct seen *seen)
{
    madvise(seen->bits, BITS_SIZE, MADV_DONTNEED);
}

int seen_shard(struct seen *seen, const struct shard *shard)
{
    if (!seen->times) {
        seen->times = calloc(shard->count, sizeof *seen->times);
        if (!seen->times)
            return -ENOMEM;
        seen->shard_count = shard->count;
    }
    if (shard->count != seen->shard_count)
        return -EINVAL;
    seen->times[shard->number - 1]++;
    return 0;
}

/* How often all those that are there were at least. */
static unsigned least_times(const struct seen *seen)
{
    unsigned least = UINT_MAX;

    for (unsigned i = 0; i < seen->shard_count; i++)
        if (seen->times[i] && seen->times[i] < least)
            least = seen->times[i];
    return least;
}

unsigned seen_check_shards(
    const struct seen *seen, seen_uneven *tell, void *arg)
{
    unsigned least = least_times(seen);

    for (unsigned i = 0; i < seen->shard_count; i++)
        if (seen->times[i] != least)
            tell(
                arg, &(struct shard){i + 1, seen->shard_count}, seen->times[i]);
    return seen->shard_count ? least : 0;
}
