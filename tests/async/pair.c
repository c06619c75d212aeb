/*
 * pair - loopback sockets for the tests.
 */
#include "pair.h"

#include "harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

int bind_to(union address *address)
{
    int fd = socket(address->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    socklen_t size = address_length(address);
    if (bind(fd, &address->sa, size)) {
        close(fd);
        return -1;
    }
    ck_assert_int_eq(getsockname(fd, &address->sa, &size), 0);
    return fd;
}

void address_of(const char *ip, union address *address)
{
    *address = (union address){0};
    if (inet_pton(AF_INET6, ip, &address->in6.sin6_addr) == 1) {
        address->sa.sa_family = AF_INET6;
        return;
    }
    address->sa.sa_family = AF_INET;
    ck_assert_int_eq(inet_pton(AF_INET, ip, &address->in.sin_addr), 1);
}

int bound_to(const char *ip, union address *address)
{
    address_of(ip, address);
    int fd = bind_to(address);
    ck_assert_int_ge(fd, 0);
    return fd;
}

int listen_on(const char *ip, union address *address)
{
    int fd = bound_to(ip, address);
    ck_assert_int_eq(listen(fd, 64), 0);
    return fd;
}

/* Connects in the background; is the connection there after a while? */
static int filler_connect(const union address *address, bool *connected)
{
    int fd = socket(
        address->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    if (connect(fd, &address->sa, address_length(address)))
        ck_assert_int_eq(errno, EINPROGRESS);
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    *connected = poll(&writable, 1, 20) == 1;
    return fd;
}

void deaf_open(struct deaf *deaf, const char *ip)
{
    union address address;
    int fd = bound_to(ip, &address);
    deaf_make(deaf, fd, &address);
}

void deaf_make(struct deaf *deaf, int fd, const union address *address)
{
    deaf->listener = fd;
    deaf->address = *address;
    ck_assert_int_eq(listen(fd, 0), 0);
    bool connected = true;
    for (int i = 0; i < 4; i++)
        deaf->fillers[i] =
            connected ? filler_connect(&deaf->address, &connected) : -1;
    ck_assert_msg(!connected, "the queue does not fill up");
}

void deaf_close(struct deaf *deaf)
{
    for (int i = 0; i < 4; i++)
        if (deaf->fillers[i] >= 0)
            close(deaf->fillers[i]);
    close(deaf->listener);
}

void pair_open(struct pair *pair)
{
    union address address;
    int listener = listen_on("127.0.0.1", &address);
    ck_assert_int_eq(stream_connect(&pair->stream, &address), 0);
    pair->peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    ck_assert_int_ge(pair->peer, 0);
    close(listener);
}

void pair_close(struct pair *pair)
{
    stream_close(pair->stream);
    peer_close(pair);
}

void peer_send_bytes(const struct pair *pair, const void *bytes, size_t size)
{
    ssize_t n = send(pair->peer, bytes, size, MSG_NOSIGNAL);
    ck_assert_int_eq(n, (ssize_t)size);
}

void peer_send(const struct pair *pair, const char *text)
{
    peer_send_bytes(pair, text, strlen(text));
}

void peer_close(struct pair *pair)
{
    if (pair->peer >= 0)
        close(pair->peer);
    pair->peer = -1;
}

void peer_reset(struct pair *pair)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(pair->peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    peer_close(pair);
}
