/*
 * no_proxy - a list of hosts that are not fetched through a proxy, by curl's
 * rules.  Pure.
 *
 * Entries are separated by commas or blanks.  A name stands for itself and
 * all names below it, with a leading dot or without; an address for itself;
 * "ADDRESS/BITS" for a network.  Ports are in no entry.  A list that is "*"
 * is all hosts.
 */
#ifndef AFETCH_NO_PROXY_H
#define AFETCH_NO_PROXY_H

#include <stdbool.h>

/* `host` is a target's: no brackets, no trailing dot. */
bool no_proxy_has(const char *list, const char *host);

/* Is no host fetched through a proxy? */
bool no_proxy_is_all(const char *list);

#endif
