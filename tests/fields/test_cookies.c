/*
 * cookies by tables: as a browser stores them (RFC 6265bis).
 */
#include "fields/cookies.h"

#include "fields/cookie_date.h"
#include "fields/lines.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NOW 1796083200 /* Tue, 01 Dec 2026 00:00:00 GMT */

static struct field_head head_of(char *text, size_t size, const char *line)
{
    int len =
        snprintf(text, size, "HTTP/1.1 200 OK\nSet-Cookie: %s\nC: d\n", line);
    ck_assert_uint_lt((size_t)len, size);
    return (struct field_head){.head = text,
        .head_len = (size_t)len,
        .is_secure = true,
        .host = "www.a.example",
        .received_at = NOW};
}

/* "name|value|SH same-site domain path age", "-" for none; "refused". */
static void print(const struct cookie *cookie, char *out, size_t size)
{
    struct span parts[] = {cookie->same_site, cookie->domain, cookie->path};
    int at = snprintf(out, size, "%.*s|%.*s|%s%s", (int)cookie->name.len,
        cookie->name.at, (int)cookie->value.len, cookie->value.at,
        cookie->is_secure ? "S" : "", cookie->is_http_only ? "H" : "");
    for (size_t i = 0; i < COUNT(parts); i++)
        at += snprintf(out + at, size - (size_t)at, " %.*s",
            parts[i].at ? (int)parts[i].len : 1,
            parts[i].at ? parts[i].at : "-");
    if (cookie->has_max_age)
        snprintf(out + at, size - (size_t)at, " %" PRId64, cookie->max_age);
    if (cookie->refused)
        snprintf(out, size, "refused");
}

static const struct {
    const char *line, *want;
} rows[] = {
    {"sid=1; secure; HttpOnly", "sid|1|SH - - -"},
    {"sid=insecure; Path=/", "sid|insecure| - - /"},
    {"sid=\"x; Secure\"", "sid|\"x| - - -"},
    {"sid=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Secure",
        "sid|1|S - - - 16453094"},
    {"sid=1, Secure", "sid|1, Secure| - - -"},
    {"sid=1; Secure=false", "sid|1|S - - -"},
    {"sid=1; SECURE ; httponly = x", "sid|1|SH - - -"},
    {"sid=1; Secured; XSecure", "sid|1| - - -"},
    {"sid=1;Secure\t;", "sid|1|S - - -"},
    {"sid=\"1\"; Secure", "sid|\"1\"|S - - -"},
    {"Secure; sid=1", "|Secure| - - -"},
    {"sid=1; SameSite = none; secure", "sid|1|S None - -"},
    {"sid=1; SameSite=\"None\"", "sid|1| - - -"},
    {"sid=1; Path=\"/x\"", "sid|1| - - -"},
    {"sid=1; Max-Age=\"60\"", "sid|1| - - -"},
    {"sid=1; Max-Age=0060", "sid|1| - - - 60"},
    {"sid=1; Domain=..a.example", "refused"},
    {"sid=1; Domain=a.example.", "refused"},
    {"sid=1; Domain=.www.a.example; HttpOnly", "sid|1|H - www.a.example -"},
    {" a b = c d ;x", "a b|c d| - - -"},
    {"a", "|a| - - -"},
    {"=a", "|a| - - -"},
    {"a=b=c", "a|b=c| - - -"},
    {"a=", "a|| - - -"},
    {"=", "refused"},
    {"", "refused"},
    {"; Secure", "refused"},
    {"a=1; Path=x", "a|1| - - -"},
    {"a=1; Path=/x; Path=y", "a|1| - - -"},
    {"a=1; PATH = /x", "a|1| - - /x"},
    {"a=1; Domain=.a.example", "a|1| - a.example -"},
    {"a=1; Domain=A.EXAMPLE", "a|1| - A.EXAMPLE -"},
    {"a=1; Domain=www.a.example", "a|1| - www.a.example -"},
    {"a=1; Domain=b.example", "refused"},
    {"a=1; Domain=example", "refused"},
    {"a=1; Domain=.example", "refused"},
    {"a=1; Domain=w.a.example", "refused"},
    {"a=1; Domain=ww.a.example", "refused"},
    {"a=1; Domain=x.www.a.example", "refused"},
    {"a=1; Domain=b.example; Domain=a.example", "a|1| - a.example -"},
    {"a=1; Domain=a.example; Domain=", "a|1| - - -"},
    {"a=1; Domain=\xc3\xa9.a.example", "refused"},
    {"a=1; SameSite=strict", "a|1| Strict - -"},
    {"a=1; SameSite=LAX", "a|1| Lax - -"},
    {"a=1; SameSite=x", "a|1| - - -"},
    {"a=1; SameSite=Lax; SameSite=x", "a|1| - - -"},
    {"a=1; SameSite=None", "refused"},
    {"a=1; SameSite=None; Secure", "a|1|S None - -"},
    {"__Secure-a=1", "refused"},
    {"__Secure-a=1; Secure", "__Secure-a|1|S - - -"},
    {"__SECURE-a=1", "refused"},
    {"__Host-a=1; Secure; Path=/", "__Host-a|1|S - - /"},
    {"__Host-a=1; Secure", "refused"},
    {"__Host-a=1; Secure; Path=/x", "refused"},
    {"__Host-a=1; Path=/", "refused"},
    {"__Host-a=1; Secure; Path=/; Domain=a.example", "refused"},
    {"=__Host-a=1; Secure; Path=/", "refused"},
    {"__Secure-a; Secure", "refused"},
    {"a=1; Max-Age=60", "a|1| - - - 60"},
    {"a=1; Max-Age=-1", "a|1| - - - 0"},
    {"a=1; Max-Age=0", "a|1| - - - 0"},
    {"a=1; Max-Age=", "a|1| - - -"},
    {"a=1; Max-Age=6s", "a|1| - - -"},
    {"a=1; Max-Age=+6", "a|1| - - -"},
    {"a=1; Max-Age=60; Max-Age=x", "a|1| - - - 60"},
    {"a=1; Max-Age=60; Max-Age=70", "a|1| - - - 70"},
    {"a=1; Max-Age=99999999999999999999", "a|1| - - - 34560000"},
    {"a=1; Max-Age=60; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "a|1| - - - 60"},
    {"a=1; Expires=Wed, 09 Jun 2021 10:18:14 GMT", "a|1| - - - 0"},
    {"a=1; Expires=0", "a|1| - - -"},
    {"a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Expires=0:0:0 31 feb 2027",
        "a|1| - - - 16453094"},
    {"a=1\x01; Secure", "refused"},
    {"a=1;\x7f", "refused"},
    {"a=1\tb", "a|1\tb| - - -"},
    {"a=1;\n Secure", "a|1|S - - -"},
    {"a=\xff\xc3\xa9", "a|\xff\xc3\xa9| - - -"},
    {"a=1;;;  ; =x; Secure", "a|1|S - - -"},
};

START_TEST(lines)
{
    char text[512], got[512];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct field_head head = head_of(text, sizeof text, rows[i].line);
        struct cookies cookies;
        struct cookie cookie;
        cookies_init(&cookies, &head);
        ck_assert(cookies_next(&cookies, &cookie));
        print(&cookie, got, sizeof got);
        ck_assert_msg(strcmp(got, rows[i].want) == 0, "%s\nis %s (%s)\nnot %s",
            rows[i].line, got, cookie.refused ? cookie.refused : "",
            rows[i].want);
        ck_assert(!cookies_next(&cookies, &cookie));
    }
}
END_TEST

