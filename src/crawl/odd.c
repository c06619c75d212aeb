/*
 * odd - see odd.h.
 *
 * Invariant: where targets have ended is not compared, nor are certificates:
 * these differ from host to host.
 */
#include "crawl/odd.h"

#include "judge/learned.h"
#include "record/drift.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>

static void forget_host(struct snapshot *shape)
{
    free(shape->final_url);
    free(shape->issuer);
    shape->final_url = shape->issuer = NULL;
}

/* What differs from one fetch of a target to the next tells no target from
 * another.  0 or -ENOMEM. */
static int learn_from(struct odd *odd, const struct result *result)
{
    int learned = learned_add(&odd->learned, result->learned);
    if (learned > 0)
        groups_forget(&odd->groups, odd->learned);
    return learned < 0 ? learned : 0;
}

int odd_add(struct odd *odd, const struct result *result)
{
    struct snapshot shape = {0};
    int error = learn_from(odd, result);
    if (!error)
        error = snapshot_of_result(&shape, result, &odd->mask);
    if (error) {
        snapshot_fini(&shape);
        return error;
    }
    forget_host(&shape);
    learned_forget(odd->learned, &shape);
    return groups_add(&odd->groups, &shape, result->input);
}

void odd_fini(struct odd *odd)
{
    groups_fini(&odd->groups);
    free(odd->learned);
    odd->learned = NULL;
}

static void tell_group(struct odd *odd, size_t i, struct report *report)
{
    const struct group *group = &odd->groups.items[i];
    struct drift difference = {0};
    const struct report_group told = {
        .count = group->count,
        .status = group->shape.status,
        .names = (const char *const *)group->names,
        .name_count = group->count < GROUP_NAMES ? group->count : GROUP_NAMES,
        .difference = i ? &difference : NULL,
    };
    if (i)
        snapshot_compare(
            &odd->groups.items[0].shape, &group->shape, &difference);
    report->ops->group(report, &told);
    drift_fini(&difference);
}

void odd_tell(struct odd *odd, struct report *report, struct run_totals *totals)
{
    groups_sort(&odd->groups);
    totals->groups = odd->groups.count;
    for (size_t i = 0; i < odd->groups.count; i++)
        tell_group(odd, i, report);
    if (odd->groups.beyond)
        report->ops->group(
            report, &(struct report_group){.count = odd->groups.beyond});
}
