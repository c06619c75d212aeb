/*
 * resolv_conf: what the file says, and the names that stand for a name.
 */
#include "harness.h"

#include "async/dns/resolv_conf.h"
#include "async/dns/search_list.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "a.one a.two a", in the order they are asked. */
static const char *names(const struct search_list *list, const char *name)
{
    static char text[4000];
    char full[300];
    const char *one;
    text[0] = '\0';
    for (int step = 0;
         (one = search_list_name(list, name, step, full, sizeof full));
         step++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", step ? " " : "", one);
    }
    return text;
}

static void read_text(struct resolv_conf *conf, const char *text)
{
    char path[32];
    int fd = text_file(text, path);
    ck_assert_int_eq(resolv_conf_read(conf, path), 0);
    close(fd);
}

/* "ADDRESS PORT ADDRESS%SCOPE PORT | timeout attempts [rotate] [use-vc]" */
static const char *describe(const struct resolv_conf *conf)
{
    static char all[1000];
    size_t used = 0;
    for (size_t i = 0; i < conf->server_count; i++) {
        const union address *server = &conf->servers[i];
        bool v6 = server->sa.sa_family == AF_INET6;
        char text[INET6_ADDRSTRLEN], scope[16] = "";
        inet_ntop(server->sa.sa_family,
            v6 ? (const void *)&server->in6.sin6_addr : &server->in.sin_addr,
            text, sizeof text);
        if (v6 && server->in6.sin6_scope_id)
            snprintf(scope, sizeof scope, "%%%u", server->in6.sin6_scope_id);
        used +=
            (size_t)snprintf(all + used, sizeof all - used, "%s%s %u ", text,
                scope, ntohs(v6 ? server->in6.sin6_port : server->in.sin_port));
    }
    snprintf(all + used, sizeof all - used, "| %d %d%s%s", conf->timeout,
        conf->attempts, conf->rotate ? " rotate" : "",
        conf->use_vc ? " use-vc" : "");
    return all;
}

#define SERVERS(text) text " | 0 0"

