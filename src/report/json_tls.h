/*
 * json_tls - the record's "tls": the connection and the certificate.
 */
#ifndef AFETCH_JSON_TLS_H
#define AFETCH_JSON_TLS_H

#include <stdint.h>

struct output;
struct tls_info;

/* An object, or null when tls is NULL or nothing came to be known.  Days are
 * counted from `now`, in seconds since 1970. */
void json_put_tls(struct output *out, const struct tls_info *tls, int64_t now);

#endif
