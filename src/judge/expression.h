/*
 * expression - "hsts.max-age >= 180d when status < 400": read once, judged
 * against many results.  Pure, but for the scratch memory of patterns.
 *
 *     expr  = or [ "when" or ]
 *     or    = and *( ("or" | "||") and )
 *     and   = not *( ("and" | "&&") not )
 *     not   = [ "not" | "!" ] test
 *     test  = "(" or ")" | [ scope ] operand [ op value ]
 *     scope = ( "first" | "last" | "every" | "any" | "interim" ) ":"
 *     op    = "==" "!=" "<" "<=" ">" ">=" "=~" "!~" "has" "in"
 *
 * No expression holds for a target that gave no head, but for one that
 * mentions `error`.
 */
#ifndef AFETCH_EXPRESSION_H
#define AFETCH_EXPRESSION_H

#include "text/span.h"

struct check;
struct expression;
struct result;

struct expression_fault {
    size_t at; /* in the text, from 0 */
    char text[256]; /* what is wrong, or was expected there */
};

/* The text is copied.  0; -EINVAL, with *fault; or -ENOMEM. */
int expression_parse(
    struct span text, struct expression **out, struct expression_fault *fault);
/* NULL-safe. */
void expression_destroy(struct expression *expression);

/* As it was written. */
const char *expression_text(const struct expression *expression);
/* Does it mention error, error.phase or error.message? */
bool expression_judges_error(const struct expression *expression);
/* Does it ask the 1xx heads? */
bool expression_wants_interim(const struct expression *expression);
/* Does it ask for what selector_needs_certs? */
bool expression_wants_certs(const struct expression *expression);
/* The highest N of $N; 0: none. */
unsigned expression_columns(const struct expression *expression);

/*
 * Judges the result, or one address of it: sets outcome, excuses, actual and
 * why; without memory the last two are NULL.  `about` has the columns of
 * the list's line that $1, $2 ... stand for.  Needs 40 KiB of stack.
 */
struct expression_about {
    const struct span *columns;
    size_t column_count;
    bool tells_all; /* `actual` is wanted where it holds, too */
};
void expression_judge(const struct expression *expression,
    const struct result *result, const struct expression_about *about,
    struct check *out);

#endif
