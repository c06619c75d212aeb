/*
 * proxy: URLs by tables, secrets in none that is shown, cut at every length,
 * and the n-th allocation failing.
 */
#include "route/proxy.h"

#include "input/target.h"
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static int countdown; /* 1: the next allocation fails */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
    return --countdown == 0 ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return --countdown == 0 ? NULL : __real_calloc(count, size);
}

/* user and password, or for http the field. */
static const struct {
    const char *text, *url, *user, *password;
} good[] = {
    {"proxy.test", "http://proxy.test:1080", NULL, NULL},
    {"proxy.test:3128", "http://proxy.test:3128", NULL, NULL},
    {"http://proxy.test:80/", "http://proxy.test:80", NULL, NULL},
    {"HTTP://P.test.:8", "http://P.test:8", NULL, NULL},
    {"socks5h://127.0.0.1", "socks5h://127.0.0.1:1080", NULL, NULL},
    {"Socks5://[::1]:65535", "socks5://[::1]:65535", NULL, NULL},
    {"socks://127.0.0.1:1080/", "socks5h://127.0.0.1:1080", NULL, NULL},
    {"SOCKS://me:x@p.test", "socks5h://p.test:1080", "me", "x"},
    {"[2001:db8::1]", "http://[2001:db8::1]:1080", NULL, NULL},
    {"http://b\xc3\xbc"
     "cher.example:1",
        "http://xn--bcher-kva.example:1", NULL, NULL},
    {"@p.test", "http://p.test:1080", NULL, NULL},
    {"http://me:secret@p.test:1", "http://p.test:1", "Basic bWU6c2VjcmV0", ""},
    {"me@p.test", "http://p.test:1080", "Basic bWU6", ""},
    {"me:@p.test", "http://p.test:1080", "Basic bWU6", ""},
    {"socks5h://me:secret@p.test:1", "socks5h://p.test:1", "me", "secret"},
    {"socks5h://me@p.test", "socks5h://p.test:1080", "me", ""},
    {"socks5h://:x@p.test", "socks5h://p.test:1080", "", "x"},
    {"socks5h://%6de%3a:%40%2f%%2x%4@p.test", "socks5h://p.test:1080",
        "me:", "@/%%2x%4"},
    {"socks5h://a@b:c:d@p.test", "socks5h://p.test:1080", "a@b", "c:d"},
};

static void check_text(const char *found, const char *expected)
{
    ck_assert_msg(!found == !expected && (!found || !strcmp(found, expected)),
        "\"%s\", not \"%s\"", found ? found : "none",
        expected ? expected : "none");
}

START_TEST(good_urls)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        struct proxy *proxy;
        const char *why;
        ck_assert_msg(
            !proxy_parse(good[i].text, &proxy, &why), "%s", good[i].text);
        check_text(proxy->url, good[i].url);
        if (proxy->kind == PROXY_HTTP) {
            check_text(proxy->authorization, good[i].user);
        } else {
            check_text(proxy->user, good[i].user);
            check_text(proxy->password, good[i].password);
        }
        proxy_destroy(proxy);
    }
}
END_TEST

START_TEST(parts)
{
    struct proxy *proxy;
    const char *why;
    ck_assert(!proxy_parse("socks5://192.0.2.7:99", &proxy, &why));
    ck_assert_int_eq(proxy->kind, PROXY_SOCKS5);
    ck_assert_str_eq(proxy->server->host, "192.0.2.7");
    ck_assert_uint_eq(proxy->server->port, 99);
    ck_assert(proxy->server->has_address);
    proxy_destroy(proxy);
    ck_assert(!proxy_parse("socks5h://p.test.", &proxy, &why));
    ck_assert_int_eq(proxy->kind, PROXY_SOCKS5H);
    ck_assert(proxy->server->absolute);
    proxy_destroy(proxy);
    proxy_destroy(NULL);
}
END_TEST

#define SCHEME "has an unknown scheme: http, socks5h and socks5 are supported"
#define HTTPS                                                                  \
    "is an https proxy, which is not supported: http, socks5h and socks5 "     \
    "are"
#define SOCKS4                                                                 \
    "is a SOCKS 4 proxy, which is not supported: http, socks5h and socks5 are"
