/*
 * options_hint - what somebody may have meant who has the habits of curl,
 * httpx, fping or nmap.
 */
#ifndef AFETCH_OPTIONS_HINT_H
#define AFETCH_OPTIONS_HINT_H

#include "text/span.h"

enum { OPTION_HINT_MAX = 160 };

/* What to do instead of this unknown option ("-Z", "--timeout", without its
 * argument), or which option has a name like it; "" when nothing is known.
 * Returns `hint`. */
const char *option_hint(struct span written, char hint[OPTION_HINT_MAX]);

/* The same for a whole argument of one dash and several letters, as programs in
 * Go write options ("-json", "-iL"); NULL when it may be a group of afetch's
 * own short options. */
const char *option_word_hint(const char *word);

/* What is odd about a target among the arguments, and what to do; NULL:
 * nothing.  Looks whether it names a file. */
const char *target_hint(const char *argument);

#endif
