/*
 * comparison - see comparison.h.
 */
#include "crawl/comparison.h"

#include "crawl/crawl.h"
#include "options/options.h"

int comparison_open(
    struct comparison *comparison, const struct options *options)
{
    comparison->options = options;
    return baseline_open(&comparison->baseline, options);
}

void comparison_close(struct comparison *comparison)
{
    odd_fini(&comparison->odd);
    learning_fini(&comparison->learning);
    baseline_close(&comparison->baseline);
}

unsigned comparison_wants(const struct options *options)
{
    return options->baseline ? REPORT_WANTS_TLS : 0;
}

void comparison_set(struct comparison *comparison, struct crawl *crawl)
{
    comparison->odd.mask = comparison->baseline.mask;
    comparison->learning.mask = comparison->baseline.mask;
    crawl->baseline =
        comparison->baseline.records ? &comparison->baseline : NULL;
    crawl->odd = comparison->options->odd_one_out ? &comparison->odd : NULL;
    crawl->learning = comparison->options->learn ? &comparison->learning : NULL;
}

/* What was not read, or is another shard's, is not gone. */
static void tell_removed(struct comparison *comparison, struct report *report,
    struct run_totals *totals)
{
    if (!comparison->baseline.records)
        return;
    totals->drift.any = true;
    if (!totals->not_begun && !comparison->options->shard.count)
        baseline_tell_removed(&comparison->baseline, report, totals);
}

void comparison_tell(struct comparison *comparison, struct report *report,
    struct run_totals *totals)
{
    if (!comparison->options->silent)
        learning_tell(&comparison->learning);
    tell_removed(comparison, report, totals);
    odd_tell(&comparison->odd, report, totals);
}
