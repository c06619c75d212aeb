/*
 * sets - the rules that are built in, as texts of rule files: one file each,
 * with where they come from and since when.
 */
#ifndef AFETCH_SETS_H
#define AFETCH_SETS_H

#include <stddef.h>

struct rule_set {
    const char *name; /* "leaks" */
    const char *source, *date; /* for the man page */
    const char *const *rules; /* lines of a rule file */
    size_t count;
};

extern const struct rule_set set_leaks, set_owasp, set_mdn, set_preload,
    set_cookies;

/* The i-th, from 0; NULL after the last. */
const struct rule_set *rule_set_at(size_t i);

#endif
