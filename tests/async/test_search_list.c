/*
 * search_list: the names that stand for a name.
 */
#include "harness.h"

#include "async/search_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static struct search_list *list_from(const char *text)
{
    char path[32];
    struct search_list *list = NULL;
    int fd = text_file(text, path);
    ck_assert_int_eq(search_list_create(&list, path), 0);
    close(fd);
    return list;
}

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
        struct search_list *list = list_from(cases[i].file);
        ck_assert_str_eq(names(list, cases[i].name), cases[i].expected);
        search_list_destroy(list);
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
            struct search_list *list = NULL;
            own_name = cases[j][0];
            ck_assert_int_eq(search_list_create(&list, paths[i]), 0);
            ck_assert_str_eq(names(list, "a"), cases[j][1]);
            search_list_destroy(list);
        }
}
END_TEST

START_TEST(no_memory)
{
    char path[32];
    struct search_list *list = NULL;
    int fd = text_file("search one\n", path);
    for (int n = 1; n <= 2; n++) {
        failing = n;
        ck_assert_int_eq(search_list_create(&list, path), -ENOMEM);
        ck_assert_ptr_null(list);
    }
    failing = 0;
    close(fd);
}
END_TEST

SUITE("search_list", lines_say_what_is_searched,
    without_a_list_it_is_the_hosts_own_domain, no_memory)
