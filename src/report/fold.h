/*
 * fold - failures of one cause, told in one line: how many, and the first few
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
    FOLD_FROM = 20, /* of one cause; more of them are one line */
};

struct fold_cause {
    uint64_t count;
    char names[FOLD_NAMES][TOTALS_HOST_MAX];
};

/* Zeroed to begin with; 30 KB. */
struct fold {
    struct fold_cause causes[FETCH_ERROR_COUNT];
};

/* Are so many failures of this cause one line?  Only on a terminal; all that
 * were canceled are. */
bool fold_is_due(
    const struct terminal *terminal, enum fetch_error error, uint64_t count);

/* One more that failed. */
void fold_add(struct fold *fold, const struct result *result);

/* A line for each cause that has any: "45 targets TIMEOUT: a.test, ..."; behind
 * others that were told, "45 more targets". */
void fold_put(const struct fold *fold, struct output *out,
    const struct terminal *terminal, const uint64_t told[FETCH_ERROR_COUNT]);

#endif
