/*
 * chains - certificates for scripts/bench, in chains as the web has them.
 *
 *     bench-chains R|E DOMAIN FOLDER <names
 *
 * R: leaf and intermediate RSA-2048, root RSA-4096; E: leaf P-256,
 * intermediate P-384, root RSA-4096.  Into the folder go root.pem, key.pem (of
 * all leaves), and with the intermediate behind each: NAME.pem for each name,
 * one.pem for *.DOMAIN.
 */
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60, LINE = 300 };

struct holder {
    X509 *certificate;
    EVP_PKEY *key;
};

static void need(int good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench-chains: %s\n", what);
    exit(1);
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    need(extension != NULL, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *blank(const char *subject, EVP_PKEY *key)
{
    static long serial;
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 2 * DAY);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN",
        MBSTRING_ASC, (const unsigned char *)subject, -1, -1, 0);
    return certificate;
}

static void sign(X509 *certificate, const struct holder *by)
{
    X509_set_issuer_name(certificate, X509_get_subject_name(by->certificate));
    extend(certificate, by->certificate, NID_subject_key_identifier, "hash");
    extend(certificate, by->certificate, NID_authority_key_identifier, "keyid");
    need(X509_sign(certificate, by->key, EVP_sha256()) > 0, "cannot sign");
}

/* by NULL: a root. */
static struct holder authority(
    const char *name, EVP_PKEY *key, const struct holder *by)
{
    need(key != NULL, "cannot make a key");
    struct holder made = {blank(name, key), key};
    extend(made.certificate, made.certificate, NID_basic_constraints,
        "critical,CA:TRUE");
    extend(made.certificate, made.certificate, NID_key_usage,
        "critical,keyCertSign,cRLSign");
    sign(made.certificate, by ? by : &made);
    return made;
}

static X509 *leaf(const char *name, EVP_PKEY *key, const struct holder *by)
{
    char names[LINE + 4];
    X509 *certificate = blank("bench", key);
    snprintf(names, sizeof names, "DNS:%s", name);
    extend(certificate, by->certificate, NID_basic_constraints,
        "critical,CA:FALSE");
    extend(certificate, by->certificate, NID_key_usage,
        "critical,digitalSignature");
    extend(certificate, by->certificate, NID_ext_key_usage, "serverAuth");
    extend(certificate, by->certificate, NID_subject_alt_name, names);
    sign(certificate, by);
    return certificate;
}

/* Into the folder that is the working directory. */
static FILE *create(const char *name)
{
    char path[LINE + 5];
    snprintf(path, sizeof path, "%s.pem", name);
    FILE *file = fopen(path, "w");
    need(file != NULL, path);
    return file;
}

static void write_chain(
    const char *file_name, X509 *certificate, const struct holder *by)
{
    FILE *file = create(file_name);
    PEM_write_X509(file, certificate);
    PEM_write_X509(file, by->certificate);
    need(fclose(file) == 0, file_name);
    X509_free(certificate);
}

static void write_root(X509 *certificate)
{
    FILE *file = create("root");
    PEM_write_X509(file, certificate);
    need(fclose(file) == 0, "root.pem");
}

static void write_key(EVP_PKEY *key)
{
    FILE *file = create("key");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    need(fclose(file) == 0, "key.pem");
}

static void write_leaves(
    EVP_PKEY *key, const struct holder *by, const char *domain)
{
    char line[LINE];
    snprintf(line, sizeof line, "*.%s", domain);
    write_chain("one", leaf(line, key, by), by);
    while (fgets(line, sizeof line - 1, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        write_chain(line, leaf(line, key, by), by);
    }
}

int main(int argc, char **argv)
{
    need(argc == 4, "usage: bench-chains R|E DOMAIN FOLDER <names");
    need(chdir(argv[3]) == 0, argv[3]);
    int rsa = *argv[1] == 'R';
    struct holder root = authority("Bench Root", EVP_RSA_gen(4096), NULL);
    struct holder between = authority("Bench Intermediate",
        rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-384"), &root);
    EVP_PKEY *key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    write_root(root.certificate);
    write_key(key);
    write_leaves(key, &between, argv[2]);
    return 0;
}
