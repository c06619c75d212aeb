/*
 * cache_control - the directives of Cache-Control (RFC 9111 section 5.2) and
 * of CDN-Cache-Control (RFC 9213), for cache.c.
 */
#ifndef AFETCH_FIELDS_CACHE_CONTROL_H
#define AFETCH_FIELDS_CACHE_CONTROL_H

#include "fields/cache.h"

enum seconds_state {
    SECONDS_ABSENT,
    SECONDS_WRONG, /* no number, or two that differ */
    SECONDS_GOOD,
};

/* The directives that a cache goes by; a head has at most one set of them. */
struct directives {
    bool no_store, no_cache, is_private, is_public, must_understand;
    enum seconds_state max_age_state, s_maxage_state;
    int64_t max_age, s_maxage;
};

/* All false and absent without such a field. */
void directives_read(const struct field_head *head, struct directives *out);
/* False: there is none, it is void, or it is empty, so that Cache-Control
 * counts (RFC 9213 section 2.2). */
bool directives_read_cdn(const struct field_head *head, struct directives *out);

#endif
