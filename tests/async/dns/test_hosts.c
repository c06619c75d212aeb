/*
 * hosts: the hosts file.
 */
#include "harness.h"

#include "async/dns/hosts.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct hosts *hosts_from(const char *text)
{
    char path[32];
    struct hosts *hosts = NULL;
    int fd = text_file(text, path);
    ck_assert_int_eq(hosts_create(&hosts, path), 0);
    close(fd);
    return hosts;
}

/* "192.0.2.1 192.0.2.2", or "-": not a name of the file. */
static const char *found(
    const struct hosts *hosts, const char *name, int family)
{
    static char text[2000];
    union address addresses[8];
    char one[INET6_ADDRSTRLEN];
    text[0] = '\0';
    if (!hosts_find(hosts, name)) {
        ck_assert_uint_eq(
            hosts_addresses(hosts, name, family, addresses, 8), 0);
        return "-";
    }
    size_t count = hosts_addresses(hosts, name, family, addresses, 8);
    for (size_t i = 0; i < count; i++) {
        const union address *a = &addresses[i];
        ck_assert_int_eq(a->sa.sa_family, family);
        ck_assert_int_eq(a->in.sin_port, 0);
        inet_ntop(family,
            family == AF_INET ? (const void *)&a->in.sin_addr
                              : (const void *)&a->in6.sin6_addr,
            one, sizeof one);
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", one);
    }
    return text;
}

START_TEST(lines_name_addresses)
{
    static const struct {
        const char *file, *name, *v4, *v6;
    } cases[] = {
        {"192.0.2.1 a", "a", "192.0.2.1", ""},
        {"192.0.2.1 a\n", "a", "192.0.2.1", ""},
        {"192.0.2.1 a\r\n", "a", "192.0.2.1", ""},
        {" \t192.0.2.1\t\t a \t\n", "a", "192.0.2.1", ""},
        {"2001:db8::1 a\n", "a", "", "2001:db8::1"},
        {"192.0.2.1 a b c\n", "b", "192.0.2.1", ""},
        {"192.0.2.1 a b c\n", "c", "192.0.2.1", ""},
        {"192.0.2.1 a b c\n", "d", "-", "-"},
        {"192.0.2.1 a.Example\n", "A.eXAMPLE", "192.0.2.1", ""},
        {"192.0.2.1 a@b\n", "a`b", "-", "-"},
        {"192.0.2.2 a\n::1 a\n192.0.2.1 a\n", "a", "192.0.2.2 192.0.2.1",
            "::1"},
        {"# 192.0.2.1 a\n192.0.2.2 b # a\n", "a", "-", "-"},
        {"192.0.2.2 b#a\n", "b", "192.0.2.2", ""},
        {"192.0.2.2 b #a\n", "#a", "-", "-"},
        {"\n\n  \n#\n192.0.2.1 a\n", "a", "192.0.2.1", ""},
        {"192.0.2.1\na\n", "a", "-", "-"},
        {"192.0.2 a\n192.0.2.256 a\nx a\n1.2.3.4.5 a\n", "a", "-", "-"},
        {"fe80::1%lo a\n", "a", "", "fe80::1"},
        {"fe80::1%no-such-one a\n", "a", "", "fe80::1"},
        {"%lo a\n192.0.2.1%lo b\n", "a", "-", "-"},
        {"192.0.2.1%lo b\n", "b", "-", "-"},
        {"", "a", "-", "-"},
        {"192.0.2.1 a", "", "-", "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hosts *hosts = hosts_from(cases[i].file);
        ck_assert_str_eq(found(hosts, cases[i].name, AF_INET), cases[i].v4);
        ck_assert_str_eq(found(hosts, cases[i].name, AF_INET6), cases[i].v6);
        hosts_destroy(hosts);
    }
}
END_TEST

START_TEST(a_scope_is_kept)
{
    union address address;
    struct hosts *hosts = hosts_from("fe80::1%lo a\nfe80::1 b\n");
    ck_assert_uint_eq(hosts_addresses(hosts, "a", AF_INET6, &address, 1), 1);
    ck_assert_uint_eq(address.in6.sin6_scope_id, if_nametoindex("lo"));
    ck_assert_uint_eq(hosts_addresses(hosts, "b", AF_INET6, &address, 1), 1);
    ck_assert_uint_eq(address.in6.sin6_scope_id, 0);
    hosts_destroy(hosts);
}
END_TEST

START_TEST(no_more_addresses_than_asked_for)
{
    union address addresses[3];
    struct hosts *hosts =
        hosts_from("192.0.2.1 a\n192.0.2.2 a\n192.0.2.3 a\n192.0.2.4 a\n");
    memset(&addresses[2], 0x55, sizeof addresses[2]);
    union address untouched = addresses[2];
    ck_assert_uint_eq(hosts_addresses(hosts, "a", AF_INET, addresses, 2), 2);
    ck_assert_mem_eq(&addresses[2], &untouched, sizeof untouched);
    ck_assert_uint_eq(hosts_addresses(hosts, "a", AF_INET, addresses, 0), 0);
    hosts_destroy(hosts);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_has_no_names)
{
    char fifo[] = "/tmp/afetch-fifo-XXXXXX";
    close(mkstemp(fifo));
    unlink(fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    const char *const paths[] = {
        "/nowhere/hosts", "/", "/dev/null", fifo, "/dev/zero"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct hosts *hosts = NULL;
        ck_assert_int_eq(hosts_create(&hosts, paths[i]), 0);
        ck_assert(!hosts_find(hosts, "localhost"));
        hosts_destroy(hosts);
    }
    hosts_destroy(NULL);
    unlink(fifo);
}
END_TEST

/* More names than buckets, and a line of any length. */
START_TEST(a_large_file_keeps_its_names)
{
    enum { NAMES = 10000, ROOM = NAMES * 32 };
    char *text = malloc(ROOM), name[32];
    size_t used = 0;
    for (int i = 0; i < NAMES; i++)
        used += (size_t)snprintf(text + used, ROOM - used, "10.0.%d.%d n%d%s",
            i / 250, i % 250, i, i % 3 ? "\n" : " also\n");
    used += (size_t)snprintf(text + used, ROOM - used, "::1");
    while (used < ROOM - 8)
        used += (size_t)snprintf(text + used, ROOM - used, " long");
    struct hosts *hosts = hosts_from(text);
    for (int i = 0; i < NAMES; i += 7) {
        char expected[32];
        snprintf(name, sizeof name, "N%d", i);
        snprintf(expected, sizeof expected, "10.0.%d.%d", i / 250, i % 250);
        ck_assert_str_eq(found(hosts, name, AF_INET), expected);
    }
    ck_assert_str_eq(found(hosts, "n10000", AF_INET), "-");
    ck_assert_str_eq(found(hosts, "also", AF_INET),
        "10.0.0.0 10.0.0.3 10.0.0.6 10.0.0.9 10.0.0.12 10.0.0.15 10.0.0.18 "
        "10.0.0.21");
    hosts_destroy(hosts);
    free(text);
}
END_TEST

SUITE("hosts", lines_name_addresses, a_scope_is_kept,
    no_more_addresses_than_asked_for, a_file_that_cannot_be_read_has_no_names,
    a_large_file_keeps_its_names)
