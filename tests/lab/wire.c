/* Bytes of one connection. OpenSSL sits right on the descriptor, so that
 * resets, lingering and half-closing are the same for both kinds. */
#include "wire.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

static ssize_t tls_result(struct wire *w, int n)
{
    int saved = errno;

    switch (SSL_get_error(w->ssl, n)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return -EAGAIN;
    case SSL_ERROR_WANT_CLIENT_HELLO_CB:
        return -EINPROGRESS;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        return saved ? -saved : 0;
    default:
        return -EPROTO;
    }
}

ssize_t wire_read(struct wire *w, void *p, size_t n)
{
    ssize_t got;

    if (!w->ssl) {
        got = recv(w->fd, p, n, 0);
        return got < 0 ? -errno : got;
    }
    ERR_clear_error();
    errno = 0;
    got = SSL_read(w->ssl, p, (int)n);
    return got > 0 ? got : tls_result(w, (int)got);
}

ssize_t wire_write(struct wire *w, const void *p, size_t n)
{
    ssize_t put;

    if (!w->ssl) {
        put = send(w->fd, p, n, MSG_NOSIGNAL);
        return put < 0 ? -errno : put;
    }
    ERR_clear_error();
    errno = 0;
    put = SSL_write(w->ssl, p, (int)n);
    return put > 0 ? put : tls_result(w, (int)put);
}

static void notify_peer(struct wire *w, bool notify)
{
    if (!w->ssl || !notify || !SSL_is_init_finished(w->ssl))
        return;
    ERR_clear_error();
    SSL_shutdown(w->ssl);
}

void wire_shut(struct wire *w, bool notify)
{
    notify_peer(w, notify);
    shutdown(w->fd, SHUT_WR);
}

void wire_close(struct wire *w, bool notify)
{
    notify_peer(w, notify);
    SSL_free(w->ssl);
    close(w->fd);
    *w = (struct wire){-1, NULL};
}

void wire_reset(struct wire *w)
{
    struct linger now = {1, 0};

    setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    wire_close(w, false);
}