/* Section 5.7: what came over http sets no Secure cookie; of an address, only
 * itself is a domain. */
START_TEST(origins)
{
    char text[512];
    struct cookies cookies;
    struct cookie cookie;
    struct field_head head = head_of(text, sizeof text, "a=1; Secure");
    head.is_secure = false;
    cookies_init(&cookies, &head);
    ck_assert(cookies_next(&cookies, &cookie));
    ck_assert_ptr_nonnull(cookie.refused);
    head = head_of(text, sizeof text, "a=1; Domain=0.2.7");
    head.is_literal = true;
    head.host = "192.0.2.7";
    cookies_init(&cookies, &head);
    ck_assert(cookies_next(&cookies, &cookie));
    ck_assert_ptr_nonnull(cookie.refused);
}
END_TEST

static void check_sizes(size_t value_len, size_t path_len, bool is_refused)
{
    char line[8192], text[8300];
    memset(line, 'x', sizeof line);
    memcpy(line, "a=", 2);
    size_t at = 2 + value_len;
    memcpy(line + at, ";path=/", 7);
    line[at + 6 + path_len] = '\0';
    struct field_head head = head_of(text, sizeof text, line);
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, &head);
    ck_assert(cookies_next(&cookies, &cookie));
    ck_assert_int_eq(cookie.refused != NULL, is_refused);
    ck_assert_int_eq(cookie.path.at != NULL, path_len <= 1024);
}

/* Section 5.6: 4,096 bytes of name and value, 1,024 of an attribute's. */
START_TEST(sizes)
{
    check_sizes(4095, 1, false);
    check_sizes(4096, 1, true);
    check_sizes(1, 1024, false);
    check_sizes(1, 1025, false);
}
END_TEST

static const struct {
    const char *text;
    int64_t want; /* -1: none */
} dates[] = {
    {"Wed, 09 Jun 2027 10:18:14 GMT", 1812536294},
    {"Wednesday, 09-Jun-27 10:18:14 GMT", 1812536294},
    {"Wed Jun  9 10:18:14 2027", 1812536294},
    {"9 june 2027 10:18:14 +0500", 1812536294},
    {"10:18:14 2027 9 Jun", 1812536294},
    {"1:2:3 1 1 jan", -1},
    {"1:2:3 1 70 jan", 3723},
    {"1:2:3 1 69 jan", 3124227723},
    {"01:02:03x 1 jan 1970", 3723},
    {"01:02:033 1 jan 1970", -1},
    {"24:00:00 1 jan 1970", -1},
    {"00:60:00 1 jan 1970", -1},
    {"00:00:60 1 jan 1970", -1},
    {"0:0:0 31 feb 1970", -1},
    {"0:0:0 29 feb 2028", 1835395200},
    {"0:0:0 0 jan 1970", -1},
    {"0:0:0 1 jan 1600", -1},
    {"0:0:0 1 ja 1970", -1},
    {"1 jan 1970", -1},
    {"", -1},
};

START_TEST(cookie_dates)
{
    for (size_t i = 0; i < COUNT(dates); i++) {
        int64_t got = -1;
        if (!cookie_date_parse(span_of_string(dates[i].text), &got))
            got = -1;
        ck_assert_msg(got == dates[i].want, "%s: %" PRId64, dates[i].text, got);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines,
        origins,
        sizes,
        cookie_dates,
        NULL,
    };
    return run_tests("cookies", tests);
}
