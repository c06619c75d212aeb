/*
 * hosts - the hosts file (hosts(5)), read once.
 */
#ifndef ASYNC_HOSTS_H
#define ASYNC_HOSTS_H

#include "async/core/address.h"

#include <stdbool.h>
#include <stddef.h>

struct hosts;

/* Reads the file; one that is missing, unreadable, or not a regular one (a
 * FIFO, a device) has no names.  0 or -ENOMEM. */
int hosts_create(struct hosts **out, const char *path);
/* NULL-safe. */
void hosts_destroy(struct hosts *hosts);

/* Is this a name of the file (in any case of letters)? */
bool hosts_find(const struct hosts *hosts, const char *name);
/*
 * Its addresses of one family in the file's order, at most max, ports 0.
 * Returns how many.
 */
size_t hosts_addresses(const struct hosts *hosts, const char *name, int family,
    union address *addresses, size_t max);

#endif
