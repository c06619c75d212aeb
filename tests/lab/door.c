/* Addresses that misbehave before a byte is read: closed, silent, rude.
 * 127.0.0.1 serves, 127.0.1.N is closed, 127.0.2.N drops SYNs, 127.0.3.N
 * accepts and then resets, closes or keeps silent. */
#include "door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

struct in_addr door_v4(enum door door, unsigned n)
{
    static const uint32_t first[] = {
        [DOOR_LIVE] = 0x7f000001,
        [DOOR_DEAD] = 0x7f000101,
        [DOOR_HOLE] = 0x7f000201,
        [DOOR_RESET] = 0x7f000301,
        [DOOR_CLOSE] = 0x7f000302,
        [DOOR_MUTE] = 0x7f000303,
    };
    return (struct in_addr){htonl(first[door] + n)};
}

struct in6_addr door_v6(enum door door, unsigned n)
{
    struct in6_addr ip = IN6ADDR_LOOPBACK_INIT;
    struct in_addr v4 = door_v4(door, n);

    if (door == DOOR_LIVE)
        return ip;
    memset(&ip, 0, sizeof ip);
    ip.s6_addr[10] = ip.s6_addr[11] = 0xff;
    memcpy(&ip.s6_addr[12], &v4, 4);
    return ip;
}

struct address address_v4(struct in_addr ip, uint16_t port)
{
    struct address a = {.length = sizeof a.v4};

    a.v4 = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = ip};
    return a;
}

struct address address_v6(struct in6_addr ip, uint16_t port)
{
    struct address a = {.length = sizeof a.v6};

    a.v6 = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = ip};
    return a;
}

int address_parse(struct text t, struct address *out)
{
    char plain[INET6_ADDRSTRLEN] = "";
    struct in6_addr v6;
    struct in_addr v4;

    if (t.n >= sizeof plain)
        return -EINVAL;
    memcpy(plain, t.p, t.n);
    if (inet_pton(AF_INET, plain, &v4) == 1)
        *out = address_v4(v4, 0);
    else if (inet_pton(AF_INET6, plain, &v6) == 1)
        *out = address_v6(v6, 0);
    else
        return -EINVAL;
    return 0;
}

int door_open(int type, const struct address *at, int backlog)
{
    int fd, one = 1, err;

    fd = socket(at->sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (at->sa.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (type == SOCK_STREAM) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        /* Accepted sockets inherit it. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    if (bind(fd, &at->sa, at->length) == 0 &&
        (type != SOCK_STREAM || listen(fd, backlog) == 0))
        return fd;
    err = errno;
    close(fd);
    return -err;
}

uint16_t door_port(int fd)
{
    struct address at = {.length = sizeof at.v6};

    if (getsockname(fd, &at.sa, &at.length))
        return 0;
    return ntohs(
        at.sa.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

/* A backlog of 0 holds one connection; while it sits there unaccepted the
 * kernel drops every further SYN, as a host that is not there would. */
static int hole_open(const struct address *at, int fds[2])
{
    fds[0] = door_open(SOCK_STREAM, at, 0);
    if (fds[0] < 0)
        return fds[0];
    fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fds[1] < 0)
        return -errno;
    return connect(fds[1], &at->sa, at->length) ? -errno : 0;
}

int door_open_hole(uint16_t port, int fds[2 * HOLES])
{
    for (unsigned n = 0; n < HOLES; n++) {
        struct address at = address_v4(door_v4(DOOR_HOLE, n), port);
        int err = hole_open(&at, &fds[2 * n]);

        if (err)
            return err;
    }
    return 0;
}
