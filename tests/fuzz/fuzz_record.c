/*
 * A line of records, of any bytes.
 *
 * What is accepted can be counted, and contradicts itself nowhere; what is
 * refused has a reason and leaves nothing behind.
 */
#include "fuzz.h"

#include "report/totals.h"
#include "summarize/record.h"

#include <assert.h>
#include <stdlib.h>

static void check_summary(const struct record_summary *summary)
{
    const struct shard *shard = &summary->shard;
    assert(shard->number <= shard->count);
    assert((shard->number == 0) == (shard->count == 0));
}

static void check_result(const struct result *result)
{
    static struct run_totals totals;
    totals_init(&totals);
    totals_add(&totals, result);
    assert(totals.targets == 1 && totals.ok + totals.failed == 1);
    assert(result->input && (result->error == FETCH_OK || !result->status));
    assert(result->started_at.tv_sec <= INT64_MAX / LOOP_SECOND - 1);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        assert(result->timings[phase] >= PHASE_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct record record;
    char *line = fuzz_copy((struct span){(const char *)bytes, size});
    const char *wrong = record_parse(line, size, &record);
    free(line); /* the record has all of its own */
    if (wrong)
        assert(*wrong && !record.json);
    else if (record.is_summary)
        check_summary(&record.summary);
    else
        check_result(&record.result);
    record_fini(&record);
    return 0;
}
