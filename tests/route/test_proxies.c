/*
 * proxies: which one a target has, by what the user and the environment say.
 */
#include "route/proxies.h"

#include "input/target.h"
#include "run.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* An environment: "name=value" up to a NULL. */
static const char *const *environment;

static char *get(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; environment[i]; i++)
        if (!strncmp(environment[i], name, len) && environment[i][len] == '=')
            return (char *)environment[i] + len + 1;
    return NULL;
}

/* What http://a.test/ and https://a.test/ go through; NULL: nothing. */
static const struct {
    const char *environment[8];
    const char *give, *except; /* NULL: not given */
    const char *http, *https;
} cases[] = {
    {{NULL}, NULL, NULL, NULL, NULL},
    {{NULL}, "p", NULL, "http://p:1080", "http://p:1080"},
    {{NULL}, "", NULL, NULL, NULL},
    {{"http_proxy=p"}, NULL, NULL, "http://p:1080", NULL},
    {{"HTTP_PROXY=p"}, NULL, NULL, NULL, NULL}, /* httpoxy */
    {{"https_proxy=p"}, NULL, NULL, NULL, "http://p:1080"},
    {{"HTTPS_PROXY=p"}, NULL, NULL, NULL, "http://p:1080"},
    {{"HTTPS_PROXY=P", "https_proxy=p"}, NULL, NULL, NULL, "http://p:1080"},
    {{"all_proxy=socks5h://p:1"}, NULL, NULL, "socks5h://p:1", "socks5h://p:1"},
    {{"ALL_PROXY=p", "http_proxy=h"}, NULL, NULL, "http://h:1080",
        "http://p:1080"},
    {{"http_proxy=", "https_proxy=", "HTTPS_PROXY=s", "all_proxy=p"}, NULL,
        NULL, "http://p:1080", "http://s:1080"},
    {{"http_proxy=h", "all_proxy=p"}, "g", NULL, "http://g:1080",
        "http://g:1080"},
    {{"http_proxy=h", "all_proxy=p"}, "", NULL, NULL, NULL},
    {{"http_proxy=h", "no_proxy=b.test"}, NULL, NULL, "http://h:1080", NULL},
    {{"http_proxy=h", "no_proxy=b,a.test"}, NULL, NULL, NULL, NULL},
    {{"http_proxy=h", "NO_PROXY=test"}, NULL, NULL, NULL, NULL},
    {{"http_proxy=h", "NO_PROXY=test", "no_proxy=b"}, NULL, NULL,
        "http://h:1080", NULL},
    {{"http_proxy=h", "no_proxy=test"}, NULL, "", "http://h:1080", NULL},
    {{"http_proxy=h", "no_proxy=b"}, NULL, "a.test", NULL, NULL},
    {{"no_proxy=test"}, "p", NULL, NULL, NULL},
    {{"no_proxy=*"}, "p", NULL, NULL, NULL},
    {{"no_proxy=*"}, "p", "", "http://p:1080", "http://p:1080"},
    {{NULL}, "p", "*", NULL, NULL},
    /* What is not used may be bad. */
    {{"all_proxy=ftp://x", "http_proxy=h", "https_proxy=s"}, NULL, NULL,
        "http://h:1080", "http://s:1080"},
    {{"all_proxy=ftp://x"}, "p", NULL, "http://p:1080", "http://p:1080"},
    {{"all_proxy=ftp://x", "no_proxy=*"}, NULL, NULL, NULL, NULL},
};

static const char *found(const struct proxies *proxies, const char *line)
{
    struct target *target;
    const char *reason;
    ck_assert(!target_parse(line, strlen(line), &target, &reason));
    const struct proxy *proxy = proxies_find(proxies, target);
    target_destroy(target);
    return proxy ? proxy->url : "none";
}

START_TEST(table)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct proxies proxies = {.except = cases[i].except};
        struct proxies_fault fault;
        const char *why;
        environment = cases[i].environment;
        if (cases[i].give)
            ck_assert(!proxies_give(&proxies, cases[i].give, &why));
        ck_assert(!proxies_complete(&proxies, get, &fault));
        ck_assert_msg(!strcmp(found(&proxies, "a.test"),
                          cases[i].http ? cases[i].http : "none"),
            "row %zu: http by %s", i, found(&proxies, "a.test"));
        ck_assert_msg(!strcmp(found(&proxies, "https://a.test"),
                          cases[i].https ? cases[i].https : "none"),
            "row %zu: https by %s", i, found(&proxies, "https://a.test"));
        proxies_fini(&proxies);
        proxies_fini(&proxies);
    }
}
END_TEST

START_TEST(the_last_one_given_counts)
{
    struct proxies proxies = {.given = false};
    const char *why;
    ck_assert(!proxies_give(&proxies, "a", &why));
    ck_assert(!proxies_give(&proxies, "b", &why));
    ck_assert_str_eq(found(&proxies, "x.test"), "http://b:1080");
    ck_assert_int_eq(proxies_give(&proxies, "ftp://c", &why), -EINVAL);
    ck_assert(!proxies_give(&proxies, "", &why));
    ck_assert_str_eq(found(&proxies, "x.test"), "none");
    proxies_fini(&proxies);
}
END_TEST

START_TEST(the_bad_variable_is_named)
{
    static const char *const all[] = {
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < COUNT(all); i++) {
        char line[64];
        const char *const lines[] = {line, NULL};
        struct proxies proxies = {.given = false};
        struct proxies_fault fault = {NULL, NULL};
        strcat(strcpy(line, all[i]), "=https://p");
        environment = lines;
        ck_assert_int_eq(proxies_complete(&proxies, get, &fault), -EINVAL);
        ck_assert_str_eq(fault.variable, all[i]);
        ck_assert_ptr_nonnull(strstr(fault.why, "https"));
        proxies_fini(&proxies);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "proxies", (const TTest *const[]){table, the_last_one_given_counts,
                       the_bad_variable_is_named, NULL});
}
