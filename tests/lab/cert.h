/* Certificates made in memory, with the flaw that is asked for. */
#ifndef LAB_CERT_H
#define LAB_CERT_H

#include "behaviour.h"

#include <openssl/x509.h>

/* Who signs. */
struct authority {
    EVP_PKEY *key;
    X509 *cert;
};

/* A fresh P-256 key, or NULL. */
EVP_PKEY *cert_key(void);
/* A self-signed CA of that name. 0 or -1. */
int authority_init(struct authority *a, const char *name);
void authority_fini(struct authority *a);

/* A certificate for `name` over `key`. `san`, if not empty, is the list of
 * its names instead: `one.test,*.two.test,IP:127.0.0.1`. NULL on failure. */
X509 *cert_make(const struct authority *by, EVP_PKEY *key, struct text name,
    const struct behaviour *b);

#endif
