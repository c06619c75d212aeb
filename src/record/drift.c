/* drift - see drift.h. */
#include "record/drift.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *drift_outcome_name(enum drift_outcome outcome)
{
    static const char *const names[DRIFT_OUTCOME_COUNT] = {
        "unchanged", "changed", "added"};
    assert((unsigned)outcome < DRIFT_OUTCOME_COUNT);
    return names[outcome];
}

static void change_fini(struct drift_change *change)
{
    free(change->what);
    free(change->from);
    free(change->to);
}

void drift_fini(struct drift *drift)
{
    for (size_t i = 0; i < drift->count; i++)
        change_fini(&drift->changes[i]);
    free(drift->changes);
    *drift = (struct drift){0};
}

static char *copy_text(const char *text)
{
    return text ? strdup(text) : NULL;
}

int drift_add(struct drift *drift, const struct drift_change *change)
{
    struct drift_change copy = {copy_text(change->what), change->is_field,
        copy_text(change->from), copy_text(change->to)};
    struct drift_change *changes =
        reallocarray(drift->changes, drift->count + 1, sizeof *drift->changes);
    if (changes)
        drift->changes = changes;
    if (!changes || !copy.what || !copy.from != !change->from ||
        !copy.to != !change->to) {
        change_fini(&copy);
        return -ENOMEM;
    }
    changes[drift->count++] = copy;
    drift->outcome = DRIFT_CHANGED;
    return 0;
}

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 + 2 * sizeof(size_t) : 0;
}

size_t drift_size(const struct drift *drift)
{
    size_t size = drift->count * sizeof *drift->changes;
    for (size_t i = 0; i < drift->count; i++)
        size += text_size(drift->changes[i].what) +
                text_size(drift->changes[i].from) +
                text_size(drift->changes[i].to);
    return size;
}
