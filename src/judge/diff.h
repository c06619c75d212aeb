/*
 * diff - do the addresses of a name give the same response?  Pure.
 */
#ifndef AFETCH_DIFF_H
#define AFETCH_DIFF_H

struct result;

enum { DIFF_SHOWN = 10 }; /* differences named; the others are counted */

/*
 * Compares the responses of the result's addresses: status, final URL and
 * header fields, whose order matters only among those of one name.  Fields
 * that differ by nature are not compared: Date,
 * Age, Expires, request ids; of Set-Cookie only the cookies' names are.
 * Sets `agree` and `difference`:
 *     status (200: 192.0.2.7 | 503: 192.0.2.8, 192.0.2.9),
 *     ETag (192.0.2.7 | none: 192.0.2.8 | 192.0.2.9)
 * in one line.  Bytes of names come as they are.  0 or -ENOMEM.
 */
int diff_addresses(struct result *result);

#endif
