/*
 * tls_certificate - what stands in a certificate, and what is wrong with it.
 *
 * Invariant: whatever a certificate holds, what is shown of it is bounded
 * and without control bytes.
 */
#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

enum {
    NAMES_SHOWN = 5,
    NAME_SHOWN = 80,
    SUBJECT_SHOWN = 120,
    IPV6_BYTES = 16,
    IPV4_BYTES = 4
};

#define WHY(info, ...) message_add((info)->why, sizeof(info)->why, __VA_ARGS__)

/* --- what stands in it --- */

/* Control bytes come as \XX (RFC 2253), UTF-8 as it is.  An empty name, which
 * a certificate may have, is no bytes at all: NULL. */
static void name_write(char to[TLS_NAME_MAX], const X509_NAME *name)
{
    BIO *text = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    if (text &&
        X509_NAME_print_ex(text, name, 0,
            XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        long len = BIO_get_mem_data(text, &bytes);
        size_t n = len < TLS_NAME_MAX ? (size_t)len : TLS_NAME_MAX - 1;
        while (n < (size_t)len && n && (bytes[n] & 0xc0) == 0x80)
            n--; /* not within a character */
        if (n)
            memcpy(to, bytes, n);
        to[n] = '\0';
    }
    BIO_free(text);
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm tm;
    return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : INT64_MIN;
}

void tls_certificate_note(struct tls_info *info, X509 *certificate)
{
    if (!certificate)
        return;
    info->has_certificate = true;
    name_write(info->subject, X509_get_subject_name(certificate));
    name_write(info->issuer, X509_get_issuer_name(certificate));
    info->not_after = seconds_of(X509_get0_notAfter(certificate));
}

/* --- what is wrong with it --- */

static void name_quote(struct tls_info *info, const X509_NAME *name)
{
    char text[TLS_NAME_MAX] = "";
    name_write(text, name);
    message_quote(
        info->why, sizeof info->why, text, strlen(text), SUBJECT_SHOWN);
}

static void date_add(struct tls_info *info, const ASN1_TIME *time)
{
    struct tm tm;
    char text[64];
    if (ASN1_TIME_to_tm(time, &tm) == 1 &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        WHY(info, "%s", text);
    else
        WHY(info, "an unreadable date");
}

static void ip_add(struct tls_info *info, const ASN1_OCTET_STRING *ip)
{
    char text[INET6_ADDRSTRLEN];
    const unsigned char *bytes = ASN1_STRING_get0_data(ip);
    int len = ASN1_STRING_length(ip);
    if (len == IPV4_BYTES && inet_ntop(AF_INET, bytes, text, sizeof text))
        WHY(info, "%s", text);
    else if (len == IPV6_BYTES && inet_ntop(AF_INET6, bytes, text, sizeof text))
        WHY(info, "%s", text);
    else
        WHY(info, "an address of %d bytes", len);
}

/* False: it names no host. */
static bool name_add(
    struct tls_info *info, const GENERAL_NAME *name, int before)
{
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
    if (type != GEN_DNS && type != GEN_IPADD)
        return false;
    if (before >= NAMES_SHOWN)
        return true;
    WHY(info, before ? ", " : "");
    if (type == GEN_IPADD)
        ip_add(info, value);
    else
        message_quote(info->why, sizeof info->why, ASN1_STRING_get0_data(value),
            (size_t)ASN1_STRING_length(value), NAME_SHOWN);
    return true;
}

static int names_list(struct tls_info *info, const GENERAL_NAMES *names)
{
    int found = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        found += name_add(info, sk_GENERAL_NAME_value(names, i), found);
    if (found > NAMES_SHOWN)
        WHY(info, " and %d more", found - NAMES_SHOWN);
    return found;
}

static void names_add(struct tls_info *info, X509 *certificate)
{
    int what = 0; /* -1: there is none */
    GENERAL_NAMES *names =
        X509_get_ext_d2i(certificate, NID_subject_alt_name, &what, NULL);
    if (what == -1)
        WHY(info, "no host (it has no subjectAltName)");
    else if (!names)
        WHY(info, "no host (its subjectAltName cannot be read)");
    else if (!names_list(info, names))
        WHY(info,
            "no host (its subjectAltName has no host name or IP address)");
    GENERAL_NAMES_free(names);
}

static void mismatch_add(struct tls_connection *connection, X509 *certificate)
{
    struct tls_info *info = connection->link.info;
    WHY(info, "the certificate is for ");
    names_add(info, certificate);
    WHY(info, ", not for %s", connection->name);
}

/* Whose fault it is: the server's certificate, or one further up. */
static void whose_add(struct tls_info *info, X509 *faulty, int depth)
{
    if (depth <= 0 || !faulty) {
        WHY(info, "the certificate");
        return;
    }
    WHY(info, "the issuer's certificate (");
    name_quote(info, X509_get_subject_name(faulty));
    WHY(info, ")");
}

static int code_of(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ASYNC_TLS_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ASYNC_TLS_NOT_YET_VALID;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return ASYNC_TLS_NAME_MISMATCH;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return ASYNC_TLS_SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return ASYNC_TLS_UNKNOWN_ISSUER;
    default:
        return ASYNC_TLS_CERTIFICATE;
    }
}

int tls_certificate_fault(
    struct tls_connection *connection, X509_STORE_CTX *store)
{
    struct tls_info *info = connection->link.info;
    int error = X509_STORE_CTX_get_error(store);
    int code = code_of(error);
    X509 *faulty = X509_STORE_CTX_get_current_cert(store);
    info->why[0] = '\0';
    if (code == ASYNC_TLS_NAME_MISMATCH) {
        mismatch_add(connection, X509_STORE_CTX_get0_cert(store));
        return code;
    }
    whose_add(info, faulty, X509_STORE_CTX_get_error_depth(store));
    if (code == ASYNC_TLS_EXPIRED) {
        WHY(info, " expired on ");
        date_add(info, X509_get0_notAfter(faulty));
    } else if (code == ASYNC_TLS_NOT_YET_VALID) {
        WHY(info, " is not valid before ");
        date_add(info, X509_get0_notBefore(faulty));
    } else if (code == ASYNC_TLS_SELF_SIGNED) {
        WHY(info, " is self-signed");
    } else if (code == ASYNC_TLS_UNKNOWN_ISSUER) {
        WHY(info, " was issued by an unknown authority (");
        name_quote(info, X509_get_issuer_name(faulty));
        WHY(info, ")%s",
            connection->tls->trusts_none ? "; no authority is trusted" : "");
    } else {
        WHY(info, " was rejected: %s", X509_verify_cert_error_string(error));
    }
    return code;
}
