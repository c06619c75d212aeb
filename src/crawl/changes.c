/*
 * changes - see changes.h.
 *
 * Invariant: before[i] is what the target of index i last answered, or NULL.
 */
#include "crawl/changes.h"

#include "judge/snapshot.h"
#include "record/drift.h"
#include "record/result.h"
#include "text/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct changes {
    struct mask mask;
    struct snapshot **before;
    size_t room;
};

struct changes *changes_create(const struct mask *mask)
{
    struct changes *changes = calloc(1, sizeof *changes);
    if (changes)
        changes->mask = *mask;
    return changes;
}

static void snapshot_destroy(struct snapshot *snapshot)
{
    if (snapshot)
        snapshot_fini(snapshot);
    free(snapshot);
}

void changes_destroy(struct changes *changes)
{
    if (!changes)
        return;
    for (size_t i = 0; i < changes->room; i++)
        snapshot_destroy(changes->before[i]);
    free(changes->before);
    free(changes);
}

static int hold_place(struct changes *changes, size_t index)
{
    struct snapshot **before = array_grow(
        changes->before, &changes->room, index, sizeof(struct snapshot *));
    if (before)
        changes->before = before;
    return before ? 0 : -ENOMEM;
}

static int compare_rounds(
    const struct snapshot *before, struct snapshot *now, struct result *result)
{
    if (!before)
        return 0;
    result->drift = calloc(1, sizeof *result->drift);
    return result->drift ? snapshot_compare(before, now, result->drift)
                         : -ENOMEM;
}

static int judge_snapshot(
    struct changes *changes, struct snapshot *now, struct result *result)
{
    int error = snapshot_of_result(now, result, &changes->mask);
    if (!error)
        error = hold_place(changes, result->index);
    if (!error)
        error = compare_rounds(changes->before[result->index], now, result);
    return error;
}

int changes_judge(struct changes *changes, struct result *result)
{
    if (result->error == FETCH_CANCELED)
        return 0;
    struct snapshot *now = calloc(1, sizeof *now);
    int error = now ? judge_snapshot(changes, now, result) : -ENOMEM;
    if (error) {
        snapshot_destroy(now);
        return error;
    }
    snapshot_destroy(changes->before[result->index]);
    changes->before[result->index] = now;
    return 0;
}

bool changes_hide(const struct result *result)
{
    return result->drift ? result->drift->outcome == DRIFT_UNCHANGED
                         : result_is_as_expected(result);
}
