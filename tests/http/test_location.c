/*
 * location by tables: RFC 3986 section 5.4's own examples first.
 */
#include "http/location.h"

#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char rfc_base[] = "http://a/b/c/d;p?q";

static const struct {
    const char *base, *value;
    const char *url; /* or what is wrong */
} rows[] = {
    /* Section 5.4.1. */
    {rfc_base, "g:h", "scheme is neither http nor https"},
    {rfc_base, "g", "http://a/b/c/g"},
    {rfc_base, "./g", "http://a/b/c/g"},
    {rfc_base, "g/", "http://a/b/c/g/"},
    {rfc_base, "/g", "http://a/g"},
    {rfc_base, "//g", "http://g/"},
    {rfc_base, "?y", "http://a/b/c/d;p?y"},
    {rfc_base, "g?y", "http://a/b/c/g?y"},
    {rfc_base, "#s", "http://a/b/c/d;p?q"},
    {rfc_base, "g#s", "http://a/b/c/g"},
    {rfc_base, "g?y#s", "http://a/b/c/g?y"},
    {rfc_base, ";x", "http://a/b/c/;x"},
    {rfc_base, "g;x", "http://a/b/c/g;x"},
    {rfc_base, "g;x?y#s", "http://a/b/c/g;x?y"},
    {rfc_base, "", "http://a/b/c/d;p?q"},
    {rfc_base, ".", "http://a/b/c/"},
    {rfc_base, "./", "http://a/b/c/"},
    {rfc_base, "..", "http://a/b/"},
    {rfc_base, "../", "http://a/b/"},
    {rfc_base, "../g", "http://a/b/g"},
    {rfc_base, "../..", "http://a/"},
    {rfc_base, "../../", "http://a/"},
    {rfc_base, "../../g", "http://a/g"},
    /* Section 5.4.2. */
    {rfc_base, "../../../g", "http://a/g"},
    {rfc_base, "../../../../g", "http://a/g"},
    {rfc_base, "/./g", "http://a/g"},
    {rfc_base, "/../g", "http://a/g"},
    {rfc_base, "g.", "http://a/b/c/g."},
    {rfc_base, ".g", "http://a/b/c/.g"},
    {rfc_base, "g..", "http://a/b/c/g.."},
    {rfc_base, "..g", "http://a/b/c/..g"},
    {rfc_base, "./../g", "http://a/b/g"},
    {rfc_base, "./g/.", "http://a/b/c/g/"},
    {rfc_base, "g/./h", "http://a/b/c/g/h"},
    {rfc_base, "g/../h", "http://a/b/c/h"},
    {rfc_base, "g;x=1/./y", "http://a/b/c/g;x=1/y"},
    {rfc_base, "g;x=1/../y", "http://a/b/c/y"},
    {rfc_base, "g?y/./x", "http://a/b/c/g?y/./x"},
    {rfc_base, "g?y/../x", "http://a/b/c/g?y/../x"},
    {rfc_base, "g#s/../x", "http://a/b/c/g"},
    {rfc_base, "http:g", "no host"},
    /* Whole URLs. */
    {rfc_base, "http://b.test", "http://b.test/"},
    {rfc_base, "HTTPS://B.test:443/x/../y?z", "https://B.test/y?z"},
    {rfc_base, "https://b.test:80?z", "https://b.test:80/?z"},
    {rfc_base, "https://b.test#z", "https://b.test/"},
    {rfc_base, "https://[2001:db8::1]:1/", "https://[2001:db8::1]:1/"},
    {rfc_base, "//b.test:8080/..", "http://b.test:8080/"},
    {"https://a.test:8443/x", "//b.test/", "https://b.test/"},
    {"https://a.test:8443/x?y", "?z", "https://a.test:8443/x?z"},
    {"https://a.test:8443/x?y", "/z", "https://a.test:8443/z"},
    {"[::1]:81", "z", "http://[::1]:81/z"},
    {"a.test/x?y/z", "w", "http://a.test/w"},
    {"a.test/x//y/", "../z", "http://a.test/x//z"},
    {"a.test/../x", "?z", "http://a.test/../x?z"},
    {rfc_base, "?", "http://a/b/c/d;p?"},
    {rfc_base, "/a//../b", "http://a/a/b"},
    {rfc_base, "/%2e%2e/g", "http://a/%2e%2e/g"},
    {rfc_base, "/x?a:b@c", "http://a/x?a:b@c"},
    {rfc_base, "/x:y@z", "http://a/x:y@z"},
    {rfc_base, "./x:y", "http://a/b/c/x:y"},
    /* Bytes that do not belong. */
    {rfc_base, "/a b?c d", "http://a/a%20b?c%20d"},
    {rfc_base, "/\xc3\xbc\xff?\x80", "http://a/%C3%BC%FF?%80"},
    {rfc_base,
        "//b\xc3\xbc"
        "cher.test/",
        "http://xn--bcher-kva.test/"},
    {rfc_base, "/a\tb", "control character"},
    {rfc_base, "/a\rb", "control character"},
    {rfc_base, "/a#\x1b", "control character"},
    {rfc_base, "/a\x7f", "control character"},
    {rfc_base, "http://user@b.test/", "user name or password in the target"},
    {rfc_base, "//user:pass@b.test", "user name or password in the target"},
    {rfc_base, "ftp://b.test/", "scheme is neither http nor https"},
    {rfc_base, "javascript:alert(1)", "scheme is neither http nor https"},
    {rfc_base, "httpx://b.test/", "scheme is neither http nor https"},
    {rfc_base, "b.test:8080/x", "scheme is neither http nor https"},
    {rfc_base, "http:/b.test/", "no host"},
    {rfc_base, "http:///b.test/", "no host"},
    {rfc_base, "//", "no host"},
    {rfc_base, "///x", "no host"},
    {rfc_base, "//b.test:0/", "port out of range"},
    {rfc_base, "//b.test:00/", "port out of range"},
    {rfc_base, "//b.test:x/",
        "port is not a number (URLs begin with http:// or https://)"},
    {rfc_base, "//:/", "no host"},
    {rfc_base, "//:80/", "no host"},
    {rfc_base, "//b80", "http://b80/"},
    {rfc_base, "//me:/", "http://me/"},
    {rfc_base, "//me:@b.test:/", "user name or password in the target"},
    {rfc_base, "//2001:db8::/", "an IPv6 address needs brackets here"},
    {rfc_base, "//[::", "no closing bracket"},
    {rfc_base, "//[::1]:", "http://[::1]/"},
    {rfc_base, "//[::1]:081/", "http://[::1]:81/"},
    {rfc_base, "//b.test:", "http://b.test/"},
    {rfc_base, "//b.test:?x", "http://b.test/?x"},
    {rfc_base, "https://b.test:/c", "https://b.test/c"},
    {rfc_base, "https://b.test:80/", "https://b.test:80/"},
    {rfc_base, "http://b.test:080/", "http://b.test/"},
    {rfc_base, "http://b.test:0000000000000000443/", "http://b.test:443/"},
    {rfc_base, "//b.test:/d:/e:", "http://b.test/d:/e:"},
};

