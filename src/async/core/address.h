/*
 * address - a plain socket address, IPv4 or IPv6.
 */
#ifndef ASYNC_ADDRESS_H
#define ASYNC_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
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

/* :: or 0.0.0.0, be it in its IPv6 form: nobody's (RFC 4291 section 2.5.2). */
static inline bool address_is_unspecified(const union address *address)
{
    if (address->sa.sa_family == AF_INET)
        return address->in.sin_addr.s_addr == 0;
    const struct in6_addr *in6 = &address->in6.sin6_addr;
    return IN6_IS_ADDR_UNSPECIFIED(in6) ||
           (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr32[3] == 0);
}

#endif
