/*
 * no_proxy - see no_proxy.h.
 */
#include "route/no_proxy.h"

#include "input/literal.h"
#include "text/span.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* The bytes of an address. */
struct bytes {
    unsigned char at[16];
    size_t len; /* 4, 16, or 0: no address */
};

static struct bytes read_address(struct span text)
{
    struct bytes bytes = {.len = 0};
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    if (literal_ipv4(text, &in)) {
        bytes.len = sizeof in.sin_addr;
        memcpy(bytes.at, &in.sin_addr, bytes.len);
    } else if (!span_has(text, '%') && !literal_ipv6(text, false, &in6)) {
        bytes.len = sizeof in6.sin6_addr;
        memcpy(bytes.at, &in6.sin6_addr, bytes.len);
    }
    return bytes;
}

static bool same_bits(const struct bytes *a, const struct bytes *b, size_t bits)
{
    size_t whole = bits / 8;
    unsigned rest = 0xff00u >> bits % 8 & 0xff;
    return memcmp(a->at, b->at, whole) == 0 &&
           (rest == 0 || ((a->at[whole] ^ b->at[whole]) & rest) == 0);
}

/* "/8"; more than there are when it is no number. */
static size_t read_bits(struct span text)
{
    size_t bits = 0;
    span_take(&text, 1);
    if (text.len == 0 || text.len > 3 || !span_is(text, byte_is_digit))
        return SIZE_MAX;
    while (text.len > 0)
        bits = bits * 10 + (size_t)(*span_take(&text, 1).at - '0');
    return bits;
}

static bool has_address(struct span entry, const struct bytes *host)
{
    struct span address = span_take(&entry, span_until(entry, "/"));
    struct bytes network = read_address(address);
    size_t bits = entry.len > 0 ? read_bits(entry) : 8 * host->len;
    return network.len == host->len && bits <= 8 * host->len &&
           same_bits(&network, host, bits);
}

/* The name itself, or the end of it behind a dot. */
static bool has_name(struct span entry, struct span host)
{
    if (entry.len > 0 && entry.at[entry.len - 1] == '.')
        entry.len--;
    if (span_has_prefix(entry, "."))
        span_take(&entry, 1);
    if (entry.len == 0 || entry.len > host.len)
        return false;
    struct span above = span_take(&host, host.len - entry.len);
    return strncasecmp(entry.at, host.at, entry.len) == 0 &&
           (above.len == 0 || above.at[above.len - 1] == '.');
}

static struct span take_entry(struct span *list)
{
    static const char between[] = ", \t";
    while (list->len > 0 && strchr(between, *list->at))
        span_take(list, 1);
    return span_take(list, span_until(*list, between));
}

bool no_proxy_is_all(const char *list)
{
    struct span rest = {list, strlen(list)}, entry = take_entry(&rest);
    return entry.len == 1 && *entry.at == '*' && take_entry(&rest).len == 0;
}

bool no_proxy_has(const char *list, const char *host)
{
    struct span rest = {list, strlen(list)}, name = {host, strlen(host)}, entry;
    struct bytes address = read_address(name);
    while ((entry = take_entry(&rest)).len > 0)
        if (address.len ? has_address(entry, &address) : has_name(entry, name))
            return true;
    return no_proxy_is_all(list);
}
