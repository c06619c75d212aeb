/*
 * until - which targets are not as expected yet: they are fetched again, and
 * what they came to is held back (--until).
 *
 * What is held is the last result of each: about 2 KiB and its header a target.
 */
#ifndef AFETCH_UNTIL_H
#define AFETCH_UNTIL_H

#include <stdbool.h>
#include <stdint.h>

struct report;
struct result;
struct run_totals;
struct until;

/* NULL when there is no memory. */
struct until *until_create(void);
/* NULL-safe. */
void until_destroy(struct until *until);

/* The target need not be fetched any more: it was as expected. */
bool until_is_met(const struct until *until, uint64_t index);
/* A target has ended, judged.  True: it is not as expected, and the result is
 * until's.  False: it is to be reported, and so is a bad target. */
bool until_holds(struct until *until, struct result *result);
/* How many are held. */
uint64_t until_left(const struct until *until);
/* Reports and counts those that are held, in the order of the list. */
void until_tell(
    struct until *until, struct report *report, struct run_totals *totals);

#endif
