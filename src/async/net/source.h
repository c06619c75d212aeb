/*
 * source - where connections come from: an address of this machine, or one
 * of its network devices.
 *
 * A loop has a source or none: stream asks for it.  Queries to name
 * servers are not affected.
 */
#ifndef ASYNC_SOURCE_H
#define ASYNC_SOURCE_H

#include "async/core/address.h"
#include "async/core/loop.h"

struct source {
    union address address; /* port 0; AF_UNSPEC: a device */
    const char *device; /* NULL: an address */
};

/*
 * "192.0.2.7", "2001:db8::7" or "eth0", which must live as long.  Tries it:
 * 0; -EADDRNOTAVAIL: not an address of this machine; -ENODEV: neither an
 * address nor a device; -EPERM; …
 */
int source_parse(struct source *source, const char *text);

/* From now on the loop's connections come from there; it must live as
 * long. */
void source_set(struct loop *loop, struct source *source);

/* Binds a new socket of this family as the running loop has it.  0;
 * ASYNC_WRONG_FAMILY; -errno. */
int source_bind(int fd, int family);

#endif
