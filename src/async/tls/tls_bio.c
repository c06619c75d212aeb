/*
 * tls_bio - recv(2) and send(2) as OpenSSL wants them.
 *
 * OpenSSL's own has no MSG_NOSIGNAL, hides errno and reads on as long as a
 * peer has bytes.
 *
 * When our last flight ends the handshake, it is held until the request is
 * written or something is read: one segment for both, one system call, and no
 * wait for an ACK in between (RFC 896).
 *
 * Invariant: `ready` loses an edge only in a call that told OpenSSL to try
 * again, so what OpenSSL has read and not handed out is never waited for.
 */
#include "async/tls/tls_connection.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* --- sending --- */

/* Is what is written now the flight that ends the handshake? */
static bool ends_handshake(const SSL *ssl)
{
    return SSL_get_state(ssl) == TLS_ST_CW_FINISHED &&
           (SSL_version(ssl) >= TLS1_3_VERSION || SSL_session_reused(ssl));
}

static bool bio_hold(
    struct tls_connection *connection, const char *bytes, size_t size)
{
    if (size > TLS_HELD_MAX || connection->held_len ||
        !ends_handshake(connection->ssl))
        return false;
    memcpy(connection->held, bytes, size);
    connection->held_len = size;
    return true;
}

/* So many bytes of what is held have gone. */
static void held_drop(struct tls_connection *connection, size_t size)
{
    connection->held_len -= size;
    memmove(connection->held, connection->held + size, connection->held_len);
}

/* What is held, then these bytes.  How many of these, or -1 if none or if
 * not all that is held. */
static int bio_send_now(BIO *bio, const char *bytes, int size)
{
    struct tls_connection *connection = BIO_get_data(bio);
    size_t held = connection->held_len;
    struct iovec parts[] = {
        {connection->held, held}, {(char *)bytes, (size_t)size}};
    struct msghdr message = {
        .msg_iov = parts + !held, .msg_iovlen = held ? 2 : 1};
    ssize_t n;
    do
        n = sendmsg(connection->link.fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN) {
        connection->error = errno;
        return -1;
    }
    if (n < 0)
        *connection->link.ready &= (short)~EV_WRITE;
    if (n > 0)
        held_drop(connection, (size_t)n < held ? (size_t)n : held);
    if (n > (ssize_t)held || (n == (ssize_t)held && !size))
        return (int)(n - (ssize_t)held);
    BIO_set_retry_write(bio);
    return -1;
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
    tls_note_memory(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (bio_hold(BIO_get_data(bio), bytes, (size_t)size))
        return size;
    return bio_send_now(bio, bytes, size);
}

/* --- receiving --- */

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

static void bio_spend(struct tls_connection *connection, size_t size)
{
    connection->budget -= size < connection->budget ? size : connection->budget;
}

static int bio_read(BIO *bio, char *bytes, int size)
{
    struct tls_connection *connection = BIO_get_data(bio);
    ssize_t n = -1;
    tls_note_memory(connection);
    BIO_clear_retry_flags(bio);
    if (connection->held_len && bio_send_now(bio, "", 0) < 0)
        return -1;
    errno = EAGAIN;
    while (connection->budget && *connection->link.ready & EV_READ &&
           (n = recv(connection->link.fd, bytes, (size_t)size, 0)) < 0)
        if (errno != EINTR)
            break;
    if (n > 0) {
        keep_begin(connection, bytes, (size_t)n);
        bio_spend(connection, (size_t)n);
        tls_limits_received(connection, (size_t)n);
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

/* --- a BIO --- */

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
