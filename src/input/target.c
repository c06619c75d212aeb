/*
 * target - see target.h.
 *
 * A line is cut into spans that point into it, each span is checked, and
 * only then the one allocation is made and filled.  Invariant: but for
 * `input`, what a target holds is printable ASCII without blanks, fit to
 * stand in a request as it is.
 *
 * A step returns NULL, or what is wrong: a static text for the user.
 */
#include "input/target.h"

#include "input/hostname.h"
#include "input/literal.h"
#include "text/span.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The one thing that is not the line's fault. */
static const char no_memory[] = "out of memory";

static const struct scheme {
    const char *name;
    uint16_t port;
} schemes[] = {
    [TARGET_HTTP] = {"http", 80},
    [TARGET_HTTPS] = {"https", 443},
};

/* A target whose strings are still pieces of the line. */
struct draft {
    struct target made; /* but for its strings */
    struct span input, host, port, path;
    char *a_labels; /* what host points into if it was not ASCII */
};

/* TAB is none here: it stands between the columns. */
static bool is_no_control(char c)
{
    return ((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t';
}

static const char *convert_name(struct draft *draft)
{
    const char *wrong = no_memory;
    if (hostname_convert(draft->host, &draft->a_labels, &wrong) < 0)
        return wrong;
    draft->host = (struct span){draft->a_labels, strlen(draft->a_labels)};
    return NULL;
}

/* ASCII names never go through IDNA, which refuses some that work. */
static const char *parse_name(struct draft *draft)
{
    struct span *host = &draft->host;
    const char *wrong = NULL;
    if (!span_is(*host, byte_is_ascii))
        wrong = convert_name(draft);
    if (wrong)
        return wrong;
    if (host->len > 1 && host->at[host->len - 1] == '.') {
        host->len--;
        draft->made.absolute = true;
    }
    return hostname_check(*host);
}

static const char *parse_host(struct draft *draft, struct span host)
{
    struct target *made = &draft->made;
    if (host.len == 0)
        return "no host";
    draft->host = host;
    if (!literal_ipv4(host, &made->address.in))
        return parse_name(draft);
    made->literal = made->has_address = true;
    return NULL;
}

static const char *parse_ipv6(
    struct draft *draft, struct span text, bool bracketed)
{
    struct target *made = &draft->made;
    draft->host = (struct span){text.at, span_until(text, "%")};
    made->literal = made->has_address = true;
    return literal_ipv6(text, bracketed, &made->address.in6);
}

static bool find_scheme(struct span name, enum target_scheme *out)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (name.len == strlen(schemes[i].name) &&
            strncasecmp(name.at, schemes[i].name, name.len) == 0) {
            *out = (enum target_scheme)i;
            return true;
        }
    }
    return false;
}

/* What was meant by a colon that no number follows. */
static const char *no_port(const struct draft *draft, struct span text)
{
    enum target_scheme scheme;
    if (draft->host.at == draft->input.at && find_scheme(draft->host, &scheme))
        return "a URL has two slashes, as in http://HOST/";
    if (text.len == 0)
        return "port is empty";
    if (byte_is_alnum(*text.at) && !byte_is_digit(*text.at))
        return "port is not a number (URLs begin with http:// or https://)";
    return "port is not a number";
}

/* A port has one spelling only, so the URL can use its text again. */
static const char *parse_port(struct draft *draft, struct span text)
{
    unsigned port = 0;
    if (!span_is(text, byte_is_digit) || text.len == 0)
        return no_port(draft, text);
    if (text.len > 1 && *text.at == '0')
        return "port has a leading zero";
    for (size_t i = 0; i < text.len && port <= UINT16_MAX; i++)
        port = port * 10 + (unsigned)(text.at[i] - '0');
    if (port == 0 || port > UINT16_MAX)
        return "port out of range";
    if (port != draft->made.port)
        draft->port = text;
    draft->made.port = (uint16_t)port;
    return NULL;
}

/* RFC 3986 section 3.2.2: "[" IPv6address "]". */
static const char *parse_brackets(struct draft *draft, struct span *text)
{
    size_t close = span_until(*text, "]");
    if (close == text->len)
        return "no closing bracket";
    struct span inside = {text->at + 1, close - 1};
    span_take(text, close + 1);
    if (text->len > 0 && *text->at != ':')
        return "only a port may follow an address in brackets";
    return parse_ipv6(draft, inside, true);
}

static bool is_ipv6_byte(char c)
{
    return byte_is_hex(c) || c == ':' || c == '.';
}

static bool has_two_colons(struct span text)
{
    span_take(&text, span_until(text, ":"));
    return text.len > 0 && memrchr(text.at + 1, ':', text.len - 1);
}

/* RFC 3986 section 3.2.  An IPv6 address goes without brackets where its
 * colons can be of nothing else: alone in its column. */
static const char *parse_authority(struct draft *draft, struct span text)
{
    const char *wrong;
    if (span_has(text, '@'))
        return "user name or password in the target";
    if (text.len > 0 && *text.at == '[') {
        wrong = parse_brackets(draft, &text);
    } else if (has_two_colons(text)) {
        if (text.len < draft->input.len)
            return "an IPv6 address needs brackets here";
        if (span_of(text, is_ipv6_byte) < span_until(text, "%"))
            return "neither HOST:PORT nor an IPv6 address";
        return parse_ipv6(draft, text, false);
    } else {
        wrong = parse_host(draft, span_take(&text, span_until(text, ":")));
    }
    if (wrong || text.len == 0)
        return wrong;
    span_take(&text, 1);
    return parse_port(draft, text);
}

