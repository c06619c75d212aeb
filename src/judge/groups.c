/*
 * groups - see groups.h.
 *
 * Invariant: no two groups are alike.
 */
#include "judge/groups.h"

#include "judge/learned.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct group *find_group(
    const struct groups *groups, const struct snapshot *shape)
{
    for (size_t i = 0; i < groups->count; i++)
        if (snapshot_is_same(&groups->items[i].shape, shape))
            return &groups->items[i];
    return NULL;
}

static int add_name(struct group *group, const char *name)
{
    if (group->count < GROUP_NAMES) {
        group->names[group->count] = strdup(name);
        if (!group->names[group->count])
            return -ENOMEM;
    }
    group->count++;
    return 0;
}

/* Of this first one; none is without a target. */
static int add_group(
    struct groups *groups, struct snapshot *shape, const char *name)
{
    if (!groups->items)
        groups->items = calloc(GROUPS_MAX, sizeof *groups->items);
    if (!groups->items)
        return -ENOMEM;
    struct group *group = &groups->items[groups->count];
    int error = add_name(group, name);
    if (error)
        return error;
    groups->count++;
    group->shape = *shape;
    *shape = (struct snapshot){0};
    return 0;
}

int groups_add(struct groups *groups, struct snapshot *shape, const char *name)
{
    struct group *group = find_group(groups, shape);
    int error = 0;
    if (!group && groups->count == GROUPS_MAX)
        groups->beyond++;
    else if (group)
        error = add_name(group, name);
    else
        error = add_group(groups, shape, name);
    snapshot_fini(shape);
    return error;
}

/* One group more is part of another one. */
static void join_group(struct group *group, struct group *other)
{
    for (size_t i = 0; i < GROUP_NAMES; i++) {
        if (group->count + i < GROUP_NAMES)
            group->names[group->count + i] = other->names[i];
        else
            free(other->names[i]);
    }
    group->count += other->count;
    snapshot_fini(&other->shape);
}

void groups_forget(struct groups *groups, const char *learned)
{
    size_t count = groups->count;
    groups->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct group group = groups->items[i];
        groups->items[i] = (struct group){.count = 0};
        learned_forget(learned, &group.shape);
        struct group *alike = find_group(groups, &group.shape);
        if (alike)
            join_group(alike, &group);
        else
            groups->items[groups->count++] = group;
    }
}

/* Of groups of one size those that have responded are first: a failure is
 * nothing that others could be measured by. */
static bool is_before(const struct group *group, const struct group *other)
{
    if (group->count != other->count)
        return group->count > other->count;
    return group->shape.has_head && !other->shape.has_head;
}

/* Few of them; stable. */
void groups_sort(struct groups *groups)
{
    for (size_t i = 1; i < groups->count; i++) {
        struct group group = groups->items[i];
        size_t j = i;
        for (; j > 0 && is_before(&group, &groups->items[j - 1]); j--)
            groups->items[j] = groups->items[j - 1];
        groups->items[j] = group;
    }
}

void groups_fini(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        snapshot_fini(&groups->items[i].shape);
        for (size_t j = 0; j < GROUP_NAMES; j++)
            free(groups->items[i].names[j]);
    }
    free(groups->items);
    *groups = (struct groups){0};
}