START_TEST(lines_say_who_is_asked_and_how)
{
    static const char *const cases[][2] = {
        {"nameserver 192.0.2.1\nnameserver 2001:db8::1\n",
            SERVERS("192.0.2.1 53 2001:db8::1 53")},
        {"nameserver fe80::1%lo\n", SERVERS("fe80::1%1 53")},
        {"nameserver fe80::1%7\n", SERVERS("fe80::1%7 53")},
        {"nameserver fe80::1%none\n", SERVERS("fe80::1 53")},
        {"nameserver\t 192.0.2.1 \t\r\n", SERVERS("192.0.2.1 53")},
        {"nameserver 192.0.2.1# one\nnameserver 192.0.2.2;two\n",
            SERVERS("192.0.2.1 53 192.0.2.2 53")},
        {"nameserver 192.0.2.1", SERVERS("192.0.2.1 53")},
        {"nameserver 127.1\n", SERVERS("127.0.0.1 53")},
        {"nameserver 0.0.0.0\n", SERVERS("0.0.0.0 53")},
        {"nameserver 192.0.2.1\nnameserver 192.0.2.1\n",
            SERVERS("192.0.2.1 53")},
        {"nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\n"
         "nameserver 1.1.1.4\n",
            SERVERS("1.1.1.1 53 1.1.1.2 53 1.1.1.3 53")},
        {"#nameserver 192.0.2.1\n;nameserver 192.0.2.1\n nameserver "
         "192.0.2.1\nNameserver 192.0.2.1\nnameservers 192.0.2.1\n"
         "nameserver\nnameserver \nnameserver ns.test\n"
         "nameserver 192.0.2.1:53\nnameserver [::1]\n",
            SERVERS("127.0.0.1 53")},
        {"", SERVERS("127.0.0.1 53")},
        {"options timeout:2 attempts:4\n", "127.0.0.1 53 | 2 4"},
        {"options timeout:99 attempts:99\n", "127.0.0.1 53 | 30 5"},
        {"options timeout:0 attempts:-3\n", "127.0.0.1 53 | 1 1"},
        {"options timeout: attempts:x\n", "127.0.0.1 53 | 1 1"},
        {"options timeout attempts\noptions xtimeout:2\n",
            SERVERS("127.0.0.1 53")},
        {"options rotate\noptions\tuse-vc edns0 timeout:3\n",
            "127.0.0.1 53 | 3 0 rotate use-vc"},
        {"options timeout:3\noptions timeout:4\n", "127.0.0.1 53 | 4 0"},
        {"sortlist 192.0.2.0\noptions inet6 trust-ad\n\xff\n",
            SERVERS("127.0.0.1 53")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct resolv_conf conf;
        read_text(&conf, cases[i][0]);
        ck_assert_str_eq(describe(&conf), cases[i][1]);
        ck_assert_ptr_nonnull(conf.search);
        resolv_conf_fini(&conf);
    }
}
END_TEST

START_TEST(a_list_says_who_is_asked)
{
    static const char *const good[][2] = {
        {"192.0.2.1", SERVERS("192.0.2.1 53")},
        {"192.0.2.1:5353,[::1]:54,[::2],::3",
            SERVERS("192.0.2.1 5353 ::1 54 ::2 53 ::3 53")},
        {"fe80::1%lo,[fe80::1%7]:5353,[fe80::2%lo]",
            SERVERS("fe80::1%1 53 fe80::1%7 5353 fe80::2%1 53")},
        {"::ffff:192.0.2.1", SERVERS("::ffff:192.0.2.1 53")},
        {"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.1",
            SERVERS("1.1.1.1 53 1.1.1.2 53 1.1.1.3 53 1.1.1.4 53")},
    };
    static const char *const bad[] = {"", ",", "192.0.2.1,", ",192.0.2.1",
        "192.0.2.256", "127.1", "ns.test", "192.0.2.1:", "192.0.2.1:0",
        "192.0.2.1:053", "192.0.2.1:65536", "192.0.2.1:5x", "[192.0.2.1]:53",
        "[::1", "[::1]53", "[::1]:", "::1]", "fe80::1%none", "fe80::1%",
        "[fe80::1%none]:53", "192.0.2.1%lo", "192.0.2.1, 192.0.2.2"};
    struct resolv_conf conf;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(resolv_conf_given(&conf, good[i][0]), 0);
        ck_assert_str_eq(describe(&conf), good[i][1]);
        ck_assert_ptr_null(conf.search);
        resolv_conf_fini(&conf);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(
            resolv_conf_given(&conf, bad[i]) == -EINVAL, "%s", bad[i]);
}
END_TEST

START_TEST(lines_say_what_is_searched)
{
    static const struct {
        const char *file, *name, *expected;
    } cases[] = {
        {"search one two\n", "a", "a.one a.two a"},
        {"search one two\n", "a.b", "a.b a.b.one a.b.two"},
        {"search one two\n", "a.", "a. a..one a..two"},
        {"search\tone \t two \t\r\n", "a", "a.one a.two a"},
        {"search one", "a", "a.one a"},
        {"search one. two..\n", "a", "a.one a.two a"},
        {"search .\n", "a", "a"},
        {"search . one\n", "a", "a.one a"},
        {"search\n", "a", "a"},
        {"domain one two\n", "a", "a.one a"},
        {"search one\nsearch two\n", "a", "a.two a"},
        {"search one\nsearch\nsearch \ndomain\t\n", "a", "a.one a"},
        {"search one two\ndomain three\n", "a", "a.three a"},
        {"domain three\nsearch one two\n", "a", "a.one a.two a"},
        {"# search one\n; search one\n search one\nsearch two\n", "a",
            "a.two a"},
        {"searching one\nsearch two\n", "a", "a.two a"},
        {"nameserver 192.0.2.1\nsortlist x\nsearch one\n", "a", "a.one a"},
        {"search 1 2 3 4 5 6 7 8\n", "a", "a.1 a.2 a.3 a.4 a.5 a.6 a.7 a.8 a"},
        {"search one\noptions ndots:2\n", "a.b", "a.b.one a.b"},
        {"search one\noptions ndots:2\n", "a.b.c", "a.b.c a.b.c.one"},
        {"options rotate ndots:0 timeout:1\nsearch one\n", "a", "a a.one"},
        {"search one\noptions ndots:-1\n", "a", "a a.one"},
        {"search one\noptions ndots:x\n", "a", "a a.one"},
        {"search one\noptions ndots:99\n", "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6",
            "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6 "
            "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.one"},
        {"search one\noptions\noptions ndots\noptions xndots:3\n", "a.b",
            "a.b a.b.one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct resolv_conf conf;
        read_text(&conf, cases[i].file);
        ck_assert_str_eq(names(conf.search, cases[i].name), cases[i].expected);
        resolv_conf_fini(&conf);
    }
}
END_TEST

/* --- what the system may refuse --- */

static int failing; /* allocations until one fails */

static bool fails(void)
{
    return failing > 0 && --failing == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

static const char *own_name; /* the host's, or NULL: there is none */

int __wrap_gethostname(char *name, size_t size);
int __wrap_gethostname(char *name, size_t size)
{
    if (!own_name)
        return -1;
    snprintf(name, size, "%s", own_name);
    return 0;
}

START_TEST(without_a_list_it_is_the_hosts_own_domain)
{
    static const char *const paths[] = {
        "/nowhere/resolv.conf", "/dev/null", "/", "/dev/null/resolv.conf"};
    static const char *const cases[][2] = {{"me.corp.test", "a.corp.test a"},
        {"me", "a"}, {"me.", "a"}, {NULL, "a"}};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        for (size_t j = 0; j < sizeof cases / sizeof *cases; j++) {
            struct resolv_conf conf;
            own_name = cases[j][0];
            ck_assert_int_eq(resolv_conf_read(&conf, paths[i]), 0);
            ck_assert_str_eq(names(conf.search, "a"), cases[j][1]);
            ck_assert_str_eq(describe(&conf), SERVERS("127.0.0.1 53"));
            resolv_conf_fini(&conf);
        }
}
END_TEST

void *__real_reallocarray(void *block, size_t count, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size)
{
    return fails() ? NULL : __real_reallocarray(block, count, size);
}

START_TEST(no_memory)
{
    char path[32];
    struct resolv_conf conf = {0};
    int fd = text_file("search one\nnameserver 192.0.2.1\n", path);
    for (int n = 1; n <= 4; n++) {
        failing = n;
        ck_assert_int_eq(resolv_conf_read(&conf, path), -ENOMEM);
        ck_assert_ptr_null(conf.servers);
    }
    failing = 1;
    ck_assert_int_eq(resolv_conf_given(&conf, "192.0.2.1"), -ENOMEM);
    failing = 0;
    close(fd);
}
END_TEST

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
static int open_error;
int __wrap_open(const char *path, int flags, ...)
{
    if (open_error) {
        errno = open_error;
        return -1;
    }
    return __real_open(path, flags);
}

START_TEST(a_shortage_is_no_empty_file)
{
    struct resolv_conf conf;
    for (size_t i = 0; i < 3; i++) {
        open_error = (const int[]){EMFILE, ENFILE, ENOMEM}[i];
        ck_assert_int_eq(resolv_conf_read(&conf, "/dev/null"), -open_error);
    }
    open_error = EACCES;
    ck_assert_int_eq(resolv_conf_read(&conf, "/dev/null"), 0);
    resolv_conf_fini(&conf);
    open_error = 0;
}
END_TEST

/* A reader would wait for ever, or read for ever. */
START_TEST(what_is_no_file_says_nothing)
{
    char fifo[] = "/tmp/afetch-fifo-XXXXXX";
    close(mkstemp(fifo));
    unlink(fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    const char *const paths[] = {fifo, "/dev/zero", "/dev/full", "/tmp"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct resolv_conf conf;
        ck_assert_int_eq(resolv_conf_read(&conf, paths[i]), 0);
        ck_assert_str_eq(describe(&conf), SERVERS("127.0.0.1 53"));
        resolv_conf_fini(&conf);
    }
    unlink(fifo);
}
END_TEST

/* Of a file without end its beginning is read, and no half of a line. */
START_TEST(a_large_file_is_read_to_a_limit)
{
    static const char first[] = "nameserver 192.0.2.1\n",
                      later[] = "nameserver 192.0.2.22\nnameserver 192.0.2.3\n";
    char *text = malloc(RESOLV_CONF_MAX + sizeof later);
    ck_assert_ptr_nonnull(text);
    for (size_t cut = 1; cut < sizeof later; cut++) {
        struct resolv_conf conf;
        memset(text, '#', RESOLV_CONF_MAX);
        memcpy(text, first, strlen(first));
        text[RESOLV_CONF_MAX - cut - 1] = '\n';
        strcpy(text + RESOLV_CONF_MAX - cut, later);
        read_text(&conf, text);
        ck_assert_str_eq(describe(&conf),
            cut == strlen(later)
                ? SERVERS("192.0.2.1 53 192.0.2.22 53 192.0.2.3 53")
            : cut > strlen("nameserver 192.0.2.22")
                ? SERVERS("192.0.2.1 53 192.0.2.22 53")
                : SERVERS("192.0.2.1 53"));
        resolv_conf_fini(&conf);
    }
    free(text);
}
END_TEST

START_TEST(a_nul_ends_its_line)
{
    static const char text[] = "nameserver 192.0.2.1\0 #\n\0nameserver 1\n"
                               "nameserver 192.0.2.2";
    char path[32];
    struct resolv_conf conf;
    int fd = text_file("", path);
    ck_assert_int_eq(write(fd, text, sizeof text), sizeof text);
    ck_assert_int_eq(resolv_conf_read(&conf, path), 0);
    ck_assert_str_eq(describe(&conf), SERVERS("192.0.2.1 53 192.0.2.2 53"));
    resolv_conf_fini(&conf);
    close(fd);
}
END_TEST

SUITE("resolv_conf", lines_say_who_is_asked_and_how, a_list_says_who_is_asked,
    lines_say_what_is_searched, without_a_list_it_is_the_hosts_own_domain,
    no_memory, a_shortage_is_no_empty_file, what_is_no_file_says_nothing,
    a_large_file_is_read_to_a_limit, a_nul_ends_its_line)