/* Takes "scheme://" off and returns the scheme; empty if it has none. */
static struct span take_scheme(struct span *text)
{
    struct span rest = *text;
    struct span scheme = span_take(&rest, span_of(rest, byte_is_scheme));
    if (scheme.len == 0 || !span_has_prefix(rest, "://"))
        return (struct span){text->at, 0};
    span_take(&rest, 3);
    *text = rest;
    return scheme;
}

static const char *parse_url(struct draft *draft, struct span text)
{
    struct target *made = &draft->made;
    struct span scheme = take_scheme(&text);
    made->scheme = TARGET_HTTP;
    if (scheme.len > 0 && !find_scheme(scheme, &made->scheme))
        return "only http:// and https:// URLs are fetched";
    made->port = schemes[made->scheme].port;
    struct span authority = span_take(&text, span_until(text, "/?#"));
    draft->path = span_take(&text, span_until(text, "#"));
    return parse_authority(draft, authority);
}

/* "8080", "192.0.2.7:8080", "[2001:db8::7]:8080" */
static bool has_port(struct span text)
{
    struct sockaddr_in in;
    size_t digits = 0;
    while (digits < text.len && byte_is_digit(text.at[text.len - 1 - digits]))
        digits++;
    struct span rest = {text.at, text.len - digits};
    if (digits == 0 || rest.len == 0)
        return digits > 0;
    if (rest.at[--rest.len] != ':' || rest.len == 0)
        return false;
    return rest.at[rest.len - 1] == ']' || literal_ipv4(rest, &in);
}

static const char *parse_address(struct draft *draft, struct span text)
{
    static const char in_first[] =
        "second column has a port, which belongs in the first: HOST:PORT";
    struct target *made = &draft->made;
    bool bracketed = *text.at == '[' && text.at[text.len - 1] == ']';
    made->has_address = true;
    if (literal_ipv4(text, &made->address.in))
        return NULL;
    if (has_port(text))
        return in_first;
    if (!span_has(text, ':'))
        return "second column is not an address";
    if (bracketed)
        text = (struct span){text.at + 1, text.len - 2};
    return literal_ipv6(text, bracketed, &made->address.in6);
}

static const char *parse_line(struct draft *draft, struct span line)
{
    if (!span_is(line, is_no_control))
        return "control character in the target";
    draft->input = span_take_column(&line);
    struct span address = span_take_column(&line);
    if (span_take_column(&line).len > 0)
        return "more than two columns";
    const char *wrong = parse_url(draft, draft->input);
    if (wrong || address.len == 0)
        return wrong;
    return parse_address(draft, address);
}

/* Strings are written one after another; each function returns where the
 * next one goes. */
static char *write_string(char *out, const char *string)
{
    return span_write(out, (struct span){string, strlen(string)});
}

/* RFC 3986 section 2.1; what else may not stand in a path was refused. */
static char *write_path(char *out, struct span path)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.at[i];
        if (byte < 0x80) {
            *out++ = path.at[i];
        } else {
            *out++ = '%';
            *out++ = digits[byte >> 4];
            *out++ = digits[byte & 15];
        }
    }
    return out;
}

/* The URL, whose end from target->path on is the path. */
static void write_url(
    char *out, struct target *target, const struct draft *draft)
{
    bool brackets = span_has(draft->host, ':');
    target->url = out;
    out = write_string(out, schemes[target->scheme].name);
    out = write_string(out, brackets ? "://[" : "://");
    out = span_write(out, draft->host);
    out = write_string(out, brackets ? "]" : "");
    if (draft->port.len > 0)
        out = span_write(write_string(out, ":"), draft->port);
    target->path = out;
    if (draft->path.len == 0 || *draft->path.at != '/')
        out = write_string(out, "/");
    out = write_path(out, draft->path);
    *out = '\0';
}

/* At most; a byte above 0x7f takes three. */
static size_t url_size(const struct draft *draft)
{
    size_t size = sizeof "https://[]:/" + draft->host.len + draft->port.len;
    for (size_t i = 0; i < draft->path.len; i++)
        size += byte_is_ascii(draft->path.at[i]) ? 1 : 3;
    return size;
}

static void set_address_port(struct target *target)
{
    if (target->address.sa.sa_family == AF_INET)
        target->address.in.sin_port = htons(target->port);
    else if (target->address.sa.sa_family == AF_INET6)
        target->address.in6.sin6_port = htons(target->port);
}

static struct target *make_target(const struct draft *draft)
{
    size_t size = draft->input.len + 1 + draft->host.len + 1 + url_size(draft);
    struct target *target = malloc(sizeof *target + size);
    if (!target)
        return NULL;
    *target = draft->made;
    set_address_port(target);
    char *out = (char *)(target + 1);
    target->input = out;
    out = span_write(out, draft->input);
    *out++ = '\0';
    target->host = out;
    out = span_write(out, draft->host);
    *out++ = '\0';
    write_url(out, target, draft);
    return target;
}

int target_parse(
    const char *line, size_t len, struct target **out, const char **reason)
{
    struct draft draft = {0};
    struct target *target = NULL;
    const char *wrong = parse_line(&draft, (struct span){line, len});
    if (!wrong) {
        target = make_target(&draft);
        wrong = target ? NULL : no_memory;
    }
    free(draft.a_labels);
    if (wrong == no_memory)
        return -ENOMEM;
    if (wrong) {
        *reason = wrong;
        return -EINVAL;
    }
    *out = target;
    return 0;
}

void target_destroy(struct target *target)
{
    free(target);
}
