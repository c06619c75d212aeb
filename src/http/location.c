/*
 * location - see location.h.
 *
 * The reference is taken apart as in RFC 3986 section 5.2.2, put together
 * as an absolute URL and then is a target like any other: what a target may
 * not hold, a Location may not either.
 */
#include "http/location.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reference {
    struct span scheme, authority, path, query;
    bool has_authority, has_query; /* query: with its "?" */
};

/* The URL being written. */
struct draft {
    char url[LOCATION_MAX];
    size_t len;
    bool full; /* something did not fit */
};

static bool is_no_control(char c)
{
    return (unsigned char)c >= 0x20 && c != 0x7f;
}

/* RFC 3986 section 4.1: a colon in the first segment ends a scheme. */
static void location_take_scheme(struct reference *ref, struct span *rest)
{
    size_t len = span_of(*rest, byte_is_scheme);
    if (len == 0 || len == rest->len || rest->at[len] != ':')
        return;
    ref->scheme = span_take(rest, len);
    span_take(rest, 1);
}

static struct reference take_apart(struct span value)
{
    struct span rest = span_take(&value, span_until(value, "#"));
    struct reference ref = {.scheme = {rest.at, 0}, .authority = {rest.at, 0}};
    location_take_scheme(&ref, &rest);
    ref.has_authority = span_has_prefix(rest, "//");
    if (ref.has_authority) {
        span_take(&rest, 2);
        ref.authority = span_take(&rest, span_until(rest, "/?"));
    }
    ref.path = span_take(&rest, span_until(rest, "?"));
    ref.query = rest;
    ref.has_query = rest.len > 0;
    return ref;
}

static void url_put_bytes(struct draft *draft, const char *bytes, size_t len)
{
    draft->full |= len > sizeof draft->url - draft->len;
    if (draft->full)
        return;
    memcpy(draft->url + draft->len, bytes, len);
    draft->len += len;
}

static void url_put(struct draft *draft, struct span span)
{
    while (span.len > 0) {
        struct span piece = span_take(&span, span_until(span, " "));
        url_put_bytes(draft, piece.at, piece.len);
        if (span.len > 0)
            url_put_bytes(draft, "%20", 3);
        span_take(&span, span.len > 0);
    }
}

static void url_put_text(struct draft *draft, const char *text)
{
    url_put(draft, (struct span){text, strlen(text)});
}

/* RFC 3986 section 5.2.4, on a path that begins with "/". */
static size_t remove_dots(char *path, size_t len)
{
    size_t kept = 0, end;
    for (size_t at = 0; at < len; at = end) {
        struct span rest = {path + at + 1, len - at - 1};
        size_t name_len = span_until(rest, "/");
        bool one = name_len == 1 && *rest.at == '.';
        bool two = name_len == 2 && memcmp(rest.at, "..", 2) == 0;
        end = at + 1 + name_len;
        if (one || two) {
            while (two && kept > 0 && path[--kept] != '/')
                ;
            if (end == len)
                path[kept++] = '/';
        } else {
            memmove(path + kept, path + at, end - at);
            kept += end - at;
        }
    }
    return kept;
}

/* The base's path up to its last slash (section 5.2.3). */
static struct span directory_of(const struct target *base)
{
    struct span path = {base->path, strlen(base->path)};
    path.len = span_until(path, "?");
    while (path.at[path.len - 1] != '/')
        path.len--;
    return path;
}

static void put_path(
    struct draft *draft, const struct target *base, const struct reference *ref)
{
    size_t start = draft->len;
    if (!ref->has_authority && ref->path.len == 0) {
        url_put(draft, (struct span){base->path, strcspn(base->path, "?")});
        return;
    }
    if (!ref->has_authority && *ref->path.at != '/')
        url_put(draft, directory_of(base));
    url_put(draft, ref->path);
    draft->len = start + remove_dots(draft->url + start, draft->len - start);
}

static void put_query(
    struct draft *draft, const struct target *base, const struct reference *ref)
{
    if (ref->has_query || ref->has_authority || ref->path.len > 0)
        url_put(draft, ref->query);
    else
        url_put_text(draft, base->path + strcspn(base->path, "?"));
}

/* RFC 3986 sections 3.2.3 and 6.2.3: a port may be empty, which is the
 * scheme's own, and have leading zeros.  A target has it as it counts. */
static void put_authority(struct draft *draft, struct span authority)
{
    struct span port = authority;
    size_t digits = 0;
    while (digits < port.len && byte_is_digit(port.at[port.len - 1 - digits]))
        digits++;
    span_take(&port, port.len - digits);
    if (port.len == authority.len || port.at[-1] != ':') {
        url_put(draft, authority);
        return;
    }
    authority.len -= port.len;
    while (port.len > 1 && *port.at == '0')
        span_take(&port, 1);
    authority.len -= port.len == 0;
    url_put(draft, authority);
    url_put(draft, port);
}

/* Up to where the path begins. */
static void put_site(
    struct draft *draft, const struct target *base, const struct reference *ref)
{
    if (!ref->has_authority) {
        url_put(
            draft, (struct span){base->url, (size_t)(base->path - base->url)});
        return;
    }
    if (ref->scheme.len > 0)
        url_put(draft, ref->scheme);
    else
        url_put(draft, (struct span){base->url, strcspn(base->url, ":")});
    url_put_text(draft, "://");
    put_authority(draft, ref->authority);
}

/* A new address is asked for, unless it is the same host. */
static void keep_address(const struct target *base, struct target *next)
{
    if (!base->has_address || (base->literal && !base->routed) ||
        strcasecmp(base->host, next->host))
        return;
    next->address = base->address;
    next->has_address = true;
    next->routed = base->routed;
    if (next->address.sa.sa_family == AF_INET6)
        next->address.in6.sin6_port = htons(next->port);
    else
        next->address.in.sin_port = htons(next->port);
}

static bool is_http(struct span scheme)
{
    return (scheme.len == 4 || scheme.len == 5) &&
           strncasecmp(scheme.at, "https", scheme.len) == 0;
}

static const char *location_write_url(
    struct draft *draft, const struct target *base, struct span value)
{
    struct reference ref = take_apart(value);
    if (!span_is(value, is_no_control))
        return "control character";
    if (ref.scheme.len > 0 && !is_http(ref.scheme))
        return "scheme is neither http nor https";
    if (ref.scheme.len > 0 && !ref.has_authority)
        return "no host";
    draft->len = 0;
    draft->full = false;
    put_site(draft, base, &ref);
    put_path(draft, base, &ref);
    put_query(draft, base, &ref);
    return draft->full ? "longer than 66560 bytes" : NULL;
}

int location_resolve(const struct target *base, struct span value,
    struct target **out, const char **reason)
{
    struct draft *draft = malloc(sizeof *draft);
    if (!draft)
        return -ENOMEM;
    int error = -EINVAL;
    *reason = location_write_url(draft, base, value);
    if (!*reason)
        error = target_parse(draft->url, draft->len, out, reason);
    if (!error)
        keep_address(base, *out);
    free(draft);
    return error;
}
