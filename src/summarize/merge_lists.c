/*
 * merge_lists - of which lists the runs were: shards, lengths.
 */
#include "summarize/merge_inside.h"

#include <inttypes.h>

/* --- what they tell --- */

uint64_t merge_count_done(const struct record_summary *summary)
{
    return summary->targets +
           (summary->resumed > 0 ? (uint64_t)summary->resumed : 0);
}

static void take_listed(
    struct reading *reading, const struct record_summary *summary)
{
    if (summary->listed < 0)
        reading->listed = -1;
    else if (reading->listed >= 0)
        reading->listed += summary->listed;
}

static int take_shard(
    struct reading *reading, const struct record_summary *summary)
{
    int error = seen_shard(reading->seen, &summary->shard);

    if (error)
        return error;
    reading->shards.targets += merge_count_done(summary) + summary->not_begun;
    if (summary->listed < 0)
        reading->shards.silent = true;
    else if (reading->shards.listed < 0)
        reading->shards.listed = summary->listed;
    else if (summary->listed != reading->shards.listed)
        reading->shards.differ = true;
    return 0;
}

int merge_take_list(
    struct reading *reading, const struct record_summary *summary)
{
    if (summary->shard.count)
        return take_shard(reading, summary);
    reading->whole = true;
    take_listed(reading, summary);
    return 0;
}

/* --- what they came to --- */

static void uneven_shard(void *arg, const struct shard *shard, unsigned times)
{
    struct reading *reading = arg;

    reading->to->faults++;
    if (reading->uneven++ >= MERGE_FAULTS_TOLD)
        return;
    if (times == 0)
        merge_tell(
            reading, 0, "shard %u/%u is missing", shard->number, shard->count);
    else
        merge_tell(reading, 0, "shard %u/%u occurs %u times", shard->number,
            shard->count, times);
}

/* Each shard was there so many times: are they of one list? */
static void check_lists(struct reading *reading, unsigned times)
{
    uint64_t targets = reading->shards.targets;
    uint64_t listed = (uint64_t)reading->shards.listed * times;
    bool comparable = !reading->shards.silent && !reading->uneven;

    if (reading->shards.differ)
        merge_tell(
            reading, 0, "the shards are not of the same list: lengths differ");
    else if (comparable && targets != listed)
        merge_tell(reading, 0,
            "the shards are not of the same list: they have %" PRIu64
            " targets, the list has %" PRIu64,
            targets, listed);
    else
        return;
    reading->to->faults++;
}

/* How often each of them is there; 0: there are none. */
static unsigned check_shards(struct reading *reading)
{
    unsigned times;

    reading->file = NULL;
    times = seen_check_shards(reading->seen, uneven_shard, reading);
    if (reading->uneven > MERGE_FAULTS_TOLD)
        merge_tell(reading, 0, "and %u more shards",
            reading->uneven - MERGE_FAULTS_TOLD);
    if (times == 0)
        return 0;
    check_lists(reading, times);
    if (reading->whole) {
        reading->to->faults++;
        merge_tell(reading, 0, "a run without --shard is mixed with shards");
    }
    return times;
}

/* Of all together; of shards, if each is there. */
static int64_t find_listed(const struct reading *reading, unsigned times)
{
    int64_t of_shards = reading->shards.listed;

    if (!reading->any_summary || reading->listed < 0)
        return -1;
    if (times == 0)
        return reading->listed;
    if (of_shards < 0 || reading->shards.silent || reading->shards.differ)
        return -1;
    return reading->listed + of_shards * times;
}

void merge_check_lists(struct reading *reading)
{
    unsigned times = check_shards(reading);

    reading->to->totals->listed = find_listed(reading, times);
}
