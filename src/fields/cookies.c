/*
 * cookies - see cookies.h.
 *
 * Invariant: lines are never joined, and quotes bind nothing.
 */
#include "fields/cookies.h"

#include "fields/cookie_date.h"
#include "fields/lines.h"

#include <string.h>
#include <strings.h>

enum {
    COOKIE_MAX = 4096, /* bytes of name and value */
    ATTRIBUTE_MAX = 1024, /* bytes of an attribute's value */
    AGE_MAX = 400 * 24 * 60 * 60, /* section 5.5 */
};

/* What of a cookie only decides whether it is stored. */
struct reading {
    struct cookie *cookie;
    int64_t now;
    bool has_expires;
    int64_t expires;
};

/* --- pieces --- */

/* A fold (RFC 9112 section 5.2) is still in the line as LF. */
static bool byte_is_fold(char c)
{
    return byte_is_blank(c) || c == '\n';
}

/* Up to this byte, which goes, or all of it. */
static struct span take_until(struct span *text, const char *stop)
{
    struct span taken = span_take(text, span_until(*text, stop));
    span_take(text, text->len > 0);
    return taken;
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && !byte_is_fold(c)) || c == 0x7f;
}

static bool has_control(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_control(text.at[i]))
            return true;
    return false;
}

static bool is_like(struct span text, const char *other)
{
    return span_is_like(text, span_of_string(other));
}

static bool has_front(struct span text, const char *front)
{
    struct span wanted = span_of_string(front);
    return text.len >= wanted.len &&
           strncasecmp(text.at, wanted.at, wanted.len) == 0;
}

/* --- attributes --- */

/* "-"1*DIGIT, as far as is counted. */
static void read_max_age(struct cookie *cookie, struct span value)
{
    bool is_negative = value.len > 0 && *value.at == '-';
    struct span digits = value;
    span_take(&digits, is_negative);
    if (value.len == 0 || !span_is(digits, byte_is_digit))
        return;
    int64_t age = 0;
    while (digits.len > 0 && age < AGE_MAX)
        age = age * 10 + (*span_take(&digits, 1).at - '0');
    cookie->has_max_age = true;
    cookie->max_age = is_negative ? 0 : age > AGE_MAX ? AGE_MAX : age;
}

static void read_same_site(struct cookie *cookie, struct span value)
{
    static const char *const policies[] = {"Strict", "Lax", "None"};
    cookie->same_site = (struct span){NULL, 0};
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (is_like(value, policies[i]))
            cookie->same_site = span_of_string(policies[i]);
}

static void read_domain(struct cookie *cookie, struct span value)
{
    span_take(&value, value.len > 0 && *value.at == '.');
    cookie->domain = value.len > 0 ? value : (struct span){NULL, 0};
}

/* One that does not begin with a slash is the default. */
static void read_path(struct cookie *cookie, struct span value)
{
    bool is_path = value.len > 0 && *value.at == '/';
    cookie->path = is_path ? value : (struct span){NULL, 0};
}

static void read_attribute(struct reading *reading, struct span attribute)
{
    struct cookie *cookie = reading->cookie;
    struct span name = span_trim(take_until(&attribute, "="), byte_is_fold);
    struct span value = span_trim(attribute, byte_is_fold);
    if (value.len > ATTRIBUTE_MAX)
        return;
    if (is_like(name, "Expires"))
        reading->has_expires |= cookie_date_parse(value, &reading->expires);
    else if (is_like(name, "Max-Age"))
        read_max_age(cookie, value);
    else if (is_like(name, "Domain"))
        read_domain(cookie, value);
    else if (is_like(name, "Path"))
        read_path(cookie, value);
    else if (is_like(name, "Secure"))
        cookie->is_secure = true;
    else if (is_like(name, "HttpOnly"))
        cookie->is_http_only = true;
    else if (is_like(name, "SameSite"))
        read_same_site(cookie, value);
}

/* Max-Age is the stronger one (section 5.7, step 3). */
static void settle_age(const struct reading *reading)
{
    struct cookie *cookie = reading->cookie;
    if (cookie->has_max_age || !reading->has_expires)
        return;
    int64_t age = reading->expires - reading->now;
    cookie->has_max_age = true;
    cookie->max_age = age < 0 ? 0 : age > AGE_MAX ? AGE_MAX : age;
}

/* --- whether it is stored --- */

/* Section 5.1.3. */
static bool is_domain_of(const struct field_head *head, struct span domain)
{
    struct span host = span_of_string(head->host ? head->host : "");
    if (span_is_like(host, domain))
        return true;
    if (head->is_literal || host.len <= domain.len)
        return false;
    struct span end = {host.at + host.len - domain.len, domain.len};
    return end.at[-1] == '.' && span_is_like(end, domain);
}

