/*
 * exchange: what is sent, what becomes of the head, in which phase it ends;
 * over a loopback socket whose other end has spoken already.
 */
#include "fetch/exchange.h"

#include "async/core/error.h"
#include "async/net/stream.h"
#include "fetch/failure.h"
#include "fetch/request.h"
#include "fetch/timings.h"
#include "input/target.h"
#include "route/proxy.h"
#include "run.h"
#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define NO_PHASE PHASE_COUNT

static const char get[] = "GET / HTTP/1.0\r\nHost: a.test\r\n"
                          "Accept: */*\r\n\r\n";
static const char connecting[] = "CONNECT b.test:1 HTTP/1.1\r\n"
                                 "Host: b.test:1\r\n\r\n";

static const struct row {
    const char *says; /* before it closes */
    bool connect;
    int result;
    int status;
    enum phase phase; /* it ended in; NO_PHASE: none was told */
} rows[] = {
    {"HTTP/1.1 204 X\r\nA: b\r\n\r\nrest", false, 0, 204, PHASE_RECEIVE},
    {"HTTP/1.1 204 X\r\nA: b\r\n\r\nrest", true, 0, 204, NO_PHASE},
    {"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 500 X\r\nA: b\r\n\r\nrest", true, 0, 500,
        NO_PHASE},
    {"", false, ASYNC_EOF, 0, PHASE_WAIT},
    {"", true, ASYNC_EOF, 0, NO_PHASE},
    {"HTTP/1.1 204 X\r\n", false, ASYNC_EOF_IN_LINE, 204, PHASE_RECEIVE},
    {"SSH-2.0\r\n", false, RESULT_FAILED, 0, PHASE_RECEIVE},
};

static void check_sent(int fd, const char *expected)
{
    char bytes[500];
    size_t len = script_close(fd, bytes, sizeof bytes);
    ck_assert_uint_eq(len, strlen(expected));
    ck_assert_mem_eq(bytes, expected, strlen(expected));
}

static void check_rest(const struct stream *stream)
{
    size_t size;
    const char *rest = stream_peek(stream, &size);
    ck_assert_uint_eq(size, 4);
    ck_assert_mem_eq(rest, "rest", 4);
}

static void run_row(const struct row *row, const struct request_turn *turn)
{
    const struct request_wishes wishes = {.user_agent = ""};
    struct timings phases;
    struct result result;
    struct stream *stream;
    int fd = script_open(&stream, row->says, strlen(row->says));
    timings_init(&phases, NULL);
    result_init(&result);
    struct exchange exchange = {
        .wishes = &wishes,
        .turn = turn,
        .connect_to = row->connect ? "b.test:1" : NULL,
        .phases = row->connect ? NULL : &phases,
        .answer = {.stream = stream,
            .result = &result,
            .max_bytes = 1000,
            .keep = true},
    };
    ck_assert_int_eq(exchange_run(&exchange), row->result);
    ck_assert_int_eq(result.response.status, row->status);
    if (row->phase != NO_PHASE)
        ck_assert_int_eq(phases.now, row->phase);
    if (row->result == 0)
        check_rest(stream);
    check_sent(fd, row->connect ? connecting : get);
    stream_close(stream);
    result_fini(&result);
}

static int run_rows(void *arg)
{
    struct target *target;
    struct proxy *proxy;
    const char *why;
    (void)arg;
    ck_assert_int_eq(target_parse("a.test", 6, &target, &why), 0);
    ck_assert_int_eq(proxy_parse("p.test", &proxy, &why), 0);
    struct request_turn direct = {.target = target, .method = "GET"};
    struct request_turn by_proxy = {.proxy = proxy};
    for (size_t i = 0; i < COUNT(rows); i++)
        run_row(&rows[i], rows[i].connect ? &by_proxy : &direct);
    proxy_destroy(proxy);
    target_destroy(target);
    return 0;
}

START_TEST(heads)
{
    struct loop *loop;
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, run_rows, NULL), 0);
    loop_destroy(loop);
}
END_TEST

int main(void)
{
    return run_tests("exchange", (const TTest *const[]){heads, NULL});
}
