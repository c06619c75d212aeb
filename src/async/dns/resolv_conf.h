/*
 * resolv_conf - which name servers are asked, and how: as resolv.conf(5) has
 * it, read as the C library reads it, or as a list of addresses says.
 */
#ifndef ASYNC_RESOLV_CONF_H
#define ASYNC_RESOLV_CONF_H

#include "async/core/address.h"

#include <stdbool.h>
#include <stddef.h>

struct search_list;

#define RESOLV_CONF "/etc/resolv.conf"

/* Bytes of it that are read. */
enum { RESOLV_CONF_MAX = 1 << 20 };

struct resolv_conf {
    union address *servers; /* in their order, each once, with its port */
    size_t server_count; /* at least 1 */
    int timeout; /* of the first try, s: 1 to 30; 0: not said */
    int attempts; /* of each server: 1 to 5; 0: not said */
    bool rotate; /* each question begins with another server */
    bool use_vc; /* by TCP only */
    struct search_list *search; /* NULL: names are complete */
};

/*
 * Reads `path`.  A file that is missing, unreadable, or not a regular one (a
 * FIFO, a device, a directory) counts as empty, as for the C library: the
 * server is 127.0.0.1, and the search list is the domain of this host's own
 * name.  0; -ENOMEM; -errno of a shortage.
 */
int resolv_conf_read(struct resolv_conf *conf, const char *path);

/* "ADDRESS,…" of IPv4, IPv4:PORT, IPv6, [IPv6] and [IPv6]:PORT; IPv6 perhaps
 * with %ZONE.  0; -ENOMEM; -EINVAL: not such a list. */
int resolv_conf_given(struct resolv_conf *conf, const char *servers);

/* Harmless on zeroes. */
void resolv_conf_fini(struct resolv_conf *conf);

#endif
