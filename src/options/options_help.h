/*
 * options_help - the table shown to people: the options they use most, all of
 * them, or one.
 */
#ifndef AFETCH_OPTIONS_HELP_H
#define AFETCH_OPTIONS_HELP_H

#include <stdbool.h>
#include <stdio.h>

struct option_row;

/* topic: NULL, two screens at most; "all"; or an option, with its dashes or
 * without.  False: there is no such one, and nothing is printed.  The last
 * error of stdio is the caller's to look at. */
bool option_help_print(FILE *out, const char *topic);

/* The option that is called so; NULL: none is. */
const struct option_row *option_help_find(const char *topic);

#endif
