/*
 * redirect - which request follows a redirect (RFC 9110 section 15.4).
 */
#ifndef AFETCH_REDIRECT_H
#define AFETCH_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

struct result;
struct target;

/* 301, 302, 303, 307, 308: with a Location, these are followed. */
bool redirect_status(int status);

/* The next method after this one, as in curl: 303 changes all but HEAD to
 * GET, 301 and 302 change POST to GET. */
const char *redirect_method(const char *method, int status);

/* Another scheme, host or port: credentials do not go there. */
bool redirect_is_foreign(const struct target *from, const struct target *to);

/*
 * Where the result's last hop leads, after at most `most` others: *next is a
 * target that the caller destroys, or NULL when it leads nowhere.  From hop
 * `since` on, a target for the third time is a loop.  0; RESULT_FAILED:
 * BAD_REDIRECT, REDIRECT_LOOP or TOO_MANY_REDIRECTS is in the result; or
 * -ENOMEM.
 */
int redirect_find(
    struct result *result, unsigned most, size_t since, struct target **next);

#endif
