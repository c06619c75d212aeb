/*
 * host_statistics - a line a target when all rounds have ended, as fping has
 * it:
 *
 *     a.test: sent/got/loss = 5/4/20%, min/avg/max/p95 = 0.84/1.20/3.10/3.10 ms
 */
#include "record/statistics.h"

#include "output/buffer.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>

struct statistics_report {
    struct report base;
    struct output *err;
};

static double to_ms(int64_t ns)
{
    return (double)ns / 1e6;
}

static void put_times(struct output *err, const struct phase_statistics *total)
{
    output_printf(err, ", min/avg/max/p95 = %.2f/%.2f/%.2f/%.2f ms",
        to_ms(total->min), to_ms(total->sum / (int64_t)total->count),
        to_ms(total->max),
        to_ms(sketch_get(&total->spread, STATISTICS_PERCENTILE)));
}

static void statistics_host(
    struct report *report, const struct host_statistics *host)
{
    struct output *err = ((struct statistics_report *)report)->err;
    const struct phase_statistics *total = &host->phases[PHASE_TOTAL];

    output_put_escaped(err, host->input, host->input_len);
    output_printf(err,
        ": sent/got/loss = %" PRIu64 "/%" PRIu64 "/%" PRIu64 "%%", host->sent,
        host->got, (host->sent - host->got) * 100 / host->sent);
    if (total->count > 0)
        put_times(err, total);
    output_puts(err, "\n");
}

static void statistics_destroy_report(struct report *report)
{
    free(report);
}

static const struct report_ops statistics_ops = {
    .statistics = statistics_host,
    .destroy = statistics_destroy_report,
};

struct report *report_statistics_create(struct output *err)
{
    struct statistics_report *statistics = calloc(1, sizeof *statistics);

    if (!statistics)
        return NULL;
    statistics->base.ops = &statistics_ops;
    statistics->err = err;
    return &statistics->base;
}
