/*
 * local_names - what is known of a name without DNS: the hosts file's names,
 * and localhost.  Only resolve uses this.
 */
#ifndef ASYNC_LOCAL_NAMES_H
#define ASYNC_LOCAL_NAMES_H

#include "async/core/address.h"

#include <stdbool.h>
#include <stddef.h>

struct hosts;

enum { LOCAL_ADDRESSES_MAX = 32 }; /* of each family */

/* The whole answer, to be freed; too much for a task's stack. */
struct local_names {
    union address addresses[2 * LOCAL_ADDRESSES_MAX]; /* in turn, v6 first */
    size_t count;
    int error; /* why there is none: enum async_error */
};

/* Is the name one of these?  DNS is not asked then. */
bool local_names_have(const struct hosts *hosts, const char *name);
/* The addresses of one that is, of this family (AF_UNSPEC: both), without the
 * unspecified ones, which block a name: for free(); NULL: no memory. */
struct local_names *local_names_find(
    const struct hosts *hosts, const char *name, int family);

/* Onion names must not be sent to DNS servers: they do not exist there (RFC
 * 7686 section 2). */
bool local_names_is_onion(const char *name);

#endif