static struct target *parse(const char *line)
{
    struct target *target;
    const char *reason;
    ck_assert_int_eq(target_parse(line, strlen(line), &target, &reason), 0);
    return target;
}

/* From a block that ends where the value ends. */
static int resolve(const struct target *base, const char *value, size_t len,
    struct target **out, const char **reason)
{
    char *exact = malloc(len ? len : 1);
    memcpy(exact, value, len);
    int rc = location_resolve(base, (struct span){exact, len}, out, reason);
    free(exact);
    return rc;
}

START_TEST(table)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct target *base = parse(rows[i].base), *next;
        const char *reason;
        bool good = strncmp(rows[i].url, "http", 4) == 0;
        int rc =
            resolve(base, rows[i].value, strlen(rows[i].value), &next, &reason);
        ck_assert_msg((rc == 0) == good, "%s: %s", rows[i].value, reason);
        if (rc == 0) {
            ck_assert_str_eq(next->url, rows[i].url);
            target_destroy(next);
        } else {
            ck_assert_str_eq(reason, rows[i].url);
        }
        target_destroy(base);
    }
}
END_TEST

/* Whatever stands anywhere, what comes out is fit for a request. */
START_TEST(any_byte_anywhere)
{
    struct target *base = parse("http://a.test/b?c"), *next;
    const char form[] = "http://b.test:81/p?q#f", *reason;
    for (size_t at = 0; at < sizeof form - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char value[sizeof form];
            memcpy(value, form, sizeof form);
            value[at] = (char)byte;
            if (resolve(base, value, sizeof form - 1, &next, &reason))
                continue;
            for (const char *c = next->url; *c; c++)
                ck_assert(*c > ' ' && *c < 0x7f);
            target_destroy(next);
        }
    }
    target_destroy(base);
}
END_TEST

