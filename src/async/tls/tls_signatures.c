/*
 * tls_signatures - see tls_signatures.h.
 *
 * Invariant: a pair is kept only after OpenSSL has found its signature good.
 * Its own function looks at whole chains; only a new leaf below issuers that
 * are all kept is verified here.  Anything unusual, and whatever is not good,
 * goes to that function.
 */
#include "async/tls/tls_signatures.h"

#include "async/tls/tls_connection.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

/* Where these are asked for, other times or more signatures count. */
enum {
    UNUSUAL = X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
              X509_V_FLAG_USE_CHECK_TIME | X509_V_FLAG_NO_CHECK_TIME |
              X509_V_FLAG_CHECK_SS_SIGNATURE | X509_V_FLAG_X509_STRICT |
              X509_V_FLAG_ALLOW_PROXY_CERTS,
    CHAIN_MAX = 10, /* certificates of a chain that is looked up */
};

/* A chain with its digests, from the leaf. */
struct chain {
    X509_STORE_CTX *store;
    STACK_OF(X509) * certificates; /* OpenSSL's */
    int count;
    unsigned char digests[CHAIN_MAX][SIGNATURE_DIGEST];
};

static struct tls *tls_of(X509_STORE_CTX *store)
{
    SSL *ssl =
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_connection *connection = SSL_get_app_data(ssl);
    return connection->tls;
}

/* False: it is unusual, or there is no memory. */
static bool read_chain(struct chain *chain, const struct tls_signatures *all)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(chain->store);
    chain->certificates = X509_STORE_CTX_get0_chain(chain->store);
    chain->count = sk_X509_num(chain->certificates);
    if (X509_VERIFY_PARAM_get_flags(param) & UNUSUAL || chain->count < 2 ||
        chain->count > CHAIN_MAX)
        return false;
    for (int i = 0; i < chain->count; i++)
        if (X509_digest(sk_X509_value(chain->certificates, i), all->digest,
                chain->digests[i], NULL) != 1)
            return false;
    return true;
}

/* --- the table --- */

static struct tls_signature *slot_of(
    const struct tls_signatures *all, const unsigned char *certificate)
{
    uint32_t number;
    memcpy(&number, certificate, sizeof number);
    return &all->kept[number % SIGNATURES_KEPT];
}

/* Those of the chain's certificates from this one on. */
static bool is_kept(
    const struct tls_signatures *all, const struct chain *chain, int from)
{
    if (!all->kept)
        return false;
    for (int i = from; i + 1 < chain->count; i++) {
        const struct tls_signature *slot = slot_of(all, chain->digests[i]);
        if (memcmp(slot->certificate, chain->digests[i], SIGNATURE_DIGEST) ||
            memcmp(slot->issuer, chain->digests[i + 1], SIGNATURE_DIGEST))
            return false;
    }
    return true;
}

static void keep_pairs(struct tls_signatures *all, const struct chain *chain)
{
    if (!all->kept)
        all->kept = calloc(SIGNATURES_KEPT, sizeof *all->kept);
    if (!all->kept)
        return;
    for (int i = 0; i + 1 < chain->count; i++) {
        struct tls_signature *slot = slot_of(all, chain->digests[i]);
        memcpy(slot->certificate, chain->digests[i], SIGNATURE_DIGEST);
        memcpy(slot->issuer, chain->digests[i + 1], SIGNATURE_DIGEST);
    }
}

/* --- what is looked at each time --- */

static bool is_valid_now(const X509 *certificate)
{
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

/* Without the extension all usages are set. */
static bool may_sign(X509 *issuer)
{
    return X509_get_key_usage(issuer) & KU_KEY_CERT_SIGN &&
           X509_get0_pubkey(issuer);
}

static bool is_good_now(const struct chain *chain)
{
    for (int i = 0; i < chain->count; i++) {
        X509 *certificate = sk_X509_value(chain->certificates, i);
        if (!is_valid_now(certificate) || (i > 0 && !may_sign(certificate)))
            return false;
    }
    return true;
}

/* A leaf's signature; why it is not good is not told here. */
static bool is_leaf_signed(const struct chain *chain)
{
    ERR_set_mark();
    int good = X509_verify(sk_X509_value(chain->certificates, 0),
        X509_get0_pubkey(sk_X509_value(chain->certificates, 1)));
    ERR_pop_to_mark();
    return good == 1;
}

/* Kept, or the leaf alone is new.  Servers that share an issuer are many. */
static bool has_good_signatures(
    struct tls_signatures *all, const struct chain *chain)
{
    if (is_kept(all, chain, 0))
        return true;
    if (chain->count < 3 || !is_kept(all, chain, 1) || !is_leaf_signed(chain))
        return false;
    keep_pairs(all, chain);
    return true;
}

/* As OpenSSL tells of each certificate that is good, from the root. */
static int tell_good(const struct chain *chain)
{
    X509_STORE_CTX_verify_cb tell = X509_STORE_CTX_get_verify_cb(chain->store);
    for (int i = chain->count - 1; i >= 0; i--) {
        X509_STORE_CTX_set_error_depth(chain->store, i);
        X509_STORE_CTX_set_current_cert(
            chain->store, sk_X509_value(chain->certificates, i));
        if (!tell(1, chain->store))
            return 0;
    }
    return 1;
}

/* In place of the function of OpenSSL that verifies signatures and times. */
static int verify_signatures(X509_STORE_CTX *store)
{
    struct tls *tls = tls_of(store);
    struct tls_signatures *all = &tls->signatures;
    struct chain chain = {.store = store};
    if (tls->insecure || !read_chain(&chain, all))
        return all->original(store);
    if (is_good_now(&chain) && has_good_signatures(all, &chain))
        return tell_good(&chain);
    int good = all->original(store);
    if (good > 0 && X509_STORE_CTX_get_error(store) == X509_V_OK)
        keep_pairs(all, &chain);
    return good;
}

/* --- setting up --- */

/* What a store has that nothing was set for; NULL: no memory. */
static X509_STORE_CTX_verify_fn find_original(void)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_verify_fn original = NULL;
    if (store && context &&
        X509_STORE_CTX_init(context, store, NULL, NULL) == 1)
        original = X509_STORE_CTX_get_verify(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return original;
}

void tls_signatures_set(SSL_CTX *context, struct tls_signatures *signatures)
{
    if (!signatures->original)
        signatures->original = find_original();
    if (!signatures->digest)
        signatures->digest = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (signatures->original && signatures->digest)
        X509_STORE_set_verify(
            SSL_CTX_get_cert_store(context), verify_signatures);
}

void tls_signatures_fini(struct tls_signatures *signatures)
{
    free(signatures->kept);
    EVP_MD_free(signatures->digest);
    *signatures = (struct tls_signatures){0};
}
