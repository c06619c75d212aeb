/*
 * literal - see literal.h.
 *
 * inet_pton does the reading: it is strict, where getaddrinfo and inet_aton
 * take "127.1" for an address.
 */
#include "input/literal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool literal_ipv4(struct span text, struct sockaddr_in *out)
{
    char copy[INET_ADDRSTRLEN];
    struct sockaddr_in in = {.sin_family = AF_INET};
    if (!span_copy(text, copy, sizeof copy) ||
        inet_pton(AF_INET, copy, &in.sin_addr) != 1)
        return false;
    *out = in;
    return true;
}

/* RFC 4007 section 11.2. */
static const char *read_zone(struct span zone, uint32_t *out)
{
    char name[IF_NAMESIZE];
    if (!span_copy(zone, name, sizeof name))
        return "no such network interface";
    bool number = span_is(zone, byte_is_digit);
    unsigned long long id =
        number ? strtoull(name, NULL, 10) : if_nametoindex(name);
    if (id == 0 && !number && errno != ENODEV)
        return "cannot look up the network interface";
    if (id == 0 || id > UINT32_MAX)
        return "no such network interface";
    *out = (uint32_t)id;
    return NULL;
}

/* "%" in a URL is "%25" (RFC 6874), but many write the plain one: with
 * nothing behind it, "%25" is the interface 25. */
static size_t percent_len(struct span text, bool bracketed)
{
    return bracketed && text.len > 3 && span_has_prefix(text, "%25") ? 3 : 1;
}

const char *literal_ipv6(
    struct span text, bool bracketed, struct sockaddr_in6 *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct span address = span_take(&text, span_until(text, "%"));
    if (!span_copy(address, copy, sizeof copy) ||
        inet_pton(AF_INET6, copy, &in6.sin6_addr) != 1)
        return "not an IPv6 address";
    if (text.len > 0) {
        span_take(&text, percent_len(text, bracketed));
        const char *wrong = read_zone(text, &in6.sin6_scope_id);
        if (wrong)
            return wrong;
    }
    *out = in6;
    return NULL;
}
