/*
 * checks - the rules that the options name.
 */
#ifndef AFETCH_CHECKS_H
#define AFETCH_CHECKS_H

#include "judge/rules.h"

struct options;

/* 0; or the exit code, when it is said what is wrong with a rule.  The rules
 * are for rules_fini in any case. */
int checks_open(struct rules *rules, const struct options *options);

/* The same for records that are read back: they have no columns of a list. */
int checks_open_of_records(struct rules *rules, const struct options *options);

/* REPORT_WANTS_... of the rules. */
unsigned checks_wants(const struct rules *rules);

/* Warns of the rules that no target has met. */
void checks_warn(const struct rules *rules);

#endif
