/*
 * literal by tables: no short form, no octal, zones by number and name.
 */
#include "input/literal.h"

#include "run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct span span(const char *text)
{
    return (struct span){text, strlen(text)};
}

static const struct {
    const char *text;
    uint32_t address; /* host byte order; 0: none */
} ipv4[] = {
    {"127.0.0.1", 0x7f000001},
    {"192.0.2.7", 0xc0000207},
    {"255.255.255.255", 0xffffffff},
    {"0.0.0.1", 1},
    {"127.1", 0},
    {"0x7f.0.0.1", 0},
    {"127.0.0.01", 0},
    {"0177.0.0.1", 0},
    {"2130706433", 0},
    {"256.1.1.1", 0},
    {"1.2.3", 0},
    {"1.2.3.4.", 0},
    {"1.2.3.4.5", 0},
    {"1.2.3.4 ", 0},
    {" 1.2.3.4", 0},
    {"1..2.3", 0},
    {"1.2.3.-4", 0},
    {"", 0},
    {"h", 0},
    {"::1", 0},
    {"1111111111111111111111111111111", 0},
};

START_TEST(ipv4_table)
{
    for (size_t i = 0; i < COUNT(ipv4); i++) {
        struct sockaddr_in in = {.sin_family = AF_UNSPEC};
        bool rc = literal_ipv4(span(ipv4[i].text), &in);
        ck_assert_msg(rc == (ipv4[i].address != 0), "%s", ipv4[i].text);
        ck_assert_uint_eq(ntohl(in.sin_addr.s_addr), ipv4[i].address);
        ck_assert_int_eq(in.sin_family, rc ? AF_INET : AF_UNSPEC);
        ck_assert_int_eq(in.sin_port, 0);
    }
}
END_TEST

#define NOT_V6 "not an IPv6 address"
#define NO_ZONE "no such network interface"

static const struct {
    const char *text;
    bool bracketed;
    const char *address; /* NULL: none */
    uint32_t zone;
    const char *wrong;
} ipv6[] = {
    {"::", false, "::", 0, NULL},
    {"::1", false, "::1", 0, NULL},
    {"2001:DB8::0007", true, "2001:db8::7", 0, NULL},
    {"1:2:3:4:5:6:7:8", false, "1:2:3:4:5:6:7:8", 0, NULL},
    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", false,
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0, NULL},
    {"fe80::1%1", false, "fe80::1", 1, NULL},
    {"fe80::1%1", true, "fe80::1", 1, NULL},
    {"fe80::1%251", false, "fe80::1", 251, NULL},
    {"fe80::1%251", true, "fe80::1", 1, NULL},
    {"fe80::1%2525", true, "fe80::1", 25, NULL},
    {"fe80::1%25", true, "fe80::1", 25, NULL},
    {"fe80::1%25", false, "fe80::1", 25, NULL},
    {"fe80::1%4294967295", false, "fe80::1", 4294967295, NULL},
    {"fe80::1%4294967296", false, NULL, 0, NO_ZONE},
    {"fe80::1%99999999999999999999999999999999", false, NULL, 0, NO_ZONE},
    {"fe80::1%0", false, NULL, 0, NO_ZONE},
    {"fe80::1%-1", false, NULL, 0, NO_ZONE},
    {"fe80::1%", false, NULL, 0, NO_ZONE},
    {"fe80::1%nope0", false, NULL, 0, NO_ZONE},
    {"fe80::1%an-interface-of-too-long-a-name", false, NULL, 0, NO_ZONE},
    {"%1", false, NULL, 0, NOT_V6},
    {"", false, NULL, 0, NOT_V6},
    {":", false, NULL, 0, NOT_V6},
    {"1:2:3:4:5:6:7", false, NULL, 0, NOT_V6},
    {"1:2:3:4:5:6:7:8:9", false, NULL, 0, NOT_V6},
    {"::1::", false, NULL, 0, NOT_V6},
    {"::12345", false, NULL, 0, NOT_V6},
    {"::g", false, NULL, 0, NOT_V6},
    {"[::1]", true, NULL, 0, NOT_V6},
    {"::1 ", false, NULL, 0, NOT_V6},
    {"127.0.0.1", false, NULL, 0, NOT_V6},
    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", false, NULL, 0,
        NOT_V6},
};

START_TEST(ipv6_table)
{
    for (size_t i = 0; i < COUNT(ipv6); i++) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_UNSPEC};
        char text[INET6_ADDRSTRLEN];
        const char *wrong =
            literal_ipv6(span(ipv6[i].text), ipv6[i].bracketed, &in6);
        ck_assert_msg(!wrong == !ipv6[i].wrong, "%s", ipv6[i].text);
        if (wrong) {
            ck_assert_str_eq(wrong, ipv6[i].wrong);
            ck_assert_int_eq(in6.sin6_family, AF_UNSPEC);
            continue;
        }
        inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
        ck_assert_str_eq(text, ipv6[i].address);
        ck_assert_uint_eq(in6.sin6_scope_id, ipv6[i].zone);
        ck_assert_int_eq(in6.sin6_family, AF_INET6);
        ck_assert_int_eq(in6.sin6_port, 0);
    }
}
END_TEST

/* What the next look-up of an interface fails with; 0: it does not. */
static int failing;

unsigned __real_if_nametoindex(const char *name);
unsigned __wrap_if_nametoindex(const char *name);
unsigned __wrap_if_nametoindex(const char *name)
{
    if (failing == 0)
        return strcmp(name, "eth7") == 0 ? 7 : __real_if_nametoindex(name);
    errno = failing;
    return 0;
}

START_TEST(zone_by_name)
{
    struct sockaddr_in6 in6;
    ck_assert_ptr_null(literal_ipv6(span("fe80::1%eth7"), false, &in6));
    ck_assert_uint_eq(in6.sin6_scope_id, 7);
    ck_assert_ptr_null(literal_ipv6(span("fe80::1%25eth7"), true, &in6));
    ck_assert_uint_eq(in6.sin6_scope_id, 7);
    ck_assert_str_eq(
        literal_ipv6(span("fe80::1%25eth7"), false, &in6), NO_ZONE);
}
END_TEST

/* Too many open files are no reason to deny an interface. */
START_TEST(zone_not_looked_up)
{
    struct sockaddr_in6 in6;
    failing = EMFILE;
    ck_assert_str_eq(literal_ipv6(span("fe80::1%eth7"), false, &in6),
        "cannot look up the network interface");
    failing = ENODEV;
    ck_assert_str_eq(literal_ipv6(span("fe80::1%eth7"), false, &in6), NO_ZONE);
}
END_TEST

int main(void)
{
    return run_tests("literal", (const TTest *const[]){ipv4_table, ipv6_table,
                                    zone_by_name, zone_not_looked_up, NULL});
}
