/*
 * target_at - a target at one of its addresses.
 */
#include "input/target.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static void set_address(struct target *target, const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6) {
        memcpy(&target->address, address, sizeof target->address.in6);
        target->address.in6.sin6_port = htons(target->port);
    } else {
        memcpy(&target->address, address, sizeof target->address.in);
        target->address.in.sin_port = htons(target->port);
    }
    target->has_address = true;
    target->routed = true;
}

const char *target_ip(const struct target *target, char text[TARGET_IP_MAX])
{
    if (target->address.sa.sa_family == AF_INET6)
        return inet_ntop(
            AF_INET6, &target->address.in6.sin6_addr, text, TARGET_IP_MAX);
    return inet_ntop(
        AF_INET, &target->address.in.sin_addr, text, TARGET_IP_MAX);
}

/* Where the next string goes. */
static char *append_string(char *out, const char *text)
{
    return stpcpy(out, text) + 1;
}

struct target *target_at(
    const struct target *target, const struct sockaddr *address)
{
    char ip[TARGET_IP_MAX];
    size_t size = strlen(target->input) + sizeof "[]" + sizeof ip +
                  strlen(target->host) + 1 + strlen(target->url) + 1;
    struct target *made = malloc(sizeof *made + size);
    if (!made)
        return NULL;
    *made = *target;
    set_address(made, address);
    char *out = (char *)(made + 1);
    made->input = out;
    out = stpcpy(stpcpy(out, target->input), "[");
    out = append_string(stpcpy(out, target_ip(made, ip)), "]");
    made->host = out;
    out = append_string(out, target->host);
    made->url = out;
    made->path = out + (target->path - target->url);
    strcpy(out, target->url);
    return made;
}
