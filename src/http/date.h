/*
 * date - the dates of HTTP (RFC 9110 section 5.6.7): the form that is sent,
 * and two from long ago.
 *
 * In any case of letters (RFC 9111 section 4.2), whatever the locale; only
 * GMT is a time zone.  The day of the week may be a wrong one.
 */
#ifndef AFETCH_HTTP_DATE_H
#define AFETCH_HTTP_DATE_H

#include "text/span.h"

#include <stdint.h>

/* Seconds since 1970.  `now`, likewise, tells which century a year of two
 * digits is in: it is the last such year not more than 50 years ahead.  False
 * when it is no date. */
bool date_parse(struct span text, int64_t now, int64_t *out);

#endif
