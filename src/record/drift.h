/*
 * drift - what became of a target since the run before.
 */
#ifndef AFETCH_DRIFT_H
#define AFETCH_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

enum drift_outcome {
    DRIFT_UNCHANGED,
    DRIFT_CHANGED,
    DRIFT_ADDED, /* it was not in that run */
    DRIFT_OUTCOME_COUNT
};

/* "unchanged", "changed", "added". */
const char *drift_outcome_name(enum drift_outcome outcome);

/* One difference; all heap, valid UTF-8. */
struct drift_change {
    char *what; /* "status", "final URL", "certificate issuer", or the name of a
                   field in lower case */
    bool is_field;
    char *from, *to; /* NULL: none; NUL bytes end them */
};

/* All zero: unchanged. */
struct drift {
    enum drift_outcome outcome;
    struct drift_change *changes; /* heap */
    size_t count;
};

/* Frees what it owns, but not itself. */
void drift_fini(struct drift *drift);

/* One change more, of copies.  0 or -ENOMEM. */
int drift_add(struct drift *drift, const struct drift_change *change);

/* Bytes of memory that it owns. */
size_t drift_size(const struct drift *drift);

#endif
