/*
 * tls_chain - the certificates that a server sent, in words: line by line what
 * curl writes for %{certs}, the PEM of each at its end.
 *
 * Invariant: what a server sends grows the text by a factor, at most to
 * TEXT_MAX; control characters in it are the reader's to escape.
 */
#include "async/tls/tls_connection.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 * 1024, LABEL_MAX = 128 };

/* What was put in may have ended its line itself. */
static void end_line(BIO *out)
{
    char *text;
    long len = BIO_get_mem_data(out, &text);
    if (len > 0 && text[len - 1] != '\n')
        BIO_puts(out, "\n");
}

static void put_name(BIO *out, const char *label, const X509_NAME *name)
{
    BIO_printf(out, "%s:", label);
    X509_NAME_print_ex(out, name, 0, XN_FLAG_ONELINE);
    end_line(out);
}

static void put_serial(BIO *out, const ASN1_INTEGER *number)
{
    const unsigned char *bytes = ASN1_STRING_get0_data(number);
    bool is_negative = ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER;
    BIO_printf(out, "Serial Number:%s", is_negative ? "-" : "");
    for (int i = 0; i < ASN1_STRING_length(number); i++)
        BIO_printf(out, "%02x", bytes[i]);
    end_line(out);
}

static void put_object(BIO *out, const char *label, const ASN1_OBJECT *object)
{
    BIO_printf(out, "%s:", label);
    i2a_ASN1_OBJECT(out, object);
    end_line(out);
}

static void put_algorithms(BIO *out, const X509 *certificate)
{
    const X509_ALGOR *signature;
    const ASN1_OBJECT *object;
    ASN1_OBJECT *key;
    X509_get0_signature(NULL, &signature, certificate);
    X509_ALGOR_get0(&object, NULL, NULL, signature);
    put_object(out, "Signature Algorithm", object);
    X509_PUBKEY_get0_param(
        &key, NULL, NULL, NULL, X509_get_X509_PUBKEY(certificate));
    put_object(out, "Public Key Algorithm", key);
}

/* One that cannot be read comes as it is. */
static void put_extension(BIO *out, X509_EXTENSION *extension)
{
    char label[LABEL_MAX];
    i2t_ASN1_OBJECT(label, sizeof label, X509_EXTENSION_get_object(extension));
    BIO_printf(out, "%s:", label);
    if (!X509V3_EXT_print(out, extension, 0, 0))
        ASN1_STRING_print(out, X509_EXTENSION_get_data(extension));
    end_line(out);
}

static void put_extensions(BIO *out, const X509 *certificate)
{
    for (int i = 0; i < X509_get_ext_count(certificate); i++)
        put_extension(out, X509_get_ext(certificate, i));
}

static void put_date(BIO *out, const char *label, const ASN1_TIME *date)
{
    BIO_printf(out, "%s:", label);
    ASN1_TIME_print(out, date);
    end_line(out);
}

static void put_big(BIO *out, const char *label, const BIGNUM *number)
{
    BIO_printf(out, "%s:", label);
    if (number)
        BN_print(out, number);
    end_line(out);
}

static void put_key(BIO *out, const X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    BIGNUM *n = NULL, *e = NULL;
    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e);
    BIO_printf(out, "RSA Public Key:%d\n", n ? BN_num_bits(n) : 0);
    put_big(out, "rsa(n)", n);
    put_big(out, "rsa(e)", e);
    BN_free(n);
    BN_free(e);
}

static void put_signature(BIO *out, const X509 *certificate)
{
    const ASN1_BIT_STRING *signature;
    X509_get0_signature(&signature, NULL, certificate);
    const unsigned char *bytes = ASN1_STRING_get0_data(signature);
    BIO_puts(out, "Signature:");
    for (int i = 0; i < ASN1_STRING_length(signature); i++)
        BIO_printf(out, "%02x:", bytes[i]);
    end_line(out);
}

static void put_certificate(BIO *out, X509 *certificate)
{
    put_name(out, "Subject", X509_get_subject_name(certificate));
    put_name(out, "Issuer", X509_get_issuer_name(certificate));
    BIO_printf(out, "Version:%lx\n", (long)X509_get_version(certificate));
    put_serial(out, X509_get0_serialNumber(certificate));
    put_algorithms(out, certificate);
    put_extensions(out, certificate);
    put_date(out, "Start date", X509_get0_notBefore(certificate));
    put_date(out, "Expire date", X509_get0_notAfter(certificate));
    put_key(out, certificate);
    put_signature(out, certificate);
    PEM_write_bio_X509(out, certificate);
}

/* A copy of what was put; false: no memory. */
static bool take_text(struct tls_info *info, BIO *out)
{
    char *text;
    long len = BIO_get_mem_data(out, &text);
    size_t size = len < TEXT_MAX ? (size_t)len : TEXT_MAX;
    info->certs = malloc(size + 1);
    if (!info->certs)
        return false;
    memcpy(info->certs, text, size);
    info->certs[size] = '\0';
    info->certs_len = size;
    return true;
}

int tls_chain_note(struct tls_info *info, STACK_OF(X509) * chain)
{
    int count = chain ? sk_X509_num(chain) : 0;
    if (info->certs || count == 0)
        return 0;
    BIO *out = BIO_new(BIO_s_mem());
    if (!out)
        return -ENOMEM;
    errno = 0;
    for (int i = 0; i < count; i++)
        put_certificate(out, sk_X509_value(chain, i));
    bool is_whole = !tls_is_no_memory() && take_text(info, out);
    info->cert_count = count;
    BIO_free(out);
    return is_whole ? 0 : -ENOMEM;
}