#define HOST "has a host that is neither a name nor an IP address"
#define PORT "has a port that is not 1 to 65535"
#define CONTROL "has a control character in its user name or password"

static const struct {
    const char *text, *why;
} bad[] = {
    {"", HOST},
    {"http://", HOST},
    {"http://me:secret@", HOST},
    {"https://p.test:443", HTTPS},
    {"socks4://p.test", SOCKS4},
    {"Socks4a://p.test", SOCKS4},
    {"socks4b://p.test", SCHEME},
    {"sock://p.test", SCHEME},
    {"ftp://p.test", SCHEME},
    {"://p.test", SCHEME},
    {"http://p.test/proxy.pac", "has a path"},
    {"p.test?x", "has a path"},
    {"p.test#", "has a path"},
    {"p.test:", PORT},
    {"p.test:0", PORT},
    {"p.test:080", PORT},
    {"p.test:65536", PORT},
    {"p.test:123456", PORT},
    {"p.test:http", PORT},
    {"me:secret", PORT},
    {"p.test:-1", PORT},
    {"[::1]x", PORT},
    {"[::1", HOST},
    {"[p.test]:1", HOST},
    {"127.1", HOST},
    {"a..b", HOST},
    {"%2fp.test", HOST},
    {"::1", "has an IPv6 address without brackets"},
    {"p.test ", "contains a blank or a control character"},
    {"p.test\r\nEvil: 1", "contains a blank or a control character"},
    {"a%0d:b@p.test", CONTROL},
    {"a:b%00c@p.test", CONTROL},
    {"socks5h://a:%7f@p.test", CONTROL},
};

START_TEST(bad_urls)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct proxy *proxy;
        const char *why = NULL;
        ck_assert_msg(proxy_parse(bad[i].text, &proxy, &why) == -EINVAL, "%s",
            bad[i].text);
        check_text(why, bad[i].why);
    }
}
END_TEST

START_TEST(long_secrets)
{
    char text[1024];
    for (size_t len = 254; len <= 256; len++) {
        struct proxy *proxy;
        const char *why = NULL;
        memset(text, 'x', sizeof text);
        memcpy(text, "socks5h://", 10);
        strcpy(text + 10 + len, ":p@p.test");
        ck_assert_int_eq(
            proxy_parse(text, &proxy, &why), len > 255 ? -EINVAL : 0);
        if (len > 255)
            ck_assert_str_eq(
                why, "has a user name or password longer than 255 bytes");
        else
            proxy_destroy(proxy);
        memcpy(text + 3, "http://", 7);
        ck_assert_int_eq(proxy_parse(text + 3, &proxy, &why), 0);
        proxy_destroy(proxy);
    }
}
END_TEST

/* Whatever is cut off, nothing breaks; what is shown holds no secret. */
START_TEST(cut_at_every_length)
{
    static const char whole[] = "socks5h://me:sesame%41@[::1]:3128/";
    for (size_t len = 0; len < sizeof whole; len++) {
        char *text = strndup(whole, len);
        struct proxy *proxy;
        const char *why = NULL;
        if (proxy_parse(text, &proxy, &why) == 0) {
            ck_assert_ptr_null(strstr(proxy->url, "sesame"));
            proxy_destroy(proxy);
        } else {
            ck_assert_ptr_nonnull(why);
        }
        free(text);
    }
}
END_TEST

static int parse_failing_at(int n, const char *text)
{
    struct proxy *proxy;
    const char *why;
    countdown = n;
    int error = proxy_parse(text, &proxy, &why);
    countdown = 0;
    if (!error)
        proxy_destroy(proxy);
    return error;
}

START_TEST(nth_allocation)
{
    static const char *const texts[] = {
        "http://me:secret@p.test:1", "socks5h://me:secret@b\xc3\xbc.test"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        int n = 1;
        while (parse_failing_at(n, texts[i]) == -ENOMEM)
            n++;
        ck_assert_int_gt(n, 6);
        ck_assert_int_eq(parse_failing_at(n, texts[i]), 0);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "proxy", (const TTest *const[]){good_urls, parts, bad_urls,
                     long_secrets, cut_at_every_length, nth_allocation, NULL});
}
