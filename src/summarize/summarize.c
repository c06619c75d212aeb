/*
 * summarize - the records of runs, as one summary, or judged.
 *
 * Invariant: whatever is wrong with some records, the others are summed up;
 * but the exit code says that the sum is not to be trusted.
 */
#include "summarize/summarize.h"

#include "exit.h"
#include "judge/diff.h"
#include "judge/rules.h"
#include "record/read.h"
#include "summarize/merge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int summarize_check(const struct summarize *s)
{
    for (size_t i = 0; i < s->file_count; i++)
        if (strcmp(s->files[i], "-") && access(s->files[i], R_OK))
            return fatal(EXIT_USAGE, "%s: %s", s->files[i], strerror(errno));
    return 0;
}

static void tell_shards(
    void *arg, const char *file, size_t line, const char *what)
{
    (void)arg;
    if (line)
        warn("%s:%zu: %s", file, line, what);
    else if (file)
        warn("%s: %s", file, what);
    else
        warn("%s", what);
}

static int summarize_exit(const struct run_totals *totals, uint64_t faults)
{
    if (faults)
        return EXIT_CANNOT_GO_ON;
    const uint64_t *checks = totals->checks.by_outcome;
    if (totals->failed || totals->not_begun || checks[CHECK_NO_ANSWER])
        return EXIT_SOME_FAILED;
    return totals_are_as_expected(totals) ? EXIT_ALL_GOOD
                                          : EXIT_NOT_AS_EXPECTED;
}

/* What no run's record has cannot be judged: it is no answer either. */
static const char *judge_record(void *arg, struct record *record)
{
    struct rules *rules = arg;
    const char *wrong = record_complete(record);
    if (wrong)
        return wrong;
    if (rules->wants_interim && !record->has_interim)
        return "no \"interim\", which the rules ask for";
    if (record->result.addresses && diff_addresses(&record->result))
        return "out of memory";
    return rules_judge(rules, &record->result) ? "out of memory" : NULL;
}

int summarize(struct summarize *s)
{
    const char *failed;
    struct merge gathered = {
        .files = s->files,
        .file_count = s->file_count,
        .judge = s->rules ? judge_record : NULL,
        .judge_arg = s->rules,
        .rows = s->rows ? s->report : NULL,
        .outputs = s->outputs,
        .totals = s->totals,
        .fault = tell_shards,
    };
    totals_init(s->totals);
    if (s->report->ops->begin)
        s->report->ops->begin(s->report);
    int error = merge_records(&gathered, &failed);
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "%s: %s",
            failed ? failed : "--summarize", strerror(-error));
    s->is_read = true;
    return summarize_exit(s->totals, gathered.faults);
}
