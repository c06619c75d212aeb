/*
 * summarize - the records of runs, as one summary.
 *
 * Invariant: whatever is wrong with some records, the others are summed up;
 * but the exit code says that the sum is not to be trusted.
 */
#include "summarize/summarize.h"

#include "exit.h"
#include "output/buffer.h"
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
    return checks[CHECK_FAILED] ? EXIT_NOT_AS_EXPECTED : EXIT_ALL_GOOD;
}

int summarize(const struct summarize *s)
{
    const char *failed;
    struct merge gathered = {
        .files = s->files,
        .file_count = s->file_count,
        .rows = s->rows ? s->report : NULL,
        .out = s->out,
        .totals = s->totals,
        .fault = tell_shards,
    };
    totals_init(s->totals);
    int error = merge_records(&gathered, &failed);
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "%s: %s",
            failed ? failed : "--summarize", strerror(-error));
    s->report->ops->finish(s->report, s->totals);
    output_flush(s->out);
    return summarize_exit(s->totals, gathered.faults);
}
