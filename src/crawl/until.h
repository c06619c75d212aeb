/*
 * until - targets whose responses are not as expected yet: they are fetched
 * again, and their results are held back (--until).
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

/* Whether the target was as expected, so that it need not be fetched again. */
bool until_is_met(const struct until *until, uint64_t index);
/* Call it when a target has ended and was judged.  True: it is not as expected,
 * and `until` now owns the result.  False: the caller reports it; always so for
 * an invalid target. */
bool until_holds(struct until *until, struct result *result);
/* How many targets are to be fetched again. */
uint64_t until_left(const struct until *until);
/* Reports and counts the results that are held, in the order of the list. */
void until_tell(
    struct until *until, struct report *report, struct run_totals *totals);

#endif
