/*
 * rules - all that is expected of each target, and how it was met.
 */
#ifndef AFETCH_RULES_H
#define AFETCH_RULES_H

#include "judge/expression.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of them; strings are its own. */
struct rule {
    char *id; /* NULL: none */
    char *message; /* NULL: none */
    struct expression *expression;
    bool is_warning; /* its failure is told, but is none */
    /* So far: targets that were judged, and that gave nothing to judge. */
    uint64_t judged, unanswered;
};

/* All zero: none. */
struct rules {
    struct rule *items;
    size_t count;
    uint64_t targets; /* so far */
};

/* One more expectation, as in expression_parse. */
int rules_add(
    struct rules *rules, struct span text, struct expression_fault *fault);
void rules_fini(struct rules *rules);

/* Does one of them ask the 1xx heads? */
bool rules_want_interim(const struct rules *rules);

/*
 * Judges the result by all of them, and so each of its addresses: sets checks
 * and excused.  0, or -ENOMEM with no checks.  Needs 40 KiB of stack.
 */
int rules_judge(struct rules *rules, struct result *result);

/* The next rule from *i on that no target met, while there were some; NULL
 * after the last.  Begin with *i = 0. */
const struct rule *rules_unmet(const struct rules *rules, size_t *i);

#endif
