/*
 * all_addresses: each address of a name once, and what they differ in.
 */
#include "crawl/all_addresses.h"

#include "async/core/loop.h"
#include "async/core/task.h"
#include "fetch/fetch.h"
#include "input/target.h"
#include "record/result.h"
#include "route/proxies.h"
#include "run.h"
#include "server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { ADDRESSES_MAX = 4 };

#define OK(field) "HTTP/1.1 200 X\r\nServer: " field "\r\n\r\n"

/* What each address of --resolve answers; NULL: nobody listens there. */
static const struct row {
    const char *addresses[ADDRESSES_MAX];
    const char *first, *second; /* of 127.0.0.1 and 127.0.0.2 */
    int family;
    size_t count;
    int status; /* of the target; 0: it failed */
    enum fetch_error error;
    bool agree, differ;
} rows[] = {
    {{"127.0.0.1", "127.0.0.2"}, OK("a"), OK("a"), AF_UNSPEC, 2, 200, FETCH_OK,
        true, false},
    {{"127.0.0.1", "127.0.0.2"}, OK("a"), OK("b"), AF_UNSPEC, 2, 200, FETCH_OK,
        false, true},
    /* One that fails is what became of the target. */
    {{"127.0.0.1", "127.0.0.2"}, OK("a"), NULL, AF_UNSPEC, 2, 0, FETCH_REFUSED,
        false, false},
    /* Twice the same is one. */
    {{"127.0.0.1", "127.0.0.1"}, OK("a"), NULL, AF_UNSPEC, 1, 200, FETCH_OK,
        true, false},
    {{"127.0.0.1"}, OK("a"), NULL, AF_INET6, 0, 0, FETCH_NODATA, false, false},
};

struct trial {
    const struct row *row;
    uint16_t port;
    union address addresses[ADDRESSES_MAX];
    struct resolve_rule rule;
    struct result result;
    struct target *target;
};

static void check(const struct trial *trial)
{
    const struct row *row = trial->row;
    const struct result *result = &trial->result;
    ck_assert_uint_eq(result->address_count, row->count);
    ck_assert_int_eq(result->error, row->error);
    ck_assert_int_eq(result->response.status, row->status);
    ck_assert_int_eq(result->agree, row->agree);
    ck_assert_int_eq(result->difference != NULL, row->differ);
    for (size_t i = 0; i < result->address_count; i++)
        ck_assert(strstr(result->addresses[i].input, row->addresses[i]));
}

static int fetch_trial(void *arg)
{
    static struct proxies none;
    struct trial *trial = arg;
    struct semaphore slots;
    const struct fetch_config config = {.max_time = 30 * LOOP_SECOND,
        .connect = {.timeout = 30 * LOOP_SECOND,
            .family = trial->row->family,
            .routes = {.resolve = &trial->rule, .resolve_count = 1},
            .proxies = &none},
        .max_header_size = 1000,
        .max_chain_size = 4000,
        .request = {.method = "GET", .user_agent = ""},
        .keep_head = true};
    semaphore_init(&slots, 1);
    all_addresses_fetch(&config, &slots, trial->target, &trial->result);
    return 0;
}

static void trial_init(struct trial *trial)
{
    static const char url[] = "http://a.test:";
    const struct row *row = trial->row;
    char text[100];
    const char *why;
    int len = snprintf(text, sizeof text, "%s%u", url, trial->port);
    trial->rule = (struct resolve_rule){
        .host = "*", .port = trial->port, .addresses = trial->addresses};
    for (size_t i = 0; i < ADDRESSES_MAX && row->addresses[i]; i++) {
        trial->addresses[i].in.sin_family = AF_INET;
        inet_pton(AF_INET, row->addresses[i], &trial->addresses[i].in.sin_addr);
        trial->rule.count++;
    }
    ck_assert_int_eq(target_parse(text, (size_t)len, &trial->target, &why), 0);
    result_init(&trial->result);
    trial->result.target = trial->target;
    trial->result.input = trial->target->input;
}

START_TEST(each_address_once)
{
    struct trial trial = {.row = &rows[_i]};
    const char *const says[] = {trial.row->first, NULL};
    const char *const says_too[] = {trial.row->second, NULL};
    struct server first, second;
    struct loop *loop;
    server_open(&first, "127.0.0.1", says);
    if (trial.row->second)
        server_open_at(&second, "127.0.0.2", first.port, says_too);
    trial.port = first.port;
    trial_init(&trial);
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(task_run(loop, fetch_trial, &trial), 0);
    loop_destroy(loop);
    server_close(&first);
    if (trial.row->second)
        server_close(&second);
    check(&trial);
    result_fini(&trial.result);
    target_destroy(trial.target);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("all_addresses");
    tcase_add_loop_test(tcase, each_address_once, 0, COUNT(rows));
    return run_case("all_addresses", tcase);
}
