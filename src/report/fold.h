/*
 * fold - failures of the same cause in one line: how many, and the first few
 * names.
 */
#ifndef AFETCH_FOLD_H
#define AFETCH_FOLD_H

#include "output/terminal.h"
#include "record/result.h"
#include "record/totals.h"

#include <stdbool.h>
#include <stdint.h>

struct output;

enum {
    FOLD_NAMES = 3,
    FOLD_FROM = 20, /* more failures of one cause become one line */
};

struct fold_cause {
    uint64_t count;
    char names[FOLD_NAMES][TOTALS_HOST_MAX];
};

/* Zeroed to begin with; 30 KB. */
struct fold {
    struct fold_cause causes[FETCH_ERROR_COUNT];
};

/* Whether that many failures of this cause become one line: only on a
 * terminal; canceled targets always do there. */
bool fold_is_due(
    const struct terminal *terminal, enum fetch_error error, uint64_t count);

/* Adds a target that failed. */
void fold_add(struct fold *fold, const struct result *result);

/* Writes a line for each cause that occurred: "45 targets TIMEOUT: a.test,
 * ...", or "45 more targets" if others (told) had a line each. */
void fold_put(const struct fold *fold, struct output *out,
    const struct terminal *terminal, const uint64_t told[FETCH_ERROR_COUNT]);

#endif
