/*
 * request: wishes and a target in the bytes of one request.
 */
#include "request.h"

#include "http/http.h"
#include "proxy/proxy.h"
#include "run.h"
#include "target/target.h"

#include <stdlib.h>
#include <string.h>

static struct http_field field = {HTTP_FIELD, "X", 1, "y", 1};
static struct http_field own = {
    HTTP_FIELD, "Proxy-Authorization", 19, "own", 3};

static const struct {
    const char *target, *text;
    struct request_wishes wishes;
    const char *proxy; /* NULL: none */
    bool tunnel;
} rows[] = {
    {"a.test", "GET / HTTP/1.0\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
        .wishes = {.method = "GET", .user_agent = ""}},
    {"https://a.test:80/b?c",
        "PUT /b?c HTTP/1.1\r\nHost: a.test:80\r\nAuthorization: Z\r\n"
        "User-Agent: u\r\nAccept: */*\r\nConnection: close\r\nX: y\r\n\r\n",
        .wishes = {.method = "PUT",
            .user_agent = "u",
            .authorization = "Z",
            .fields = &field,
            .field_count = 1,
            .http11 = true}},
    {"https://[::1]:443",
        "GET / HTTP/1.0\r\nHost: [::1]\r\nAccept: */*\r\n\r\n",
        .wishes = {.method = "GET"}},
    /* A proxy is told the URL, and its credentials. */
    {"[::1]:8080/b?c#d",
        "GET http://[::1]:8080/b?c HTTP/1.0\r\nHost: [::1]:8080\r\n"
        "Proxy-Authorization: Basic bWU6a2V5\r\nAccept: */*\r\n\r\n",
        .wishes = {.method = "GET"}, "http://me:key@p.test"},
    {"a.test",
        "GET http://a.test/ HTTP/1.0\r\nHost: a.test\r\n"
        "Accept: */*\r\nProxy-Authorization: own\r\n\r\n",
        .wishes = {.method = "GET", .fields = &own, .field_count = 1},
        "http://me:key@p.test"},
    /* Through a tunnel, none of both; nor to a target itself. */
    {"a.test", "GET / HTTP/1.0\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
        .wishes = {.method = "GET", .fields = &own, .field_count = 1},
        "http://me:key@p.test", true},
    {"a.test", "GET / HTTP/1.0\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
        .wishes = {.method = "GET"}, "socks5h://me:key@p.test", true},
};

static struct proxy *proxy_of(const char *url)
{
    struct proxy *proxy = NULL;
    const char *why;
    if (url)
        ck_assert_int_eq(proxy_parse(url, &proxy, &why), 0);
    return proxy;
}

START_TEST(bytes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target *target;
        const char *reason;
        size_t len;
        ck_assert_int_eq(target_parse(rows[i].target, strlen(rows[i].target),
                             &target, &reason),
            0);
        struct proxy *proxy = proxy_of(rows[i].proxy);
        struct request_turn turn = {.target = target,
            .method = rows[i].wishes.method,
            .proxy = proxy,
            .tunnel = rows[i].tunnel};
        char *text = request_write(&rows[i].wishes, &turn, &len);
        ck_assert_uint_eq(len, strlen(rows[i].text));
        ck_assert_mem_eq(text, rows[i].text, len);
        free(text);
        proxy_destroy(proxy);
        target_destroy(target);
    }
}
END_TEST

START_TEST(connecting)
{
    static const struct request_wishes wishes = {.method = "GET",
        .user_agent = "u",
        .authorization = "Z",
        .fields = &own,
        .field_count = 1};
    static const char *const texts[] = {
        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n"
        "User-Agent: u\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n"
        "Proxy-Authorization: Basic bWU6a2V5\r\nUser-Agent: u\r\n\r\n"};
    static const char *const urls[] = {"p.test", "me:key@p.test"};
    for (size_t i = 0; i < 2; i++) {
        struct proxy *proxy = proxy_of(urls[i]);
        size_t len;
        char *text = request_write_connect(&wishes, proxy, "a.test:443", &len);
        ck_assert_uint_eq(len, strlen(texts[i]));
        ck_assert_mem_eq(text, texts[i], len);
        free(text);
        proxy_destroy(proxy);
    }
}
END_TEST

int main(void)
{
    return run_tests(
        "request", (const TTest *const[]){bytes, connecting, NULL});
}
