/*
 * literal - IP addresses as people write them.  No DNS, no short forms.
 */
#ifndef AFETCH_LITERAL_H
#define AFETCH_LITERAL_H

#include "text/span.h"

#include <netinet/in.h>
#include <stdbool.h>

/* Four decimal numbers without leading zeros, nothing else.  Writes *out,
 * with port 0, if it returns true. */
bool literal_ipv4(struct span text, struct sockaddr_in *out);

/*
 * RFC 4291 text, with "%zone" perhaps: an interface's number or name, which
 * is looked up now.  `bracketed`: the text stood in brackets (they are not
 * part of it), so "%25zone" is good too.
 *
 * Returns NULL with *out written (port 0), or what is wrong.
 */
const char *literal_ipv6(
    struct span text, bool bracketed, struct sockaddr_in6 *out);

#endif
