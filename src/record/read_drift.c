/*
 * read_drift - what --baseline found, read back.
 */
#include "record/members.h"
#include "record/read_inside.h"

#include <stdlib.h>
#include <string.h>

static bool find_outcome(const json_t *drift, enum drift_outcome *out)
{
    const char *name = json_string_value(json_object_get(drift, "outcome"));

    for (unsigned i = 0; name && i < DRIFT_OUTCOME_COUNT; i++)
        if (strcmp(name, drift_outcome_name((enum drift_outcome)i)) == 0) {
            *out = (enum drift_outcome)i;
            return true;
        }
    return false;
}

const char *read_drift(
    const json_t *json, struct drift *drift, struct result *result)
{
    const json_t *read = json_object_get(json, MEMBER_DRIFT);

    if (!json_is_object(read))
        return NULL;
    result->drift = drift;
    return find_outcome(read, &drift->outcome) ? NULL
                                               : "unknown outcome of drift";
}

static int take_change(struct drift *drift, const json_t *json)
{
    static const char *const no_fields[] = {
        "status", "final URL", "certificate issuer"};
    const char *what = json_string_value(json_object_get(json, "what"));
    struct drift_change change = {
        .what = (char *)what,
        .is_field = true,
        .from = (char *)json_string_value(json_object_get(json, "from")),
        .to = (char *)json_string_value(json_object_get(json, "to")),
    };
    if (!what)
        return 0;
    for (size_t i = 0; i < sizeof no_fields / sizeof *no_fields; i++)
        change.is_field &= strcmp(what, no_fields[i]) != 0;
    return drift_add(drift, &change);
}

static int take_changes(struct drift *drift, const json_t *changes)
{
    const json_t *change;
    int error = 0;
    size_t i;
    json_array_foreach(changes, i, change) if (!error) error =
        take_change(drift, change);
    return error;
}

const char *read_drift_whole(const json_t *json, struct result *result)
{
    const json_t *read = json_object_get(json, MEMBER_DRIFT);
    struct drift drift = {0};
    if (!json_is_object(read))
        return NULL;
    if (take_changes(&drift, json_object_get(read, "changes")))
        goto no_memory;
    result->drift = malloc(sizeof *result->drift);
    if (!result->drift)
        goto no_memory;
    find_outcome(read, &drift.outcome);
    *result->drift = drift;
    return NULL;
no_memory:
    drift_fini(&drift);
    return read_no_memory;
}
