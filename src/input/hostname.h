/*
 * hostname - what may be asked of DNS, and how international names are.
 */
#ifndef AFETCH_HOSTNAME_H
#define AFETCH_HOSTNAME_H

#include "text/span.h"

/*
 * Checks an ASCII name without trailing dot: labels of 1 to 63 letters,
 * digits, "-" and "_", 253 bytes in all.  A name whose last label is a
 * number (127.1, 0x7f.1, 2130706433) is none: some resolvers take it for an
 * address.
 *
 * Returns NULL, or what is wrong.
 */
const char *hostname_check(struct span name);

/*
 * Writes a name in UTF-8 with A-labels (IDNA 2008 after the mapping of
 * UTS 46, nontransitional).  *out is still to be checked: a full-width slash
 * or digit comes out of the mapping as a plain one.
 *
 * Returns 0 and *out, which the caller frees; -EINVAL with *reason set to a
 * static text; or -ENOMEM.
 */
int hostname_convert(struct span name, char **out, const char **reason);

#endif
