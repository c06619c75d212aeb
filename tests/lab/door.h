/* The lab's addresses and its listening sockets. All doors share the HTTP
 * and HTTPS port numbers, so a client need only be told those. */
#ifndef LAB_DOOR_H
#define LAB_DOOR_H

#include "behaviour.h"

#include <netinet/in.h>

enum { HOLES = 12 };

/* The n-th (from 0) address behind which `door` stands. For V6 the live one
 * is ::1; the others are the IPv4 ones, mapped. */
struct in_addr door_v4(enum door door, unsigned n);
struct in6_addr door_v6(enum door door, unsigned n);

/* An address with a port, as bind wants it. */
struct address {
    union {
        struct sockaddr sa;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length;
};

struct address address_v4(struct in_addr ip, uint16_t port);
struct address address_v6(struct in6_addr ip, uint16_t port);
/* From text, v4 or v6; -EINVAL. */
int address_parse(struct text t, struct address *out);

/* A bound, non-blocking socket; TCP ones listen. The fd or -errno. */
int door_open(int type, const struct address *at, int backlog);
/* The port a socket is bound to. */
uint16_t door_port(int fd);
/* Binds the hole's listeners and fills their backlogs. 0 or -errno. */
int door_open_hole(uint16_t port, int fds[2 * HOLES]);

#endif
