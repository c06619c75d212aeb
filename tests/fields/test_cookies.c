/*
 * cookies: as a browser stores them (RFC 6265bis); most of it is in
 * test_cases.c.
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
        origins,
        sizes,
        cookie_dates,
        NULL,
    };
    return run_tests("cookies", tests);
}
