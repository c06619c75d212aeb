/*
 * proxy - see proxy.h.
 *
 * The URL is cut into spans; host and port then go the way of any target's.
 * A step returns NULL, or what is wrong.
 */
#include "route/proxy.h"

#include "input/target.h"
#include "text/base64.h"
#include "text/span.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The one thing that is not the URL's fault. */
static const char no_memory[] = "out of memory";

static const char *const schemes[] = {
    [PROXY_HTTP] = "http",
    [PROXY_SOCKS5H] = "socks5h",
    [PROXY_SOCKS5] = "socks5",
};

static const struct span usual_port = {"1080", 4};

struct draft {
    struct proxy *made;
    struct span userinfo, host, port; /* the host with its brackets */
};

static bool is_visible(char c)
{
    return (unsigned char)c > 0x20 && c != 0x7f;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_scheme(struct span span, const char *name)
{
    return span.len == strlen(name) &&
           strncasecmp(span.at, name, span.len) == 0;
}

#define SUPPORTED "http, socks5h and socks5 are"

/* Of the schemes that others know. */
static const char *why_not(struct span scheme)
{
    if (is_scheme(scheme, "https"))
        return "is an https proxy, which is not supported: " SUPPORTED;
    if (is_scheme(scheme, "socks4") || is_scheme(scheme, "socks4a"))
        return "is a SOCKS 4 proxy, which is not supported: " SUPPORTED;
    return "has an unknown scheme: " SUPPORTED " supported";
}

static const char *set_kind(struct proxy *made, struct span scheme)
{
    /* What GNOME sets in all_proxy, of proxies that are SOCKS 5. */
    if (is_scheme(scheme, "socks")) {
        made->kind = PROXY_SOCKS5H;
        return NULL;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (is_scheme(scheme, schemes[i])) {
            made->kind = (enum proxy_kind)i;
            return NULL;
        }
    return why_not(scheme);
}

/* --- cutting --- */

static const char *cut_scheme(struct draft *draft, struct span *text)
{
    struct span rest = *text;
    struct span scheme = span_take(&rest, span_of(rest, byte_is_scheme));
    if (!span_has_prefix(rest, "://"))
        return NULL;
    span_take(&rest, 3);
    *text = rest;
    return set_kind(draft->made, scheme);
}

static void cut_userinfo(struct draft *draft, struct span *authority)
{
    const char *at = memrchr(authority->at, '@', authority->len);
    draft->userinfo = (struct span){authority->at, 0};
    if (!at)
        return;
    draft->userinfo = span_take(authority, (size_t)(at - authority->at));
    span_take(authority, 1);
}

static const char *cut_port(struct draft *draft, struct span authority)
{
    bool brackets = span_has_prefix(authority, "[");
    size_t len = span_until(authority, brackets ? "]" : ":");
    if (brackets && len < authority.len)
        len++;
    draft->host = span_take(&authority, len);
    draft->port = authority.len > 0 ? authority : usual_port;
    if (span_has_prefix(authority, ":"))
        span_take(&draft->port, 1);
    return span_has(draft->port, ':') ? "has an IPv6 address without brackets"
                                      : NULL;
}

static const char *cut_part(struct draft *draft, struct span text)
{
    if (!span_is(text, is_visible))
        return "contains a blank or a control character";
    const char *wrong = cut_scheme(draft, &text);
    if (wrong)
        return wrong;
    struct span authority = span_take(&text, span_until(text, "/?#"));
    if (text.len > 1 || (text.len == 1 && *text.at != '/'))
        return "has a path";
    cut_userinfo(draft, &authority);
    return cut_port(draft, authority);
}

/* --- host and port --- */

static bool is_port(struct span text)
{
    unsigned port = 0;
    if (text.len == 0 || text.len > 5 || *text.at == '0' ||
        !span_is(text, byte_is_digit))
        return false;
    while (text.len > 0)
        port = port * 10 + (unsigned)(*span_take(&text, 1).at - '0');
    return port <= UINT16_MAX;
}

/* Host and port are understood as those of any target. */
static const char *set_server(struct draft *draft)
{
    static const char prefix[] = "http://";
    struct span port = draft->port;
    if (!is_port(port))
        return "has a port that is not 1 to 65535";
    size_t size = sizeof prefix + draft->host.len + 1 + port.len;
    char *line = malloc(size);
    if (!line)
        return no_memory;
    char *end = span_write(stpcpy(line, prefix), draft->host);
    *end++ = ':';
    end = span_write(end, port);
    const char *unused;
    int error =
        target_parse(line, (size_t)(end - line), &draft->made->server, &unused);
    free(line);
    if (error == -ENOMEM)
        return no_memory;
    return error ? "has a host that is neither a name nor an IP address" : NULL;
}

static const char *set_url(struct proxy *made)
{
    const struct target *server = made->server;
    const char *scheme = schemes[made->kind];
    bool brackets = strchr(server->host, ':');
    char digits[sizeof "65535"], *digit = digits + sizeof digits - 1;
    *digit = '\0';
    for (unsigned port = server->port; port; port /= 10)
        *--digit = (char)('0' + port % 10);
    made->url = malloc(strlen(scheme) + sizeof "://[]:" + strlen(server->host) +
                       strlen(digit));
    if (!made->url)
        return no_memory;
    char *out = stpcpy(stpcpy(made->url, scheme), brackets ? "://[" : "://");
    out = stpcpy(out, server->host);
    stpcpy(stpcpy(out, brackets ? "]:" : ":"), digit);
    return NULL;
}

/* --- credentials --- */

/* RFC 3986 section 2.1.  NULL: no memory. */
static char *decode_percent(struct span text)
{
    char *decoded = malloc(text.len + 1), *out = decoded;
    while (decoded && text.len > 0) {
        char c = *span_take(&text, 1).at;
        if (c == '%' && text.len >= 2 &&
            span_is((struct span){text.at, 2}, byte_is_hex)) {
            c = (char)(byte_hex_value(text.at[0]) << 4 |
                       byte_hex_value(text.at[1]));
            span_take(&text, 2);
        }
        *out++ = c ? c : '\1'; /* refused as any control character */
    }
    if (decoded)
        *out = '\0';
    return decoded;
}

/* Frees a secret that is not needed any more. */
static void wipe_text(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static const char *check_secret(const struct proxy *made, const char *secret)
{
    size_t len = strlen(secret);
    for (size_t i = 0; i < len; i++)
        if (is_control(secret[i]))
            return "has a control character in its user name or password";
    if (made->kind != PROXY_HTTP && len > PROXY_SECRET_MAX)
        return "has a user name or password longer than 255 bytes";
    return NULL;
}

/* RFC 7617. */
static const char *set_authorization(struct proxy *made)
{
    char *both = malloc(strlen(made->user) + strlen(made->password) + 2);
    if (!both)
        return no_memory;
    stpcpy(stpcpy(stpcpy(both, made->user), ":"), made->password);
    made->authorization = basic_credentials(both, strlen(both));
    wipe_text(both);
    return made->authorization ? NULL : no_memory;
}

static const char *set_credentials(struct draft *draft)
{
    struct proxy *made = draft->made;
    struct span password = draft->userinfo;
    if (password.len == 0)
        return NULL;
    struct span user = span_take(&password, span_until(password, ":"));
    if (password.len > 0)
        span_take(&password, 1);
    made->user = decode_percent(user);
    made->password = decode_percent(password);
    if (!made->user || !made->password)
        return no_memory;
    const char *wrong = check_secret(made, made->user);
    if (!wrong)
        wrong = check_secret(made, made->password);
    if (wrong || made->kind != PROXY_HTTP)
        return wrong;
    return set_authorization(made);
}

/* --- the whole --- */

static const char *parse_url(struct proxy *made, const char *text)
{
    struct draft draft = {.made = made};
    const char *wrong = cut_part(&draft, (struct span){text, strlen(text)});
    if (!wrong)
        wrong = set_server(&draft);
    if (!wrong)
        wrong = set_url(made);
    return wrong ? wrong : set_credentials(&draft);
}

int proxy_parse(const char *text, struct proxy **out, const char **why)
{
    struct proxy *proxy = calloc(1, sizeof *proxy);
    const char *wrong = proxy ? parse_url(proxy, text) : no_memory;
    if (!wrong) {
        *out = proxy;
        return 0;
    }
    proxy_destroy(proxy);
    if (wrong == no_memory)
        return -ENOMEM;
    *why = wrong;
    return -EINVAL;
}

void proxy_destroy(struct proxy *proxy)
{
    if (!proxy)
        return;
    target_destroy(proxy->server);
    free(proxy->url);
    wipe_text(proxy->authorization);
    wipe_text(proxy->user);
    wipe_text(proxy->password);
    free(proxy);
}
