/*
 * pattern - regular expressions (PCRE2) with limits: what they are matched
 * against comes from strangers.
 */
#ifndef AFETCH_PATTERN_H
#define AFETCH_PATTERN_H

#include "text/span.h"

struct pattern;

struct pattern_fault {
    size_t at; /* in the pattern */
    char text[128];
};

/* 0; -EINVAL, with *fault; or -ENOMEM. */
int pattern_compile(struct span text, bool any_case, struct pattern **out,
    struct pattern_fault *fault);
/* NULL-safe. */
void pattern_destroy(struct pattern *pattern);

/*
 * 1: it matches somewhere; 0: nowhere; -E2BIG: it took more steps or memory
 * than it may; -ENOMEM.  Needs 32 KiB of stack.
 */
int pattern_match(const struct pattern *pattern, struct span text);

#endif
