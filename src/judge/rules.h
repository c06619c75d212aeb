/*
 * rules - all that is expected of targets, and how it was met.
 *
 * A file of rules has one a line; blank lines and comments ("#") are skipped:
 *
 *     [ID:] EXPR [-- MESSAGE]
 *     on GLOB           from here on only for targets of this host[/path]
 *     warn              the next rule's failure is told, but is none
 *     use SET           the rules of a set that is built in
 *     except HOST ID until DATE "text"
 */
#ifndef AFETCH_RULES_H
#define AFETCH_RULES_H

#include "judge/expression.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

/* Until when a rule need not hold, and for whom; strings are its own. */
struct waiver {
    char *host; /* a glob of host[/path] */
    char *id; /* of the rule */
    char *line; /* as written */
    char *why; /* "waived until ...: text" */
    int64_t ends_at; /* seconds since 1970 */
};

/* One of them; strings are its own. */
struct rule {
    char *id; /* NULL: none */
    char *message; /* NULL: none */
    char *only; /* a glob of host[/path]; NULL: any target */
    char *source; /* "FILE:LINE", "FILE:LINE: use SET"; NULL: not of a file */
    struct expression *expression; /* NULL: that the waiver has not expired */
    struct waiver *waiver;
    bool is_warning; /* its failure is told, but is none */
    /* So far: targets that were judged, and that gave nothing to judge. */
    uint64_t judged, unanswered;
};

/* All zero: none. */
struct rules {
    struct rule *items;
    size_t count;
    const char *file; /* of those that rules_read reads, for their source */
    unsigned columns; /* of the list, that they ask for: the highest N of $N */
    bool wants_interim; /* they ask the 1xx heads */
    bool wants_certs; /* … all certificates */
    bool tells_all; /* the values of checks that hold are wanted, too */
    uint64_t targets; /* so far */
};

/* What is wrong: in which line of a file, and what the line was. */
struct rules_fault {
    struct expression_fault fault;
    size_t line; /* from 1; 0: of the whole */
    struct span text; /* into what was read */
};

/* One more expectation, as in expression_parse. */
int rules_add(
    struct rules *rules, struct span text, struct expression_fault *fault);
/* All of a file.  0; -EINVAL, with *fault, when one line is wrong or none is
 * a rule; or -ENOMEM. */
int rules_read(
    struct rules *rules, struct span text, struct rules_fault *fault);
void rules_fini(struct rules *rules);

/* As it was written. */
const char *rule_text(const struct rule *rule);

/* Is it for this target?  NULL is a bad one. */
bool rule_is_for(const struct rule *rule, const struct target *target);

/*
 * Judges the result, and so each of its addresses, by the rules that are for
 * its target: sets checks and excused.  0, or -ENOMEM with no checks.  Needs
 * 40 KiB of stack.
 */
int rules_judge(struct rules *rules, struct result *result);

/* The next rule from *i on that no target met, while there were some; NULL
 * after the last.  Begin with *i = 0. */
const struct rule *rules_unmet(const struct rules *rules, size_t *i);

#endif
