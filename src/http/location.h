/*
 * location - where a Location field leads: its value resolved against the
 * target that sent it (RFC 3986 section 5.2).  Pure.
 */
#ifndef AFETCH_LOCATION_H
#define AFETCH_LOCATION_H

#include "input/target.h"
#include "text/span.h"

/* Bytes of the URL, not yet encoded: a field's line, and scheme and host. */
enum { LOCATION_MAX = 65 * 1024 };

/*
 * `value` may hold any bytes.  The fragment is dropped, a blank becomes %20
 * and what is not ASCII is encoded as in any target.  An address that the
 * base was given by its list holds for the same host.
 *
 * Returns 0 and a target that the caller destroys; -EINVAL with *reason set
 * to a static text; or -ENOMEM.
 */
int location_resolve(const struct target *base, struct span value,
    struct target **out, const char **reason);

#endif
