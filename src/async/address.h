/*
 * address - a plain socket address, IPv4 or IPv6.
 */
#ifndef ASYNC_ADDRESS_H
#define ASYNC_ADDRESS_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

union address {
    struct sockaddr sa; /* sa_family AF_UNSPEC: none */
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static inline socklen_t address_length(const union address *address)
{
    return address->sa.sa_family == AF_INET6 ? sizeof address->in6
                                             : sizeof address->in;
}

/* port in host byte order */
static inline void address_set_port(union address *address, uint16_t port)
{
    if (address->sa.sa_family == AF_INET6)
        address->in6.sin6_port = htons(port);
    else
        address->in.sin_port = htons(port);
}

#endif
