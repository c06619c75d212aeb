/*
 * baseline - see baseline.h.
 *
 * Invariant: nothing is sent before all of the file is known to be right.
 */
#include "crawl/baseline.h"

#include "exit.h"
#include "judge/learned.h"
#include "judge/snapshot.h"
#include "options/options.h"
#include "record/drift.h"
#include "record/index.h"
#include "record/totals.h"
#include "report/report.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void tell_fault(const char *file, size_t line, const char *what)
{
    if (line)
        warn("%s:%zu: %s", file, line, what);
    else
        warn("%s: %s", file, what);
}

int baseline_open(struct baseline *baseline, const struct options *o)
{
    *baseline = (struct baseline){
        .mask = {o->ignore_none, o->ignore.items, o->ignore.count}};
    if (!o->baseline)
        return 0;
    int error = record_index_open(&baseline->records, o->baseline, tell_fault);
    if (error == -ENOMEM)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    if (error == -EINVAL)
        return fatal(
            EXIT_USAGE, "--baseline: %s is not a whole run", o->baseline);
    return error ? fatal(EXIT_USAGE, "cannot read %s: %s", o->baseline,
                       strerror(-error))
                 : 0;
}

void baseline_close(struct baseline *baseline)
{
    record_index_close(baseline->records);
    baseline->records = NULL;
}

/* As a record has it; NULL is no memory. */
static char *input_text(const struct result *result, size_t *len)
{
    return utf8_text(
        (struct span){result->input, result_input_len(result)}, len);
}

/* Without memory it is as if the target was new, which is told, too. */
void baseline_claim(struct baseline *baseline, struct result *result)
{
    size_t len;
    char *input = input_text(result, &len);
    if (input)
        result->before = record_index_claim(baseline->records, input, len);
    free(input);
}

static int compare_record(const struct baseline *baseline,
    const struct record *record, struct result *result)
{
    struct snapshot before, now = {0};
    int error = snapshot_of_record(&before, record, &baseline->mask);
    if (!error)
        error = snapshot_of_result(&now, result, &baseline->mask);
    if (!error) {
        learned_forget(result->learned, &before);
        learned_forget(result->learned, &now);
        error = snapshot_compare(&before, &now, result->drift);
    }
    snapshot_fini(&before);
    snapshot_fini(&now);
    return error;
}

int baseline_judge(const struct baseline *baseline, struct result *result)
{
    struct record record;
    result->drift = calloc(1, sizeof *result->drift);
    if (!result->drift)
        return -ENOMEM;
    if (result->before == RECORD_INDEX_NONE) {
        result->drift->outcome = DRIFT_ADDED;
        return 0;
    }
    int error = record_index_read(baseline->records, result->before, &record);
    if (error)
        return error;
    error = compare_record(baseline, &record, result);
    record_fini(&record);
    return error;
}

void baseline_tell_removed(const struct baseline *baseline,
    struct report *report, struct run_totals *totals)
{
    uint64_t place;
    size_t from = 0;
    while ((place = record_index_rest(baseline->records, &from))) {
        struct record record;
        totals->drift.removed++;
        if (record_index_read(baseline->records, place, &record))
            continue;
        report->ops->removed(report,
            (struct span){record.result.input, record.result.input_size});
        record_fini(&record);
    }
}
