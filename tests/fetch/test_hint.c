/*
 * hint: what is suggested after which answer or failure.
 */
#include "fetch/hint.h"

#include "async/tls/tls_info.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxy.h"
#include "run.h"

#include <string.h>

enum way { DIRECT, BY_PROXY, TUNNEL };

static const struct row {
    const char *target;
    const char *method;
    enum way way;
    bool http11;
    int status; /* or 0, and these: */
    enum fetch_error error;
    enum phase phase;
    bool is_http;
    const char *hint; /* a part of it; NULL: there is none */
} rows[] = {
    {"a.test", "GET", .status = 426, .hint = "--http1.1"},
    {"a.test", "GET", .status = 505, .hint = "--http1.1"},
    {"a.test", "GET", .status = 505, .http11 = true},
    {"a.test", "HEAD", .status = 505, .hint = "--http1.1"},
    {"a.test", "GET", BY_PROXY, .status = 407, .hint = "its URL"},
    {"a.test", "GET", TUNNEL, .status = 407},
    {"a.test", "GET", .status = 407},
    {"a.test", "HEAD", .status = 405, .hint = "without -I"},
    {"a.test", "HEAD", .status = 501, .hint = "without -I"},
    {"https://a.test", "HEAD", .status = 405, .hint = "without -I"},
    {"a.test", "HEAD", BY_PROXY, .status = 501, .hint = "without -I"},
    {"a.test", "HEAD", .status = 404},
    {"a.test", "GET", .status = 405},
    {"a.test", "OPTIONS", .status = 501},
    {"a.test", "head", .status = 405},
    {"a.test:443", "GET", .status = 400, .hint = "try https://"},
    {"a.test:8443", "HEAD", .status = 400, .hint = "try https://"},
    {"a.test:443", "GET", .status = 200},
    {"a.test:443", "GET", .status = 404},
    {"a.test", "GET", .status = 400},
    {"https://a.test", "GET", .status = 400},
    {"a.test:443", "GET", .error = FETCH_EMPTY_REPLY, .phase = PHASE_WAIT,
        .hint = "try https://"},
    {"a.test:8443", "GET", .error = FETCH_RESET, .phase = PHASE_SEND,
        .hint = "try https://"},
    {"a.test:443", "GET", TUNNEL, .error = FETCH_RESET, .phase = PHASE_RECEIVE,
        .hint = "try https://"},
    {"a.test:443", "GET", .error = FETCH_RESET, .phase = PHASE_CONNECT},
    {"a.test:443", "GET", .error = FETCH_TIMEOUT, .phase = PHASE_WAIT},
    {"a.test:443", "GET", .error = FETCH_TRUNCATED, .phase = PHASE_RECEIVE},
    {"a.test:443", "GET", BY_PROXY, .error = FETCH_EMPTY_REPLY,
        .phase = PHASE_WAIT},
    {"a.test", "GET", .error = FETCH_EMPTY_REPLY, .phase = PHASE_WAIT},
    {"https://a.test", "GET", .error = FETCH_EMPTY_REPLY, .phase = PHASE_WAIT},
    {"https://a.test", "GET", .error = FETCH_TLS_NOT_TLS, .phase = PHASE_TLS,
        .is_http = true, .hint = "try http://"},
    {"https://a.test", "GET", .error = FETCH_TLS_NOT_TLS, .phase = PHASE_TLS},
    {"https://a.test", "GET", .error = FETCH_TLS_ALERT, .phase = PHASE_TLS,
        .is_http = true},
};

static struct target *target_of(const char *line)
{
    struct target *target;
    const char *reason;
    ck_assert_int_eq(target_parse(line, strlen(line), &target, &reason), 0);
    return target;
}

static void check_row(const struct row *row)
{
    struct target *target = target_of(row->target);
    struct proxy *proxy = NULL;
    const char *why;
    struct result result;
    struct tls_info tls = {.is_http = row->is_http};
    ck_assert_int_eq(proxy_parse("p.test", &proxy, &why), 0);
    const struct request_wishes wishes = {.http11 = row->http11};
    const struct request_turn turn = {.target = target,
        .method = row->method,
        .proxy = row->way == DIRECT ? NULL : proxy,
        .tunnel = row->way == TUNNEL};
    result_init(&result);
    result.response.tls = &tls;
    result.response.status = row->status;
    result.error = row->error;
    result.error_phase = row->phase;
    const char *hint = hint_find(&wishes, &turn, &result);
    ck_assert_int_eq(hint != NULL, row->hint != NULL);
    ck_assert(!hint || strstr(hint, row->hint));
    proxy_destroy(proxy);
    target_destroy(target);
}

START_TEST(table)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}
END_TEST

/* Any other answer has none. */
START_TEST(of_each_status)
{
    struct target *target = target_of("a.test");
    const struct request_wishes wishes = {.http11 = false};
    const struct request_turn turn = {.target = target, .method = "GET"};
    struct result result;
    result_init(&result);
    for (int status = 100; status <= 999; status++) {
        result.response.status = status;
        ck_assert_int_eq(hint_find(&wishes, &turn, &result) != NULL,
            status == 426 || status == 505);
    }
    target_destroy(target);
}
END_TEST

static const char *const pages[] = {
    "<title>400 The plain HTTP request was sent to HTTPS port</title>",
    "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
    "Client sent an HTTP request to an HTTPS server.\n",
    "Bad Request\r\nThis combination of host and port requires TLS.\r\n",
};

START_TEST(in_content)
{
    struct target *plain = target_of("a.test:8080");
    struct target *tls = target_of("https://a.test");
    const struct request_turn turn = {.target = plain, .method = "GET"};
    const struct request_turn by_tls = {.target = tls, .method = "GET"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t len = strlen(pages[i]);
        ck_assert_ptr_eq(hint_content(&turn, 400, pages[i], len), HINT_HTTPS);
        ck_assert_ptr_null(hint_content(&turn, 400, pages[i], len / 2));
        ck_assert_ptr_null(hint_content(&turn, 200, pages[i], len));
        ck_assert_ptr_null(hint_content(&by_tls, 400, pages[i], len));
    }
    ck_assert_ptr_null(hint_content(&turn, 400, "", 0));
    ck_assert_ptr_null(hint_content(&turn, 400, "Bad Request", 11));
    target_destroy(plain);
    target_destroy(tls);
}
END_TEST

int main(void)
{
    return run_tests("hint",
        (const TTest *const[]){table, of_each_status, in_content, NULL});
}
