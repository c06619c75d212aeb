/*
 * cache - may a cache keep the response, and for how long is it fresh (RFC
 * 9111 sections 3, 4.2 and 5.2, RFC 9213)?
 */
#ifndef AFETCH_FIELDS_CACHE_H
#define AFETCH_FIELDS_CACHE_H

#include "fields/lines.h"

/* Numbers of seconds are at most this (RFC 9111 section 1.2.2). */
#define CACHE_SECONDS_MAX (INT64_C(1) << 31)

/* May any cache, a browser's too, keep it: FIELD_BOOL; FIELD_NONE without a
 * head. */
void cache_get_stored(const struct field_head *head, struct field_value *out);

/* How long it is fresh from now on, Age counted, in a private and in a shared
 * cache: FIELD_DURATION, 0 when it is stale from the beginning; FIELD_NONE
 * when it does not say, so that a cache may guess. */
void cache_get_lifetime(const struct field_head *head, struct field_value *out);
void cache_get_shared_lifetime(
    const struct field_head *head, struct field_value *out);

/* Of Cache-Control: the value of a directive, of equal ones the first. */
void cache_get_member(
    const struct lines *lines, struct span member, struct field_value *out);
/* Is the directive there, where it has effect: no-store without an argument,
 * private and no-cache for the whole response? */
bool cache_has_member(const struct lines *lines, struct span member);
/* What is wrong with Cache-Control, NULL: nothing. */
const char *cache_fault(const struct lines *lines);

#endif
