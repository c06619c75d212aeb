/*
 * tls_records - records that OpenSSL would not send, of a server that it has
 * done the handshake for.  The cipher has to be AES-128-GCM.
 */
#ifndef TESTS_ASYNC_TLS_RECORDS_H
#define TESTS_ASYNC_TLS_RECORDS_H

#include "tls_server.h"

#include <stdint.h>

#define TLS_RECORDS_12 "ECDHE-ECDSA-AES128-GCM-SHA256"
#define TLS_RECORDS_13 "TLS_AES_128_GCM_SHA256"

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_DATA = 23 };

struct tls_records {
    int fd;
    bool is_13;
    uint64_t number; /* of the next record */
    unsigned char key[16], iv[12];
};

/* Nothing was sent since the handshake, and OpenSSL sends no more. */
void tls_records_open(
    struct tls_records *records, const struct tls_server *server, SSL *ssl);
/* With so many bytes of padding, which TLS 1.2 does not have.  False: the peer
 * takes no more. */
bool tls_records_send(struct tls_records *records, int type, const void *bytes,
    size_t size, size_t padding);

#endif
