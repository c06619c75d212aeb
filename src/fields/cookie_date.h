/*
 * cookie_date - dates as cookies have them, which is nearly anything (RFC
 * 6265bis section 5.1.1).
 */
#ifndef AFETCH_FIELDS_COOKIE_DATE_H
#define AFETCH_FIELDS_COOKIE_DATE_H

#include "text/span.h"

#include <stdint.h>

/* Seconds since 1970; false when it is no date. */
bool cookie_date_parse(struct span text, int64_t *out);

#endif
