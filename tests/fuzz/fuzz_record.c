/*
 * A line of records, of any bytes.
 *
 * What is accepted can be counted, and contradicts itself nowhere; what is
 * refused has a reason and leaves nothing behind.
 */
#include "fuzz.h"

#include "record/read.h"
#include "record/totals.h"

#include <stdlib.h>

static void check_summary(const struct record_summary *summary)
{
    const struct shard *shard = &summary->shard;
    fuzz_must(shard->number <= shard->count);
    fuzz_must((shard->number == 0) == (shard->count == 0));
}

static void check_result(const struct result *result)
{
    static struct run_totals totals;
    totals_init(&totals);
    totals_add(&totals, result);
    fuzz_must(totals.targets == 1 && totals.ok + totals.failed == 1);
    fuzz_must(result->input &&
              (result->error == FETCH_OK || !result->response.status));
    fuzz_must(result->started_at.tv_sec <= INT64_MAX / LOOP_SECOND - 1);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        fuzz_must(result->timings[phase] >= PHASE_NONE);
}

/* As it was summed up, and as it would be judged. */
static void check_whole(struct record *whole)
{
    check_result(&whole->result);
    const char *wrong = record_complete(whole);
    if (wrong)
        fuzz_must(*wrong);
    else
        check_result(&whole->result);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct record record;
    char *line = fuzz_copy((struct span){(const char *)bytes, size});
    const char *wrong = record_parse(line, size, &record);
    free(line); /* the record has all of its own */
    if (wrong)
        fuzz_must(*wrong && !record.json);
    else if (record.is_summary)
        check_summary(&record.summary);
    else
        check_whole(&record);
    record_fini(&record);
    return 0;
}
