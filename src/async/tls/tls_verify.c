/*
 * tls_verify - whether a server's certificate is good, and for its name.
 *
 * Invariant: a connection has one certificate.  A renegotiation that brings
 * another one fails, and the same one is verified again.
 */
#include "async/core/error.h"
#include "async/tls/tls_connection.h"
#include "async/tls/tls_message.h"

#include <errno.h>
#include <openssl/x509v3.h>
#include <string.h>

static struct tls_connection *connection_of(X509_STORE_CTX *store)
{
    SSL *ssl =
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    return SSL_get_app_data(ssl);
}

/* --- names with "_" --- */

static char lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_equal(const char *a, const char *b, size_t len)
{
    while (len && lower_ascii(*a) == lower_ascii(*b))
        a++, b++, len--;
    return !len;
}

static bool is_label(const char *label, size_t len)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < len; i++)
        if (!strchr(plain, lower_ascii(label[i])))
            return false;
    return len && label[0] != '-' && label[len - 1] != '-';
}

/* How many labels; 0: one of them is none of a host's. */
static int count_labels(const char *name)
{
    for (int count = 1;; count++) {
        size_t len = strcspn(name, ".");
        if (!is_label(name, len))
            return 0;
        if (!name[len])
            return count;
        name += len + 1;
    }
}

/* As OpenSSL matches wildcards with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS: "*"
 * is one whole label, the first, and two more follow. */
static bool is_covered(const char *name, const ASN1_STRING *pattern)
{
    const char *bytes = (const char *)ASN1_STRING_get0_data(pattern);
    const char *rest = strchr(name, '.');
    size_t len = (size_t)ASN1_STRING_length(pattern);
    return rest && len == strlen(rest) + 1 && bytes[0] == '*' &&
           is_equal(bytes + 1, rest, len - 1) && count_labels(name) >= 3;
}

/* OpenSSL does not let "*" stand for a label with "_", nor "_" follow a "*";
 * browsers and curl do, and DNS has such names. */
static bool is_covered_with_underscore(const char *name, X509 *certificate)
{
    if (!strchr(name, '_'))
        return false;
    GENERAL_NAMES *names =
        X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    bool found = false;
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
        int type;
        const ASN1_STRING *value =
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
        found = type == GEN_DNS && is_covered(name, value);
    }
    GENERAL_NAMES_free(names);
    return found;
}

/* --- within a handshake --- */

/* OpenSSL asks what to do about each fault that it finds. */
static int verify_go_on(int good, X509_STORE_CTX *store)
{
    if (good || X509_STORE_CTX_get_error(store) != X509_V_ERR_HOSTNAME_MISMATCH)
        return good;
    if (!is_covered_with_underscore(
            connection_of(store)->name, X509_STORE_CTX_get0_cert(store)))
        return 0;
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

static bool is_changed(
    const struct tls_connection *connection, const X509 *certificate)
{
    return connection->certificate &&
           X509_cmp(connection->certificate, certificate) != 0;
}

static int chain_changed(struct tls_info *info)
{
    info->why[0] = '\0';
    message_add(info->why, sizeof info->why,
        "the server changed its certificate in a renegotiation");
    return ASYNC_TLS_CERTIFICATE;
}

/* 0, -ENOMEM or ASYNC_TLS_…. */
static int response_code_on(
    struct tls_connection *connection, X509_STORE_CTX *store)
{
    errno = 0;
    if (X509_verify_cert(store) > 0)
        return 0;
    if (X509_STORE_CTX_get_error(store) == X509_V_ERR_OUT_OF_MEM ||
        tls_is_no_memory())
        return -ENOMEM;
    return tls_certificate_fault(connection, store);
}

/* Those of a handshake that goes on are put down at its end; curl, which looks
 * at the name after that, has them of a wrong name as well. */
static int note_chain(
    struct tls_connection *connection, const X509_STORE_CTX *store)
{
    if (!connection->tls->certs ||
        connection->verdict != ASYNC_TLS_NAME_MISMATCH)
        return 0;
    return tls_chain_note(
        connection->link.info, X509_STORE_CTX_get0_untrusted(store));
}

/* That of the first handshake is what is told of. */
static void note_verdict(
    struct tls_connection *connection, const X509_STORE_CTX *store)
{
    struct tls_info *info = connection->link.info;
    if (connection->established)
        return;
    info->verified = !connection->verdict;
    if (!connection->tls->brief)
        tls_certificate_note(info, X509_STORE_CTX_get0_cert(store));
    if (note_chain(connection, store))
        connection->verdict = -ENOMEM;
}

static int verify_chain(X509_STORE_CTX *store, void *arg)
{
    const struct tls *tls = arg;
    struct tls_connection *connection = connection_of(store);
    X509 *certificate = X509_STORE_CTX_get0_cert(store);
    if (is_changed(connection, certificate)) {
        connection->verdict = chain_changed(connection->link.info);
        return 0;
    }
    connection->verdict = response_code_on(connection, store);
    if (connection->verdict == -ENOMEM)
        return 0;
    note_verdict(connection, store);
    return !connection->verdict ||
           (tls->insecure && connection->verdict != -ENOMEM);
}

void tls_verify_set(SSL_CTX *context, struct tls *tls)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, verify_go_on);
    SSL_CTX_set_cert_verify_callback(context, verify_chain, tls);
}
