/*
 * json_tls - the record's "tls": the connection and the certificate.
 */
#ifndef AFETCH_JSON_TLS_H
#define AFETCH_JSON_TLS_H

struct output;
struct selector_scope;

/* An object, or null without TLS or when nothing came to be known. */
void json_put_tls(struct output *out, const struct selector_scope *scope);

#endif