START_TEST(cut_at_every_length)
{
    struct target *base = parse("http://a.test/b?c"), *next;
    const char form[] = "https://[2001:db8::1%25x]:81/p/../q?r#f", *reason;
    for (size_t len = 0; len < sizeof form; len++)
        if (resolve(base, form, len, &next, &reason) == 0)
            target_destroy(next);
    target_destroy(base);
}
END_TEST

START_TEST(length)
{
    static char value[LOCATION_MAX + 2];
    struct target *base = parse("http://a.test/"), *next;
    const char *reason;
    size_t most = LOCATION_MAX - strlen("http://a.test");
    memset(value, 'x', sizeof value);
    *value = '/';
    ck_assert_int_eq(resolve(base, value, most, &next, &reason), 0);
    ck_assert_uint_eq(strlen(next->url), LOCATION_MAX);
    target_destroy(next);
    ck_assert_int_eq(resolve(base, value, most + 1, &next, &reason), -EINVAL);
    ck_assert_str_eq(reason, "longer than 66560 bytes");
    memcpy(value + 1, "../../../", 9);
    ck_assert_int_eq(resolve(base, value, most + 1, &next, &reason), -EINVAL);
    target_destroy(base);
}
END_TEST

/* The list's own address is the host's, not the target's. */
START_TEST(pinned_address)
{
    struct target *base = parse("a.test 192.0.2.7"), *next;
    struct span same = {"https://A.test/", 15}, other = {"//b.test", 8};
    const char *reason;
    ck_assert_int_eq(location_resolve(base, same, &next, &reason), 0);
    ck_assert(next->has_address && !next->literal);
    ck_assert_uint_eq(
        next->address.in.sin_addr.s_addr, base->address.in.sin_addr.s_addr);
    ck_assert_uint_eq(ntohs(next->address.in.sin_port), 443);
    target_destroy(next);
    ck_assert_int_eq(location_resolve(base, other, &next, &reason), 0);
    ck_assert(!next->has_address);
    target_destroy(next);
    target_destroy(base);
}
END_TEST

START_TEST(pinned_address_v6)
{
    struct target *base = parse("a.test 2001:db8::7"), *next;
    struct span same = {"https://a.test:81/", 18};
    const char *reason;
    ck_assert_int_eq(location_resolve(base, same, &next, &reason), 0);
    ck_assert(next->has_address);
    ck_assert_mem_eq(&next->address.in6.sin6_addr, &base->address.in6.sin6_addr,
        sizeof next->address.in6.sin6_addr);
    ck_assert_uint_eq(ntohs(next->address.in6.sin6_port), 81);
    target_destroy(next);
    target_destroy(base);
}
END_TEST

int main(void)
{
    return run_tests("location",
        (const TTest *const[]){table, any_byte_anywhere, cut_at_every_length,
            length, pinned_address, pinned_address_v6, NULL});
}
