/*
 * tls_bio - recv(2) and send(2) as OpenSSL wants them.
 *
 * OpenSSL's own has no MSG_NOSIGNAL, hides errno and reads on as long as a
 * peer has bytes.
 *
 * Invariant: `ready` loses an edge only in a call that told OpenSSL to try
 * again, so what OpenSSL has read and not handed out is never waited for.
 */
#include "tls_connection.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>

/* What the peer began with, for messages. */
static void keep_begin(
    struct tls_connection *connection, const char *bytes, size_t size)
{
    size_t room = TLS_BEGIN_MAX - connection->begin_len;
    if (connection->established || !room)
        return;
    if (size > room)
        size = room;
    memcpy(connection->begin + connection->begin_len, bytes, size);
    connection->begin_len += size;
}

static void spend(struct tls_connection *connection, size_t size)
{
    connection->budget -= size < connection->budget ? size : connection->budget;
}

static int bio_read(BIO *bio, char *bytes, int size)
{
    struct tls_connection *connection = BIO_get_data(bio);
    ssize_t n = -1;
    BIO_clear_retry_flags(bio);
    errno = EAGAIN;
    while (connection->budget &&
           (n = recv(connection->link.fd, bytes, (size_t)size, 0)) < 0)
        if (errno != EINTR)
            break;
    if (n > 0) {
        keep_begin(connection, bytes, (size_t)n);
        spend(connection, (size_t)n);
    } else if (n == 0) {
        connection->ended = true;
    } else if (errno != EAGAIN) {
        connection->error = errno;
    } else {
        if (connection->budget)
            *connection->link.ready &= (short)~EV_READ;
        BIO_set_retry_read(bio);
    }
    return (int)n;
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
    struct tls_connection *connection = BIO_get_data(bio);
    ssize_t n;
    BIO_clear_retry_flags(bio);
    do
        n = send(connection->link.fd, bytes, (size_t)size, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN) {
        *connection->link.ready &= (short)~EV_WRITE;
        BIO_set_retry_write(bio);
    } else if (n < 0) {
        connection->error = errno;
    }
    return (int)n;
}

static long bio_ctrl(BIO *bio, int what, long number, void *pointer)
{
    (void)number, (void)pointer;
    const struct tls_connection *connection = BIO_get_data(bio);
    if (what == BIO_CTRL_EOF)
        return connection->ended;
    return what == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "stream");
    if (!method)
        return NULL;
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_ctrl);
    return method;
}

BIO *tls_bio(BIO_METHOD *method, struct tls_connection *connection)
{
    BIO *bio = BIO_new(method);
    if (!bio)
        return NULL;
    BIO_set_data(bio, connection);
    BIO_set_init(bio, 1);
    return bio;
}