/* A single label is a public suffix, unless it is the host itself; afetch has
 * no list of the longer ones. */
static bool is_top_level(const struct field_head *head, struct span domain)
{
    return !span_has(domain, '.') &&
           !is_like(domain, head->host ? head->host : "");
}

#define S57 " (RFC 6265bis section 5.7)"

static const char *refuse_prefix(const struct cookie *cookie)
{
    struct span name = cookie->name.len > 0 ? cookie->name : cookie->value;
    bool is_secure = has_front(name, "__Secure-");
    bool is_host = has_front(name, "__Host-");
    if ((is_secure || is_host) && cookie->name.len == 0)
        return "it has no name, but its value begins as one with a prefix" S57;
    if ((is_secure || is_host) && !cookie->is_secure)
        return "its prefix wants Secure" S57;
    if (is_host && cookie->domain.at)
        return "__Host- wants no Domain" S57;
    if (is_host && cookie->path.len != 1)
        return "__Host- wants Path=/" S57;
    return NULL;
}

static const char *refuse_stored(
    const struct field_head *head, const struct cookie *cookie)
{
    if (cookie->name.len == 0 && cookie->value.len == 0)
        return "it has neither a name nor a value" S57;
    if (cookie->domain.at && !span_is(cookie->domain, byte_is_ascii))
        return "its Domain is not ASCII" S57;
    if (cookie->domain.at && is_top_level(head, cookie->domain))
        return "its Domain is a public suffix" S57;
    if (cookie->domain.at && !is_domain_of(head, cookie->domain))
        return "its Domain is not one of the host's" S57;
    if (cookie->is_secure && !head->is_secure)
        return "it is Secure, but came over http" S57;
    if (is_like(cookie->same_site, "None") && !cookie->is_secure)
        return "SameSite=None wants Secure" S57;
    return refuse_prefix(cookie);
}

static const char *refuse_parsed(const struct cookie *cookie, struct span line)
{
    if (has_control(line))
        return "it has a control character (RFC 6265bis section 5.6)";
    if (cookie->name.len + cookie->value.len > COOKIE_MAX)
        return "name and value are longer than 4096 bytes (RFC 6265bis "
               "section 5.6)";
    return NULL;
}

/* --- a line --- */

static void read_pair(struct cookie *cookie, struct span pair)
{
    struct span name = {pair.at, 0};
    if (span_has(pair, '='))
        name = take_until(&pair, "=");
    cookie->name = span_trim(name, byte_is_fold);
    cookie->value = span_trim(pair, byte_is_fold);
}

static void read_line(
    const struct field_head *head, struct span line, struct cookie *cookie)
{
    struct reading reading = {.cookie = cookie, .now = head->received_at};
    struct span rest = line;
    *cookie = (struct cookie){.refused = NULL};
    read_pair(cookie, take_until(&rest, ";"));
    while (rest.len > 0)
        read_attribute(&reading, take_until(&rest, ";"));
    settle_age(&reading);
    cookie->refused = refuse_parsed(cookie, line);
    if (!cookie->refused)
        cookie->refused = refuse_stored(head, cookie);
}

void cookies_init(struct cookies *cookies, const struct field_head *head)
{
    cookies->head = head;
    http_fields_init(&cookies->fields, head->head ? head->head : "",
        head->head ? head->head_len : 0);
}

static const char set_cookie[] = "Set-Cookie";

bool cookies_next(struct cookies *cookies, struct cookie *out)
{
    struct http_field field;
    if (!http_fields_next_named(
            &cookies->fields, set_cookie, sizeof set_cookie - 1, &field))
        return false;
    read_line(cookies->head, (struct span){field.value, field.value_len}, out);
    return true;
}

/* --- the field --- */

void cookies_get_member(
    const struct field_head *head, struct span member, struct field_value *out)
{
    struct cookies cookies;
    struct cookie cookie;
    field_set_none(out, NULL);
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie)) {
        if (cookie.name.len != member.len ||
            memcmp(cookie.name.at, member.at, member.len) != 0)
            continue;
        out->type = cookie.refused ? FIELD_NONE : FIELD_TEXT;
        out->text = cookie.value.at;
        out->len = cookie.value.len;
        out->why = cookie.refused;
    }
}

void cookies_get_valid(const struct field_head *head, struct field_value *out)
{
    struct cookies cookies;
    struct cookie cookie;
    field_set_none(out, NULL);
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie)) {
        field_set_bool(out, !cookie.refused, cookie.refused);
        if (cookie.refused)
            return;
    }
}
