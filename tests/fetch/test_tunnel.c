/*
 * tunnel: what a proxy is told, which replies open the way, and what is said
 * of those that do not.
 */
#include "fetch/tunnel.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "fetch/request.h"
#include "record/result.h"
#include "route/proxy.h"
#include "route/route.h"
#include "run.h"
#include "script.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* Bytes with NULs among them. */
#define BYTES(text) text, sizeof(text) - 1

static const struct row {
    const char *proxy;
    const char *says;
    size_t says_len;
    int result;
    enum fetch_error error;
    const char *message; /* a part of it */
    const char *sent;
    size_t sent_len;
} rows[] = {
    {"p.test", BYTES("HTTP/1.1 200 OK\r\n\r\nrest"), 0, FETCH_OK, "",
        BYTES("CONNECT b.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n")},
    {"p.test", BYTES("HTTP/1.0 299 X\r\nA: b\r\n\r\nrest"), 0, FETCH_OK, "",
        BYTES("CONNECT b.test:443 HTTP/1.1\r\nHost: b.test:443\r\n\r\n")},
    {"me:pw@p.test", BYTES("HTTP/1.1 200 OK\r\n\r\nrest"), 0, FETCH_OK, "",
        BYTES("CONNECT b.test:443 HTTP/1.1\r\nHost: b.test:443\r\n"
              "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n")},
    {"p.test", BYTES("HTTP/1.1 407 Login\r\n\r\n"), RESULT_FAILED,
        FETCH_PROXY_LOGIN, "user name and password", NULL, 0},
    {"me:pw@p.test", BYTES("HTTP/1.1 407 Login\r\n\r\n"), RESULT_FAILED,
        FETCH_PROXY_LOGIN, "rejected", NULL, 0},
    {"p.test", BYTES("HTTP/1.1 403 No way\x1b\r\n\r\n"), RESULT_FAILED,
        FETCH_PROXY_REFUSED, "403 No way\\x1b", NULL, 0},
    {"p.test", BYTES("HTTP/1.1 502 Bad\r\n\r\n"), RESULT_FAILED,
        FETCH_PROXY_FAILED, "502 Bad", NULL, 0},
    {"p.test", BYTES(""), RESULT_FAILED, FETCH_EMPTY_REPLY, "", NULL, 0},
    {"p.test", BYTES("SSH-2.0-x\r\n"), RESULT_FAILED, FETCH_NOT_HTTP, "SSH",
        NULL, 0},
    {"p.test", BYTES("\5\0"), RESULT_FAILED, FETCH_NOT_HTTP, "socks5h://", NULL,
        0},

    {"socks5h://p.test", BYTES("\5\0\5\0\0\1\0\0\0\0\0\0rest"), 0, FETCH_OK, "",
        BYTES("\5\1\0\5\1\0\3\6b.test\1\xbb")},
    {"socks5h://me:pw@p.test", BYTES("\5\2\1\0\5\0\0\1\0\0\0\0\0\0rest"), 0,
        FETCH_OK, "", BYTES("\5\2\0\2\1\2me\2pw\5\1\0\3\6b.test\1\xbb")},
    {"socks5h://p.test", BYTES("\5\0\5\0\0\3\3abc\0\0rest"), 0, FETCH_OK, "",
        NULL, 0},
    {"socks5h://p.test",
        BYTES("\5\0\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0rest"), 0,
        FETCH_OK, "", NULL, 0},
    {"socks5h://p.test", BYTES("\5\xff"), RESULT_FAILED, FETCH_PROXY_LOGIN, "",
        NULL, 0},
    {"socks5h://me:pw@p.test", BYTES("\5\2\1\1"), RESULT_FAILED,
        FETCH_PROXY_LOGIN, "", NULL, 0},
    {"socks5h://p.test", BYTES("\5\0\5\2\0\1\0\0\0\0\0\0"), RESULT_FAILED,
        FETCH_PROXY_REFUSED, "", NULL, 0},
    {"socks5h://p.test", BYTES("\5\0\5\5\0\1\0\0\0\0\0\0"), RESULT_FAILED,
        FETCH_PROXY_FAILED, "refused", NULL, 0},
    {"socks5h://p.test", BYTES("\5\0"), RESULT_FAILED, FETCH_PROXY_FAILED, "",
        NULL, 0},
    {"socks5h://p.test", BYTES(""), RESULT_FAILED, FETCH_EMPTY_REPLY,
        "http proxy?", NULL, 0},
    {"socks5h://p.test", BYTES("\4\0"), RESULT_FAILED, FETCH_NOT_SOCKS, "",
        NULL, 0},
    {"socks5h://p.test", BYTES("HTTP/1.1 400 Bad\r\n\r\n"), RESULT_FAILED,
        FETCH_NOT_SOCKS, "", NULL, 0},
};

static void check_rest(const struct stream *stream)
{
    size_t size;
    const char *rest = stream_peek(stream, &size);
    ck_assert_uint_eq(size, 4);
    ck_assert_mem_eq(rest, "rest", 4);
}

static void check_row(const struct row *row, const struct proxy *proxy)
{
    const struct request_wishes wishes = {.user_agent = ""};
    const struct route to = {.name = "b.test", .port = 443};
    struct result result;
    struct stream *stream;
    char sent[500];
    bool has_content = false;
    int fd = script_open(&stream, row->says, row->says_len);
    result_init(&result);
    const struct tunnel tunnel = {.stream = stream,
        .proxy = proxy,
        .to = &to,
        .wishes = &wishes,
        .max_header_size = 1000,
        .result = &result,
        .has_content = &has_content};
    int got = tunnel_open(&tunnel);
    const char *code = fetch_error_name(result.error);
    ck_assert_msg(got == row->result && result.error == row->error,
        "row %zu: %d, %s: %s", (size_t)(row - rows), got, code ? code : "ok",
        result_message(&result));
    ck_assert_msg(strstr(result_message(&result), row->message) != NULL,
        "row %zu: %s", (size_t)(row - rows), result_message(&result));
    if (got == 0)
        check_rest(stream);
    else
        ck_assert_int_eq(result.error_phase, PHASE_CONNECT);
    size_t len = script_close(fd, sent, sizeof sent);
    if (row->sent) {
        ck_assert_uint_eq(len, row->sent_len);
        ck_assert_mem_eq(sent, row->sent, len);
    }
    stream_close(stream);
    result_fini(&result);
}

static int check_rows(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct proxy *proxy;
        const char *why;
        ck_assert_int_eq(proxy_parse(rows[i].proxy, &proxy, &why), 0);
        check_row(&rows[i], proxy);
        proxy_destroy(proxy);
    }
    return 0;
}

START_TEST(replies)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, check_rows, NULL), 0);
    loop_destroy(loop);
}
END_TEST

int main(void)
{
    return run_tests("tunnel", (const TTest *const[]){replies, NULL});
}
