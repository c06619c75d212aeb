/*
 * tls_decoders - a library context of OpenSSL 3.0 with few decoders.
 *
 * OpenSSL 3.0 sets up a decoder for the key of each certificate that it reads,
 * out of all that its default provider offers: PEM, private keys, parameters
 * and more, which a TLS client never meets.  That is most of what reading a
 * certificate costs.  Here a provider passes the default one through, whatever
 * is asked of it, but offers of the decoders only those of public keys as they
 * stand in certificates (SubjectPublicKeyInfo), of every type of key.
 *
 * Nothing is verified in another way: the code that computes is the same, in
 * the same provider.
 */
#ifndef ASYNC_TLS_DECODERS_H
#define ASYNC_TLS_DECODERS_H

#include <openssl/provider.h>

/* All zero: none. */
struct tls_decoders {
    OSSL_LIB_CTX *library; /* NULL: OpenSSL's own one serves */
    OSSL_PROVIDER *original, *few; /* the latter passes the former through */
};

/*
 * Makes the library context, unless there is one.  It stays NULL, for OpenSSL's
 * own to be used: without memory; with any other OpenSSL than 3.0, as later
 * ones keep such decoders; and where openssl.cnf has activated another provider
 * than the default one, or sets up more of a library context than TLS, names
 * and that: default properties, engines, random numbers.
 */
void tls_decoders_need(struct tls_decoders *decoders);
/* Nothing may be left of what was made in the context. */
void tls_decoders_fini(struct tls_decoders *decoders);

#endif
