/*
 * retry - whether a try that went wrong is worth another one, and when.
 */
#ifndef AFETCH_RETRY_H
#define AFETCH_RETRY_H

#include "record/result.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct wait_for;

/* A failure that may pass: it could not connect, its name server failed,
 * refused or was unreachable, it was cut off or timed out; or the status is
 * 429, 503, 522 or 524. */
bool retry_is_transient(const struct result *result);

/*
 * ns from `now` on that the answer asks to wait (Retry-After, RFC 9110
 * section 10.2.3, seconds or a date), at least 0; negative when it does not.
 * Looks into the result's head.
 */
int64_t retry_asked(const struct result *result, time_t now);

/*
 * Awaits.  The pause until the next try of what ended so; false: there is none,
 * or none before max_time ends.  Canceled meanwhile, the result tells that, in
 * the phase of the last try.
 */
bool retry_await(struct result *result, enum phase phase, unsigned retries,
    const struct wait_for *max_time);

/* ns until the next try after one that ended so, the back-off at least;
 * negative when there is none: it is not worth one, or so many retries have
 * been made.  `clock`: of any kind, to make the pauses differ. */
int64_t retry_pause(
    const struct result *result, unsigned retries, time_t now, int64_t clock);

/* ns to wait after so many tries (from 1 on): doubled each time, up to a
 * minute, less up to a half, by `random`. */
int64_t retry_backoff(int tries, uint64_t random);

#endif
