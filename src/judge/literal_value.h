/*
 * literal_value - numbers, durations and dates as they are written in
 * expressions and in fields.  Pure.
 */
#ifndef AFETCH_LITERAL_VALUE_H
#define AFETCH_LITERAL_VALUE_H

#include "text/span.h"

#include <stdint.h>

__extension__ typedef __int128 quantity;

/* Of 1: plain numbers are seconds beside a duration, so they have one scale.
 * What is larger than QUANTITY_MOST is that. */
#define QUANTITY_ONE ((quantity)1000000000)
#define QUANTITY_MOST (QUANTITY_ONE * 1000000000 * 1000000000)

/* "42", "-1", "0.5", digits behind the ninth are dropped; the whole of the
 * text. */
bool quantity_parse(struct span text, quantity *out);

/* The same; or with K or M (1024, 1024 * 1024) behind it; or a duration with
 * ms, s, m, h, d or w, which sets *is_duration. */
bool literal_parse(struct span text, quantity *out, bool *is_duration);

/* "2027-03-31" or "2027-03-31T12:00:00Z", in UTC: seconds since 1970. */
bool literal_date(struct span text, quantity *out);

enum { QUANTITY_TEXT_MAX = 48 };
/* With as many decimals as it has, up to three; the length. */
size_t quantity_write(quantity value, char out[QUANTITY_TEXT_MAX]);

#endif
