/*
 * fanout - see fanout.h.
 *
 * Invariant: each report is told of each event, in the order in which they
 * were added, whatever became of those before it.
 */
#include "report/fanout.h"

#include <errno.h>
#include <stdlib.h>

struct fanout_branch {
    struct report *report;
    int error; /* of finish */
};

static void fanout_begin(struct report *report)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->ops->begin)
            to->ops->begin(to);
    }
}

static void fanout_line(struct report *report, const struct report_line *line)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->wants & REPORT_WANTS_LINES)
            to->ops->line(to, line);
    }
}

static void fanout_result(struct report *report, const struct result *result)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->ops->result)
            to->ops->result(to, result);
    }
}

static void fanout_removed(struct report *report, struct span input)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->ops->removed)
            to->ops->removed(to, input);
    }
}

static void fanout_group(
    struct report *report, const struct report_group *group)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->ops->group)
            to->ops->group(to, group);
    }
}

static void fanout_statistics(
    struct report *report, const struct host_statistics *host)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->ops->statistics)
            to->ops->statistics(to, host);
    }
}

static void fanout_tick(struct report *report, int64_t now)
{
    const struct fanout *fanout = (struct fanout *)report;
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *to = fanout->branches[i].report;
        if (to->wants & REPORT_WANTS_TICKS)
            to->ops->tick(to, now);
    }
}

static int fanout_finish(struct report *report, const struct run_totals *totals)
{
    const struct fanout *fanout = (struct fanout *)report;
    int error = 0;
    for (size_t i = 0; i < fanout->count; i++) {
        struct fanout_branch *branch = &fanout->branches[i];
        struct report *to = branch->report;
        branch->error = to->ops->finish ? to->ops->finish(to, totals) : 0;
        if (!error)
            error = branch->error;
    }
    return error;
}

static void fanout_destroy(struct report *report)
{
    fanout_fini((struct fanout *)report);
}

static const struct report_ops fanout_ops = {
    .begin = fanout_begin,
    .line = fanout_line,
    .result = fanout_result,
    .removed = fanout_removed,
    .group = fanout_group,
    .statistics = fanout_statistics,
    .tick = fanout_tick,
    .finish = fanout_finish,
    .destroy = fanout_destroy,
};

void fanout_init(struct fanout *fanout)
{
    *fanout = (struct fanout){.report.ops = &fanout_ops};
}

void fanout_fini(struct fanout *fanout)
{
    for (size_t i = 0; i < fanout->count; i++) {
        struct report *report = fanout->branches[i].report;
        report->ops->destroy(report);
    }
    fanout_release(fanout);
}

void fanout_release(struct fanout *fanout)
{
    free(fanout->branches);
    fanout_init(fanout);
}

int fanout_add(struct fanout *fanout, struct report *report, unsigned wants)
{
    if (!report)
        return -ENOMEM;
    struct fanout_branch *branches =
        reallocarray(fanout->branches, fanout->count + 1, sizeof *branches);
    if (!branches) {
        report->ops->destroy(report);
        return -ENOMEM;
    }
    report->wants = wants;
    branches[fanout->count++] = (struct fanout_branch){.report = report};
    fanout->branches = branches;
    fanout->report.wants |= wants;
    return 0;
}

int fanout_error(const struct fanout *fanout, size_t i)
{
    return fanout->branches[i].error;
}
