/* Certificates by the dozen. The flaw is in what is written, not in how it
 * is signed: every one of these is well-formed. */
#include "cert.h"

#include "door.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { DAY = 86400 };

EVP_PKEY *cert_key(void)
{
    return EVP_EC_gen("P-256");
}

static int add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX ctx;
    int ok;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (!extension)
        return -1;
    ok = X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
    return ok ? 0 : -1;
}

/* The common name holds 64 bytes at most; longer names are cut, as only the
 * SAN counts. */
static void set_subject(X509 *cert, struct text name)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    size_t n = name.n < 64 ? name.n : 64;

    if (n)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
            (const unsigned char *)name.p, (int)n, -1, 0);
}

static X509 *blank_cert(EVP_PKEY *key, struct text name, long from, long to)
{
    static long serial;
    X509 *cert = X509_new();

    if (!cert)
        return NULL;
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), from);
    X509_gmtime_adj(X509_getm_notAfter(cert), to);
    X509_set_pubkey(cert, key);
    set_subject(cert, name);
    return cert;
}

int authority_init(struct authority *a, const char *name)
{
    a->key = cert_key();
    a->cert =
        a->key ? blank_cert(a->key, text_of(name), -DAY, 365 * DAY) : NULL;
    if (!a->cert)
        return -1;
    X509_set_issuer_name(a->cert, X509_get_subject_name(a->cert));
    if (add_extension(
            a->cert, a->cert, NID_basic_constraints, "critical,CA:TRUE") ||
        add_extension(
            a->cert, a->cert, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        add_extension(a->cert, a->cert, NID_subject_key_identifier, "hash"))
        return -1;
    return X509_sign(a->cert, a->key, EVP_sha256()) ? 0 : -1;
}

void authority_fini(struct authority *a)
{
    X509_free(a->cert);
    EVP_PKEY_free(a->key);
}

static void add_general(GENERAL_NAMES *names, int type, const void *p, size_t n)
{
    ASN1_STRING *value = ASN1_STRING_type_new(
        type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
    GENERAL_NAME *name = GENERAL_NAME_new();

    ASN1_STRING_set(value, p, (int)n);
    GENERAL_NAME_set0_value(name, type, value);
    sk_GENERAL_NAME_push(names, name);
}

static void add_dns(GENERAL_NAMES *names, struct text name)
{
    add_general(names, GEN_DNS, name.p, name.n);
}

/* False if it is no address. */
static bool add_ip(GENERAL_NAMES *names, struct text ip)
{
    struct address at;

    if (address_parse(ip, &at))
        return false;
    if (at.sa.sa_family == AF_INET)
        add_general(names, GEN_IPADD, &at.v4.sin_addr, 4);
    else
        add_general(names, GEN_IPADD, &at.v6.sin6_addr, 16);
    return true;
}

static void add_list(GENERAL_NAMES *names, struct text list)
{
    while (list.n) {
        const char *comma = memchr(list.p, ',', list.n);
        size_t n = comma ? (size_t)(comma - list.p) : list.n;

        if (n > 3 && memcmp(list.p, "IP:", 3) == 0)
            add_ip(names, (struct text){list.p + 3, n - 3});
        else
            add_dns(names, (struct text){list.p, n});
        n += comma != NULL;
        list = (struct text){list.p + n, list.n - n};
    }
}

static void add_good(GENERAL_NAMES *names, struct text name)
{
    if (!add_ip(names, name))
        return add_dns(names, name);
    add_ip(names, TEXT("127.0.0.1"));
    add_ip(names, TEXT("::1"));
    add_dns(names, TEXT("localhost"));
}

/* `head`, then the name from its first (or last) dot on. */
static void add_star(
    GENERAL_NAMES *names, const char *head, struct text name, bool last)
{
    const char *dot =
        last ? memrchr(name.p, '.', name.n) : memchr(name.p, '.', name.n);
    struct buf star = {0};

    buf_str(&star, head);
    if (dot)
        buf_add(&star, dot, name.n - (size_t)(dot - name.p));
    add_dns(names, (struct text){star.p, star.len});
    buf_free(&star);
}

static void add_nul(GENERAL_NAMES *names, struct text name)
{
    struct buf both = {0};

    buf_text(&both, name);
    buf_text(&both, TEXT("\0.evil.test"));
    add_dns(names, (struct text){both.p, both.len});
    buf_free(&both);
}

static void add_names(
    GENERAL_NAMES *names, struct text name, const struct behaviour *b)
{
    char partial[] = {name.n ? name.p[0] : 'w', '*', '\0'};

    if (b->san.n)
        add_list(names, b->san);
    else if (b->cert == CERT_WRONG)
        add_dns(names, TEXT("wrong.invalid"));
    else if (b->cert == CERT_WILD)
        add_star(names, "*", name, false);
    else if (b->cert == CERT_TOP)
        add_star(names, "*", name, true);
    else if (b->cert == CERT_PARTIAL)
        add_star(names, partial, name, false);
    else if (b->cert == CERT_NUL)
        add_nul(names, name);
    else
        add_good(names, name);
}

static int set_names(X509 *cert, struct text name, const struct behaviour *b)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    int ok;

    if (!names)
        return -1;
    add_names(names, name, b);
    ok = X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0);
    GENERAL_NAMES_free(names);
    return ok == 1 ? 0 : -1;
}

static X509 *dated_cert(EVP_PKEY *key, struct text name, enum cert flaw)
{
    if (flaw == CERT_EXPIRED)
        return blank_cert(key, name, -2 * DAY, -DAY);
    if (flaw == CERT_FUTURE)
        return blank_cert(key, name, DAY, 30 * DAY);
    return blank_cert(key, name, -DAY, 30 * DAY);
}

X509 *cert_make(const struct authority *by, EVP_PKEY *key, struct text name,
    const struct behaviour *b)
{
    X509 *cert = dated_cert(key, name, b->cert);
    struct authority self = {key, cert};

    if (!cert)
        return NULL;
    if (b->cert == CERT_SELF)
        by = &self;
    X509_set_issuer_name(cert, X509_get_subject_name(by->cert));
    if (add_extension(cert, by->cert, NID_basic_constraints, "CA:FALSE") ||
        add_extension(cert, by->cert, NID_ext_key_usage, "serverAuth") ||
        add_extension(cert, by->cert, NID_subject_key_identifier, "hash") ||
        add_extension(cert, by->cert, NID_authority_key_identifier, "keyid") ||
        (b->cert != CERT_NOSAN && set_names(cert, name, b)) ||
        !X509_sign(cert, by->key, EVP_sha256())) {
        X509_free(cert);
        return NULL;
    }
    return cert;
}
