/*
 * local_names - see local_names.h.
 *
 * Invariant: a name of the hosts file has the addresses that stand there and
 * no others, be it localhost.
 */
#include "async/dns/local_names.h"

#include "async/core/error.h"
#include "async/dns/hosts.h"

#include <stdlib.h>
#include <string.h>

/* RFC 6761 section 6.3: localhost and all below it are loopback. */
static bool is_localhost(const char *name)
{
    static const char localhost[] = "localhost";
    size_t len = strlen(name), own = sizeof localhost - 1;
    if (len < own || strcasecmp(name + len - own, localhost))
        return false;
    return len == own || name[len - own - 1] == '.';
}

bool local_names_have(const struct hosts *hosts, const char *name)
{
    return hosts_find(hosts, name) || is_localhost(name);
}

static size_t loopback_address(int family, union address *addresses)
{
    *addresses = (union address){.sa.sa_family = (sa_family_t)family};
    if (family == AF_INET)
        addresses->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        addresses->in6.sin6_addr = in6addr_loopback;
    return 1;
}

static size_t find_of_family(const struct hosts *hosts, const char *name,
    int family, union address *addresses)
{
    if (hosts_find(hosts, name))
        return hosts_addresses(
            hosts, name, family, addresses, LOCAL_ADDRESSES_MAX);
    return loopback_address(family, addresses);
}

static void take(struct local_names *names, const union address *address)
{
    if (address_is_unspecified(address))
        names->error = ASYNC_DNS_UNSPECIFIED;
    else
        names->addresses[names->count++] = *address;
}

/* The room for the answer and for each family before they take turns. */
struct room {
    struct local_names names;
    union address v6[LOCAL_ADDRESSES_MAX], v4[LOCAL_ADDRESSES_MAX];
};

struct local_names *local_names_find(
    const struct hosts *hosts, const char *name, int family)
{
    struct room *room = calloc(1, sizeof *room);
    if (!room)
        return NULL;
    size_t v6 = 0, v4 = 0;
    room->names.error = ASYNC_DNS_NODATA;
    if (family != AF_INET)
        v6 = find_of_family(hosts, name, AF_INET6, room->v6);
    if (family != AF_INET6)
        v4 = find_of_family(hosts, name, AF_INET, room->v4);
    for (size_t i = 0; i < LOCAL_ADDRESSES_MAX; i++) {
        if (i < v6)
            take(&room->names, &room->v6[i]);
        if (i < v4)
            take(&room->names, &room->v4[i]);
    }
    return &room->names; /* at the beginning of the room */
}

bool local_names_is_onion(const char *name)
{
    static const char onion[] = ".onion";
    size_t len = strlen(name), own = sizeof onion - 1;
    if (len > 0 && name[len - 1] == '.')
        len--;
    return len >= own && !strncasecmp(name + len - own, onion, own);
}
