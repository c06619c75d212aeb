/*
 * fetch: requests, redirects and retries of one target, against a server that
 * follows a script, a connection a line of it.
 */
#include "fetch/fetch.h"

#include "async/core/loop.h"
#include "async/core/task.h"
#include "fetch/request.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxies.h"
#include "route/route.h"
#include "run.h"
#include "server.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- the table --- */

static const struct row {
    const char *target;
    const char *says[SERVER_TURNS_MAX + 1];
    bool follow;
    unsigned retries;
    int status;
    enum fetch_error error;
    int attempts;
    size_t hops;
    const char *final_url;
    const char *asked[SERVER_TURNS_MAX + 1];
} rows[] = {
    {"a.test", {"HTTP/1.1 204 X\r\nA: b\r\n\r\n"}, false, 0, 204, FETCH_OK, 1,
        0, "http://a.test/", {"GET / HTTP/1.0"}},
    {"a.test/x?y", {"HTTP/1.1 301 X\r\nLocation: /z\r\n\r\n"}, false, 0, 301,
        FETCH_OK, 1, 0, "http://a.test/x?y", {"GET /x?y HTTP/1.0"}},
    {"a.test/x",
        {"HTTP/1.1 301 X\r\nLocation: z\r\n\r\n",
            "HTTP/1.1 302 X\r\nLocation: http://b.test/\r\n\r\n",
            "HTTP/1.1 200 X\r\n\r\n"},
        true, 0, 200, FETCH_OK, 1, 3, "http://b.test/",
        {"GET /x HTTP/1.0", "GET /z HTTP/1.0", "GET / HTTP/1.0"}},
    {"a.test", {"HTTP/1.1 302 X\r\nLocation: ftp://b.test/\r\n\r\n"}, true, 0,
        0, FETCH_BAD_REDIRECT, 1, 1, "http://a.test/", {"GET / HTTP/1.0"}},
    {"a.test", {"HTTP/1.1 302 X\r\n\r\n"}, true, 0, 302, FETCH_OK, 1, 1,
        "http://a.test/", {"GET / HTTP/1.0"}},
    {"a.test",
        {"HTTP/1.1 302 X\r\nLocation: /\r\n\r\n",
            "HTTP/1.1 302 X\r\nLocation: /\r\n\r\n"},
        true, 0, 0, FETCH_REDIRECT_LOOP, 1, 2, "http://a.test/",
        {"GET / HTTP/1.0", "GET / HTTP/1.0"}},
    {"a.test",
        {"HTTP/1.1 302 X\r\nLocation: /1\r\n\r\n",
            "HTTP/1.1 302 X\r\nLocation: /2\r\n\r\n",
            "HTTP/1.1 302 X\r\nLocation: /3\r\n\r\n",
            "HTTP/1.1 302 X\r\nLocation: /4\r\n\r\n"},
        true, 0, 0, FETCH_TOO_MANY_REDIRECTS, 1, 4, "http://a.test/3",
        {"GET / HTTP/1.0", "GET /1 HTTP/1.0", "GET /2 HTTP/1.0",
            "GET /3 HTTP/1.0"}},
    {"a.test", {""}, false, 0, 0, FETCH_EMPTY_REPLY, 1, 0, "http://a.test/",
        {"GET / HTTP/1.0"}},
    {"a.test", {"HTTP/1.1 200 X\r\nA: b\r\n"}, false, 0, 0, FETCH_TRUNCATED, 1,
        0, "http://a.test/", {"GET / HTTP/1.0"}},
    {"a.test", {"SSH-2.0\r\n"}, false, 2, 0, FETCH_NOT_HTTP, 1, 0,
        "http://a.test/", {"GET / HTTP/1.0"}},
    {"a.test",
        {"HTTP/1.1 503 X\r\n\r\n", "HTTP/1.1 503 X\r\n\r\n",
            "HTTP/1.1 200 X\r\n\r\n"},
        false, 2, 200, FETCH_OK, 3, 0, "http://a.test/",
        {"GET / HTTP/1.0", "GET / HTTP/1.0", "GET / HTTP/1.0"}},
    {"a.test", {"HTTP/1.1 503 X\r\n\r\n", "HTTP/1.1 503 Y\r\n\r\n"}, false, 1,
        503, FETCH_OK, 2, 0, "http://a.test/",
        {"GET / HTTP/1.0", "GET / HTTP/1.0"}},
};

static void check_outcome(const struct row *row, const struct result *result)
{
    size_t i = (size_t)(row - rows);
    ck_assert_msg(
        result->response.status == row->status && result->error == row->error &&
            result->attempts == row->attempts && result->hop_count == row->hops,
        "row %zu: status %d, error %d (%s), %d attempts, %zu hops", i,
        result->response.status, (int)result->error, result_message(result),
        result->attempts, result->hop_count);
    ck_assert_msg(strcmp(result_final(result)->url, row->final_url) == 0,
        "row %zu: %s", i, result_final(result)->url);
}

static void check_asked(const struct row *row, const struct server *server)
{
    int i = 0;
    for (; row->asked[i]; i++)
        ck_assert_str_eq(server->asked[i], row->asked[i]);
    ck_assert_int_eq(server->count, i);
}

static void check_row(const struct row *row)
{
    struct server server;
    struct proxies none = {0};
    struct target *target;
    struct result result;
    const char *why;
    server_open(&server, "127.0.0.1", row->says);
    const struct connect_rule here = {
        .to_host = "127.0.0.1", .to_port = server.port};
    const struct fetch_config config = {
        .max_time = 30 * LOOP_SECOND,
        .connect.timeout = 30 * LOOP_SECOND,
        .connect.routes = {.connect = &here, .connect_count = 1},
        .connect.proxies = &none,
        .max_header_size = 1000,
        .max_chain_size = 4000,
        .request = {.method = "GET", .user_agent = ""},
        .keep_head = true,
        .follow = row->follow,
        .max_redirs = 3,
        .retries = row->retries,
    };
    ck_assert_int_eq(
        target_parse(row->target, strlen(row->target), &target, &why), 0);
    result_init(&result);
    result.input = row->target;
    result.target = target;
    fetch(&config, target, &result);
    server_close(&server);
    check_outcome(row, &result);
    check_asked(row, &server);
    result_fini(&result);
    target_destroy(target);
}

static int check_rows(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    return 0;
}

START_TEST(scripts)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, check_rows, NULL), 0);
    loop_destroy(loop);
}
END_TEST

int main(void)
{
    return run_tests("fetch", (const TTest *const[]){scripts, NULL});
}
