/*
 * tls_records - RFC 8446 section 5.2 and RFC 5288.
 */
#include "tls_records.h"

#include <arpa/inet.h>
#include <check.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

enum { TAG = 16, NONCE = 12, HEADER = 5, ROOM = 16 * 1024 + 512 };

static void derive(
    const char *kdf, const OSSL_PARAM *params, unsigned char *to, size_t size)
{
    EVP_KDF *function = EVP_KDF_fetch(NULL, kdf, NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(function);
    ck_assert(EVP_KDF_derive(context, to, size, params) == 1);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(function);
}

/* RFC 8446 section 7.1: HKDF-Expand-Label without context. */
static void expand(const struct tls_server *server, const char *label,
    unsigned char *to, size_t size)
{
    unsigned char info[32] = {0, (unsigned char)size};
    size_t len = strlen(label);
    info[2] = (unsigned char)(6 + len);
    memcpy(info + 3, "tls13 ", 6);
    memcpy(info + 9, label, len);
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    derive("HKDF",
        (OSSL_PARAM[]){OSSL_PARAM_construct_int("mode", &mode),
            OSSL_PARAM_construct_utf8_string("digest", "SHA256", 0),
            OSSL_PARAM_construct_octet_string(
                "key", (void *)server->secret, server->secret_len),
            OSSL_PARAM_construct_octet_string("info", info, len + 10),
            OSSL_PARAM_END},
        to, size);
}

/* RFC 5246 section 6.3: the client's key, the server's, the client's part of
 * the nonce, the server's. */
static void expand_12(struct tls_records *records, SSL *ssl)
{
    unsigned char master[48], seed[13 + 64] = "key expansion", block[40];
    SSL_SESSION_get_master_key(SSL_get0_session(ssl), master, sizeof master);
    SSL_get_server_random(ssl, seed + 13, 32);
    SSL_get_client_random(ssl, seed + 45, 32);
    derive("TLS1-PRF",
        (OSSL_PARAM[]){OSSL_PARAM_construct_utf8_string("digest", "SHA256", 0),
            OSSL_PARAM_construct_octet_string("secret", master, sizeof master),
            OSSL_PARAM_construct_octet_string("seed", seed, sizeof seed),
            OSSL_PARAM_END},
        block, sizeof block);
    memcpy(records->key, block + 16, 16);
    memcpy(records->iv, block + 36, 4);
}

void tls_records_open(
    struct tls_records *records, const struct tls_server *server, SSL *ssl)
{
    *records = (struct tls_records){
        .fd = SSL_get_fd(ssl), .is_13 = SSL_version(ssl) == TLS1_3_VERSION};
    if (!records->is_13) {
        expand_12(records, ssl);
        records->number = 1;
        return;
    }
    expand(server, "key", records->key, sizeof records->key);
    expand(server, "iv", records->iv, sizeof records->iv);
}

static void seal(const struct tls_records *records, const unsigned char *nonce,
    const unsigned char *more, int more_size, unsigned char *bytes, int size)
{
    int n;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, records->key, nonce);
    EVP_EncryptUpdate(context, NULL, &n, more, more_size);
    EVP_EncryptUpdate(context, bytes, &n, bytes, size);
    EVP_EncryptFinal_ex(context, bytes + size, &n);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, bytes + size);
    EVP_CIPHER_CTX_free(context);
}

static void put_number(unsigned char to[8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(number >> (56 - 8 * i));
}

static void put_header(unsigned char to[HEADER], int type, size_t size)
{
    memcpy(to,
        (unsigned char[]){(unsigned char)type, 3, 3, (unsigned char)(size >> 8),
            (unsigned char)size},
        HEADER);
}

static size_t make_13(struct tls_records *records, unsigned char *to, int type,
    size_t size, size_t padding)
{
    unsigned char nonce[NONCE], number[8];
    put_number(number, records->number++);
    memcpy(nonce, records->iv, NONCE);
    for (int i = 0; i < 8; i++)
        nonce[4 + i] ^= number[i];
    to[HEADER + size] = (unsigned char)type;
    memset(to + HEADER + size + 1, 0, padding);
    size += 1 + padding;
    put_header(to, RECORD_DATA, size + TAG);
    seal(records, nonce, to, HEADER, to + HEADER, (int)size);
    return HEADER + size + TAG;
}

static size_t make_12(
    struct tls_records *records, unsigned char *to, int type, size_t size)
{
    unsigned char nonce[NONCE], more[8 + HEADER];
    memmove(to + HEADER + 8, to + HEADER, size);
    put_number(more, records->number);
    put_header(more + 8, type, size);
    memcpy(nonce, records->iv, 4);
    put_number(nonce + 4, records->number);
    put_number(to + HEADER, records->number++);
    put_header(to, type, 8 + size + TAG);
    seal(records, nonce, more, sizeof more, to + HEADER + 8, (int)size);
    return HEADER + 8 + size + TAG;
}

bool tls_records_send(struct tls_records *records, int type, const void *bytes,
    size_t size, size_t padding)
{
    unsigned char record[ROOM];
    if (size)
        memcpy(record + HEADER, bytes, size);
    size_t len = records->is_13 ? make_13(records, record, type, size, padding)
                                : make_12(records, record, type, size);
    return send(records->fd, record, len, MSG_NOSIGNAL) == (ssize_t)len;
}
