/*
 * check - what became of one expectation about one result.
 */
#ifndef AFETCH_CHECK_H
#define AFETCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum check_outcome {
    CHECK_OK,
    CHECK_SKIPPED, /* its guard was not met */
    CHECK_NO_ANSWER, /* the target gave no head to be judged */
    CHECK_FAILED,
    CHECK_OUTCOME_COUNT
};

/* "ok", "skipped", "no answer", "failed". */
const char *check_outcome_name(enum check_outcome outcome);

/* What stands in front of `why` in a record when a rule only warns. */
#define CHECK_WARNING "warning: "

/* All zero: ok, and nothing is known of it. */
struct check {
    /* Of the rule, which lives with the run. */
    const char *id; /* NULL: none */
    const char *expr; /* as it was written */
    const char *message; /* NULL: none */
    bool is_warning; /* its failure is told, but is none */
    enum check_outcome outcome;
    bool excuses; /* it judged the error, and holds: the target has not
                     failed */
    char *actual; /* heap: the value, as text; NULL: none */
    char *why; /* heap: "is 300", "not in force: ..."; NULL: nothing to say */
};

/* Frees what it owns. */
void check_fini(struct check *check);

#endif
