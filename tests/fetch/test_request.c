/*
 * request: wishes and a target in the bytes of one request.
 */
#include "fetch/request.h"

#include "http/http.h"
#include "input/target.h"
#include "route/proxy.h"
#include "run.h"

#include <errno.h>
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
        struct request_bytes text;
        ck_assert_int_eq(target_parse(rows[i].target, strlen(rows[i].target),
                             &target, &reason),
            0);
        struct proxy *proxy = proxy_of(rows[i].proxy);
        struct request_turn turn = {.target = target,
            .method = rows[i].wishes.method,
            .proxy = proxy,
            .tunnel = rows[i].tunnel};
        ck_assert_int_eq(request_write(&rows[i].wishes, &turn, &text), 0);
        ck_assert_uint_eq(text.len, strlen(rows[i].text));
        ck_assert_mem_eq(text.at, rows[i].text, text.len);
        free(text.at);
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
        struct request_bytes text;
        ck_assert_int_eq(
            request_write_connect(&wishes, proxy, "a.test:443", &text), 0);
        ck_assert_uint_eq(text.len, strlen(texts[i]));
        ck_assert_mem_eq(text.at, texts[i], text.len);
        free(text.at);
        proxy_destroy(proxy);
    }
}
END_TEST

/* A line end that is not its own: nothing is written, in room of any size. */
START_TEST(no_line_end_of_others)
{
    static char agents[][700] = {"u\r\nX: y", "u\n", "u\r"};
    struct proxy *proxy = proxy_of("p.test");
    struct target *target;
    const char *reason;
    ck_assert_int_eq(target_parse("a.test", 6, &target, &reason), 0);
    struct request_turn turn = {.target = target, .method = "GET"};
    for (size_t i = 0; i < 2 * sizeof agents / sizeof *agents; i++) {
        char *agent = agents[i / 2];
        struct request_bytes text = {NULL, 7};
        struct request_wishes wishes = {.user_agent = agent};
        if (i % 2) /* more than most requests are */
            memset(agent + strlen(agent), 'x', sizeof *agents - 10);
        ck_assert_int_eq(request_write(&wishes, &turn, &text), -EINVAL);
        ck_assert_int_eq(
            request_write_connect(&wishes, proxy, "a.test:443", &text),
            -EINVAL);
        ck_assert_ptr_null(text.at);
        ck_assert_uint_eq(text.len, 7);
    }
    target_destroy(target);
    proxy_destroy(proxy);
}
END_TEST

int main(void)
{
    return run_tests("request",
        (const TTest *const[]){bytes, connecting, no_line_end_of_others, NULL});
}
