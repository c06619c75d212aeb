/*
 * verdict - what a target came to, as a list of tests: one for each of its
 * checks; and one for the target itself where no check tells that it failed,
 * or nothing was expected of it.  Pure.
 *
 * Invariant: a run's exit code is 0 just when all of its verdicts are
 * VERDICT_OK, _SKIPPED or _WARNING, and all targets have begun.
 */
#ifndef AFETCH_VERDICT_H
#define AFETCH_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

struct check;
struct output;
struct result;

enum verdict_kind {
    VERDICT_OK,
    VERDICT_SKIPPED,
    VERDICT_WARNING, /* a rule that only warns was not met */
    VERDICT_FAILED, /* a check */
    VERDICT_NO_ANSWER, /* there was nothing to judge */
    VERDICT_COUNT
};

/* "ok", "skipped", "warning", "failed", "no answer". */
const char *verdict_name(enum verdict_kind kind);

struct verdict {
    enum verdict_kind kind;
    const struct check *check; /* NULL: of the target itself */
};

/* The i-th, from 0; false after the last. */
bool verdict_at(const struct result *result, size_t i, struct verdict *out);

/* Of the target, if it failed: "dns: no such name"; else what the check says:
 * "is 300".  Puts it by `put`, of all texts from elsewhere. */
typedef void verdict_put(struct output *out, const char *bytes, size_t len);
void verdict_put_why(struct output *out, const struct result *result,
    const struct verdict *verdict, verdict_put *put);
/* "EXPR (ID: message)", as on stderr; of the target itself "answered". */
void verdict_put_name(
    struct output *out, const struct verdict *verdict, verdict_put *put);

/* The text that stands for a byte; NULL: itself. */
typedef const char *verdict_escape(char byte);
/*
 * Puts the bytes in one line of well-formed UTF-8, without any character that
 * XML 1.0 does not allow: what is none, controls but TAB, line separators,
 * U+FFFE and U+FFFF as \xNN for each of their bytes; then each byte as
 * `escape` has it.
 */
void verdict_put_escaped(
    struct output *out, const char *bytes, size_t len, verdict_escape *escape);

#endif
