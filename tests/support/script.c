/*
 * script - see script.h.
 */
#include "script.h"

#include "async/core/address.h"
#include "async/net/stream.h"

#include <check.h>
#include <sys/socket.h>
#include <unistd.h>

int script_open(struct stream **stream, const char *says, size_t len)
{
    union address address = {.in.sin_family = AF_INET};
    address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address.in;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listener, &address.sa, size), 0);
    ck_assert_int_eq(getsockname(listener, &address.sa, &size), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(stream_connect(stream, &address), 0);
    int fd = accept(listener, NULL, NULL);
    ck_assert_int_ge(fd, 0);
    close(listener);
    ck_assert_int_eq(send(fd, says, len, MSG_NOSIGNAL), (ssize_t)len);
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    return fd;
}

size_t script_close(int fd, char *bytes, size_t size)
{
    ssize_t len = recv(fd, bytes, size, MSG_DONTWAIT);
    close(fd);
    return len < 0 ? 0 : (size_t)len;
}
