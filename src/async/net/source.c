/*
 * source - see source.h.
 */
#include "async/net/source.h"

#include "async/core/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

static int bind_address(int fd, const union address *address, int family)
{
    static const int yes = 1;
    if (address->sa.sa_family != family)
        return ASYNC_WRONG_FAMILY;
    /* Else a port is taken here that could serve for each other peer. */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    return bind(fd, &address->sa, address_length(address)) ? -errno : 0;
}

static int bind_to(const struct source *source, int fd, int family)
{
    const char *device = source->device;
    if (!device)
        return bind_address(fd, &source->address, family);
    socklen_t size = (socklen_t)strlen(device);
    return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, size) ? -errno
                                                                     : 0;
}

static int source_try(const struct source *source)
{
    int family = source->device ? AF_INET : source->address.sa.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int error = bind_to(source, fd, family);
    close(fd);
    return error;
}

int source_parse(struct source *source, const char *text)
{
    *source = (struct source){.address.sa.sa_family = AF_INET};
    union address *address = &source->address;
    if (inet_pton(AF_INET, text, &address->in.sin_addr) == 1)
        return source_try(source);
    address->sa.sa_family = AF_INET6;
    if (inet_pton(AF_INET6, text, &address->in6.sin6_addr) == 1)
        return source_try(source);
    if (!if_nametoindex(text))
        return -ENODEV;
    *source = (struct source){.device = text};
    return source_try(source);
}

static void parse_nothing(void *arg)
{
    (void)arg;
}

void source_set(struct loop *loop, struct source *source)
{
    loop_set_local(loop, LOOP_LOCAL_SOURCE, source, parse_nothing);
}

int source_bind(int fd, int family)
{
    const struct source *source = loop_local(loop_running(), LOOP_LOCAL_SOURCE);
    return source ? bind_to(source, fd, family) : 0;
}
