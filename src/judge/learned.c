/*
 * learned - see learned.h.
 *
 * Invariant: no name is in a list twice.
 */
#include "judge/learned.h"

#include "record/drift.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool list_has(const char *list, const char *name, size_t len)
{
    while (list && *list) {
        size_t one = strcspn(list, "\n");
        if (one == len && memcmp(list, name, len) == 0)
            return true;
        list += one + 1;
    }
    return false;
}

bool learned_has(const char *list, const char *name)
{
    return list_has(list, name, strlen(name));
}

/* 1; 0: there is no room for it. */
static int append_name(char **list, const char *name, size_t len)
{
    size_t used = *list ? strlen(*list) : 0;
    if (used + len + 1 > LEARNED_MAX)
        return 0;
    char *longer = realloc(*list, used + len + 2);
    if (!longer)
        return -ENOMEM;
    memcpy(longer + used, name, len);
    memcpy(longer + used + len, "\n", 2);
    *list = longer;
    return 1;
}

int learned_add(char **list, const char *more)
{
    int added = 0;
    while (more && *more) {
        size_t len = strcspn(more, "\n");
        int one = list_has(*list, more, len) ? 0 : append_name(list, more, len);
        if (one < 0)
            return one;
        added |= one;
        more += len + 1;
    }
    return added;
}

static int add_changes(char **out, const struct drift *drift)
{
    int error = 0;
    for (size_t i = 0; i < drift->count && error >= 0; i++)
        error = append_name(
            out, drift->changes[i].what, strlen(drift->changes[i].what));
    return error < 0 ? error : 0;
}

int learned_find(
    char **out, const struct snapshot *first, const struct snapshot *second)
{
    struct drift drift = {0};
    char *found = NULL;
    if (strcmp(first->status, second->status) != 0) {
        *out = NULL;
        return 0;
    }
    int error = snapshot_compare(first, second, &drift);
    if (!error)
        error = add_changes(&found, &drift);
    drift_fini(&drift);
    if (error)
        free(found);
    else
        *out = found;
    return error;
}

static void forget_text(const char *list, const char *name, char **text)
{
    if (!learned_has(list, name))
        return;
    free(*text);
    *text = NULL;
}

void learned_forget(const char *list, struct snapshot *snapshot)
{
    size_t kept = 0;
    if (!list)
        return;
    forget_text(list, "final URL", &snapshot->final_url);
    forget_text(list, "certificate issuer", &snapshot->issuer);
    for (size_t i = 0; i < snapshot->count; i++) {
        struct snapshot_field *field = &snapshot->fields[i];
        if (learned_has(list, field->name)) {
            free(field->name);
            free(field->value);
        } else {
            snapshot->fields[kept++] = *field;
        }
    }
    snapshot->count = kept;
}
