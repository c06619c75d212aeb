/*
 * json_groups - see json_groups.h.
 */
#include "report/json_groups.h"

#include "output/buffer.h"
#include "record/drift.h"
#include "report/json_drift.h"
#include "report/json_member.h"
#include "report/json_write.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct json_group {
    uint64_t count;
    char *status; /* heap; NULL: the targets that no group has room for */
    char **names; /* heap, as each of them */
    size_t name_count;
    struct drift difference; /* from the first one */
};

static void group_fini(struct json_group *group)
{
    free(group->status);
    for (size_t i = 0; i < group->name_count; i++)
        free(group->names[i]);
    free(group->names);
    drift_fini(&group->difference);
}

static int copy_names(struct json_group *to, const struct report_group *from)
{
    to->names = calloc(from->name_count + 1, sizeof *to->names);
    if (!to->names)
        return -ENOMEM;
    for (; to->name_count < from->name_count; to->name_count++) {
        char *name = strdup(from->names[to->name_count]);
        if (!name)
            return -ENOMEM;
        to->names[to->name_count] = name;
    }
    return 0;
}

static int copy_group(struct json_group *to, const struct report_group *from)
{
    const struct drift *difference = from->difference;
    *to = (struct json_group){.count = from->count};
    if (from->status && !(to->status = strdup(from->status)))
        return -ENOMEM;
    int error = copy_names(to, from);
    for (size_t i = 0; !error && difference && i < difference->count; i++)
        error = drift_add(&to->difference, &difference->changes[i]);
    return error;
}

void json_groups_add(
    struct json_groups *groups, const struct report_group *group)
{
    struct json_group copy;
    struct json_group *items = NULL;
    if (!copy_group(&copy, group))
        items = reallocarray(groups->items, groups->count + 1, sizeof *items);
    if (!items) {
        group_fini(&copy);
        groups->is_cut = true;
        return;
    }
    groups->items = items;
    items[groups->count++] = copy;
}

static void put_group(struct output *out, const struct json_group *group)
{
    JSON_PUT(out, "{" MEMBER("targets"));
    json_put_uint(out, group->count);
    JSON_PUT(out, "," MEMBER("status"));
    json_put_text(out, group->status);
    JSON_PUT(out, "," MEMBER("inputs") "[");
    for (size_t i = 0; i < group->name_count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        json_put_text(out, group->names[i]);
    }
    JSON_PUT(out, "]," MEMBER("changes"));
    json_put_changes(out, &group->difference);
    JSON_PUT(out, "}");
}

void json_put_groups(struct output *out, const struct json_groups *groups)
{
    if (!groups->count || groups->is_cut) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "[");
    for (size_t i = 0; i < groups->count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        put_group(out, &groups->items[i]);
    }
    JSON_PUT(out, "]");
}

void json_groups_fini(struct json_groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        group_fini(&groups->items[i]);
    free(groups->items);
    *groups = (struct json_groups){0};
}
