/*
 * no_proxy: lists and hosts by a table.
 */
#include "route/no_proxy.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct {
    const char *list, *host;
    bool has;
} cases[] = {
    {"", "a.test", false},
    {",", "a.test", false},
    {" , ,, ", "a.test", false},
    {"*", "a.test", true},
    {" * ", "::1", true},
    {"*,b.test", "a.test", false}, /* only alone */
    {"*.test", "a.test", false},
    {"a.test", "a.test", true},
    {"A.Test", "a.tEST", true},
    {"a.test", "www.a.test", true},
    {".a.test", "www.a.test", true},
    {".a.test", "a.test", true},
    {"a.test.", "a.test", true},
    {".", "a.test", false},
    {"..", "a.test", false},
    {"..a.test", "a.test", false},
    {"a.test", "nota.test", false},
    {"a.test", "a.test.example", false},
    {"www.a.test", "a.test", false},
    {"test", "a.test", true},
    {"a.test:80", "a.test", false}, /* ports are in no entry */
    {"b.test,a.test", "a.test", true},
    {"b.test a.test", "a.test", true},
    {"b.test\ta.test", "a.test", true},
    {",,b.test , a.test,", "x.a.test", true},
    {"b.test,c.test", "a.test", false},
    {"192.0.2.7", "192.0.2.7", true},
    {"192.0.2.7", "192.0.2.70", false},
    {"2.7", "192.0.2.7", false}, /* an address has no domain */
    {"192.0.2.7", "www.192.0.2.7", true}, /* what a name has */
    {".192.0.2.7", "192.0.2.7", false},
    {"192.0.2.0/24", "192.0.2.7", true},
    {"192.0.2.0/24", "192.0.3.7", false},
    {"192.0.2.0/23", "192.0.3.7", true},
    {"192.0.2.99/24", "192.0.2.7", true},
    {"10.0.0.0/8", "10.255.0.1", true},
    {"10.0.0.0/8", "11.0.0.1", false},
    {"192.0.2.7/32", "192.0.2.7", true},
    {"192.0.2.6/31", "192.0.2.7", true},
    {"192.0.2.6/32", "192.0.2.7", false},
    {"0.0.0.0/0", "192.0.2.7", true},
    {"0.0.0.0/0", "::1", false},
    {"0.0.0.0/0", "a.test", false},
    {"192.0.2.7/33", "192.0.2.7", false},
    {"192.0.2.7/", "192.0.2.7", false},
    {"192.0.2.7/-1", "192.0.2.7", false},
    {"192.0.2.7/x", "192.0.2.7", false},
    {"192.0.2.7/99999999999999999999", "192.0.2.7", false},
    {"/8", "192.0.2.7", false},
    {"::1", "::1", true},
    {"0:0::1", "::1", true},
    {"::1", "::2", false},
    {"2001:db8::/32", "2001:db8:9::1", true},
    {"2001:db8::/32", "2001:db9::1", false},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"::/0", "::1", true},
    {"::1/128", "::1", true},
    {"::1/129", "::1", false},
    {"::ffff:192.0.2.7", "192.0.2.7", false},
    {"fe80::1%lo", "fe80::1", false},
    {"[::1]", "::1", false},
};

START_TEST(table)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        ck_assert_msg(
            no_proxy_has(cases[i].list, cases[i].host) == cases[i].has,
            "\"%s\" and %s", cases[i].list, cases[i].host);
}
END_TEST

START_TEST(all)
{
    static const char *const others[] = {"", "**", "*,*", "a", "*.a", "a,*"};
    ck_assert(no_proxy_is_all("*"));
    ck_assert(no_proxy_is_all("\t*, "));
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!no_proxy_is_all(others[i]), "\"%s\"", others[i]);
}
END_TEST

/* Nothing is read behind the end. */
START_TEST(cut_at_every_length)
{
    static const char whole[] = "10.0.0.0/8,2001:db8::/32, .b.test,a.test.";
    static const struct {
        const char *host;
        size_t from; /* with so many bytes it is there */
    } hosts[] = {
        {"10.0.0.0", 8}, {"2001:db8::", 21}, {"x.b.test", 33}, {"a.test", 40}};
    for (size_t len = 0; len < sizeof whole; len++) {
        char *list = strndup(whole, len);
        for (size_t i = 0; i < COUNT(hosts); i++)
            if (len <= hosts[i].from)
                ck_assert_msg(
                    no_proxy_has(list, hosts[i].host) == (len == hosts[i].from),
                    "\"%s\" and %s", list, hosts[i].host);
        free(list);
    }
}
END_TEST

int main(void)
{
    return run_tests("no_proxy",
        (const TTest *const[]){table, all, cut_at_every_length, NULL});
}
