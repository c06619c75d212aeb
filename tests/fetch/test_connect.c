/*
 * connect: which address, which proxy, and whose fault it is when nothing
 * comes of it.
 */
#include "fetch/connect.h"

#include "async/core/loop.h"
#include "async/core/task.h"
#include "async/net/stream.h"
#include "async/tls/tls.h"
#include "fetch/request.h"
#include "fetch/timings.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxies.h"
#include "run.h"
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct target *target_of(const char *text)
{
    struct target *target;
    const char *why;
    ck_assert_int_eq(target_parse(text, strlen(text), &target, &why), 0);
    return target;
}

/* --- whom the request goes to --- */

static const struct turn_row {
    const char *proxy, *connect_to_host; /* or NULL */
    const char *target;
    bool proxied, tunnel;
} turn_rows[] = {
    {NULL, NULL, "http://a.test", false, false},
    {"http://p.test", NULL, "http://a.test", true, false},
    {"http://p.test", NULL, "https://a.test", true, true},
    {"http://p.test", "b.test", "http://a.test", true, true},
    {"socks5h://p.test", NULL, "http://a.test", true, true},
    {"socks5://p.test", NULL, "https://a.test", true, true},
};

START_TEST(a_turn_knows_its_proxy)
{
    const struct turn_row *row = &turn_rows[_i];
    struct connect_rule rule = {.to_host = (char *)row->connect_to_host};
    struct proxies proxies = {0};
    struct target *target = target_of(row->target);
    struct request_turn turn = {.target = target};
    const char *why;
    if (row->proxy)
        ck_assert_int_eq(proxies_give(&proxies, row->proxy, &why), 0);
    const struct connect_config config = {.proxies = &proxies,
        .routes = {.connect = &rule, .connect_count = !!row->connect_to_host}};
    connect_find_turn(&config, &turn);
    ck_assert_int_eq(turn.proxy != NULL, row->proxied);
    ck_assert_int_eq(turn.tunnel, row->tunnel);
    ck_assert_int_eq(connect_proxy_url(&turn) != NULL, row->proxied);
    target_destroy(target);
    proxies_fini(&proxies);
}
END_TEST

/* --- the connection --- */

/* The ports of a row's addresses. */
enum port { OPEN, CLOSED };

static const struct row {
    const char *target; /* its port is the row's */
    enum port port;
    const char *addresses[3]; /* of --resolve; none: no rule */
    int family;
    int error;
    enum fetch_error told;
    const char *remote; /* NULL: nobody was tried */
} rows[] = {
    {"http://127.0.0.1", OPEN, {0}, AF_UNSPEC, 0, FETCH_OK, "127.0.0.1"},
    {"http://127.0.0.1", CLOSED, {0}, AF_UNSPEC, -ECONNREFUSED, FETCH_OK,
        "127.0.0.1"},
    /* An address that the user names is of either family. */
    {"http://127.0.0.1", OPEN, {0}, AF_INET6, 0, FETCH_OK, "127.0.0.1"},
    {"http://a.test", OPEN, {"127.0.0.1"}, AF_UNSPEC, 0, FETCH_OK, "127.0.0.1"},
    /* The second is tried when the first refuses. */
    {"http://a.test", OPEN, {"127.0.0.9", "127.0.0.1"}, AF_UNSPEC, 0, FETCH_OK,
        "127.0.0.1"},
    /* The last one tried. */
    {"http://a.test", CLOSED, {"127.0.0.1", "127.0.0.9"}, AF_UNSPEC,
        -ECONNREFUSED, FETCH_OK, "127.0.0.9"},
    {"http://a.test", OPEN, {"127.0.0.1"}, AF_INET6, RESULT_FAILED,
        FETCH_NODATA, NULL},
    /* What answers is no TLS. */
    {"https://127.0.0.1", OPEN, {0}, AF_UNSPEC, 0, FETCH_TLS_NOT_TLS,
        "127.0.0.1"},
};

struct trial {
    const struct row *row;
    struct server server;
    uint16_t port;
    struct target *target;
    union address addresses[3];
    struct resolve_rule rule;
};

static void trial_open(struct trial *trial, const struct row *row)
{
    static const char *const says[] = {"SSH-2.0-x\r\n", NULL};
    char text[100];
    trial->row = row;
    server_open(&trial->server, "127.0.0.1", says);
    trial->port = row->port == OPEN ? trial->server.port : server_closed_port();
    snprintf(text, sizeof text, "%s:%u", row->target, trial->port);
    trial->target = target_of(text);
    trial->rule = (struct resolve_rule){
        .host = "*", .port = trial->port, .addresses = trial->addresses};
    for (; row->addresses[trial->rule.count]; trial->rule.count++) {
        union address *address = &trial->addresses[trial->rule.count];
        address->in = (struct sockaddr_in){.sin_family = AF_INET};
        inet_pton(
            AF_INET, row->addresses[trial->rule.count], &address->in.sin_addr);
    }
}

static void trial_close(struct trial *trial)
{
    server_close(&trial->server);
    target_destroy(trial->target);
}

static void check_remote(const struct row *row, const struct result *result)
{
    const union address *remote = &result->response.remote;
    char text[INET_ADDRSTRLEN] = "";
    if (!row->remote) {
        ck_assert_int_eq(remote->sa.sa_family, AF_UNSPEC);
        return;
    }
    inet_ntop(AF_INET, &remote->in.sin_addr, text, sizeof text);
    ck_assert_str_eq(text, row->remote);
}

static void connect_trial(struct trial *trial, struct tls *tls)
{
    const struct row *row = trial->row;
    struct proxies none = {0};
    struct result result;
    struct timings phases;
    const struct connect_config config = {
        .tls = tls,
        .routes = {.resolve = &trial->rule,
            .resolve_count = trial->rule.count > 0},
        .proxies = &none,
        .family = row->family,
        .timeout = 30 * LOOP_SECOND,
    };
    struct connect connect = {.config = &config,
        .target = trial->target,
        .max_header_size = 1000,
        .phases = &phases,
        .result = &result};
    result_init(&result);
    timings_init(&phases, NULL);
    int error = connect_server(&connect);
    ck_assert_msg(
        row->told == FETCH_TLS_NOT_TLS ? error < 0 : error == row->error,
        "row %zu: %d", (size_t)(row - rows), error);
    if (error != RESULT_FAILED && row->told == FETCH_OK)
        ck_assert_int_eq(connect.stream != NULL, error == 0);
    if (error == RESULT_FAILED)
        ck_assert_int_eq(result.error, row->told);
    check_remote(row, &result);
    if (connect.stream)
        stream_close(connect.stream);
    result_fini(&result);
}

static int check_rows(void *arg)
{
    struct tls *tls = arg;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial trial = {0};
        trial_open(&trial, &rows[i]);
        connect_trial(&trial, tls);
        trial_close(&trial);
    }
    return 0;
}

START_TEST(to_the_first_that_answers)
{
    static const struct tls_config tls_config = {0};
    struct loop *loop;
    struct tls *tls;
    ck_assert_int_eq(tls_create(&tls, &tls_config), 0);
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, check_rows, tls), 0);
    loop_destroy(loop);
    tls_destroy(tls);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("connect");
    tcase_add_loop_test(tcase, a_turn_knows_its_proxy, 0, COUNT(turn_rows));
    tcase_add_test(tcase, to_the_first_that_answers);
    return run_case("connect", tcase);
}
