/*
 * crawl: every line of the list comes to one result, whatever becomes of it.
 */
#include "crawl/crawl.h"

#include "async/core/loop.h"
#include "async/core/task.h"
#include "record/result.h"
#include "route/proxies.h"
#include "run.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { TARGETS_MAX = 8 };

/* --- the report --- */

struct noted {
    struct report report;
    char text[1000]; /* "INDEX:CODE " or "INDEX:STATUS " of each */
    int lines;
};

static void note_result(struct report *report, const struct result *result)
{
    struct noted *noted = (struct noted *)report;
    const char *code = fetch_error_name(result->error);
    size_t len = strlen(noted->text);
    snprintf(
        noted->text + len, sizeof noted->text - len, "%d:", (int)result->index);
    len = strlen(noted->text);
    if (code)
        snprintf(noted->text + len, sizeof noted->text - len, "%s ", code);
    else
        snprintf(noted->text + len, sizeof noted->text - len, "%d ",
            result->response.status);
}

static void note_line(struct report *report, const struct report_line *line)
{
    (void)line;
    ((struct noted *)report)->lines++;
}

static const struct report_ops noted_ops = {
    .result = note_result, .line = note_line};

/* --- the table --- */

/* "*" is the server that answers, "-" a port where nobody does. */
static const struct row {
    const char *targets[TARGETS_MAX];
    enum order_mode order;
    int64_t deadline, start_interval;
    const char *noted;
    int lines;
    uint64_t not_begun;
} rows[] = {
    {{NULL}, ORDER_ARRIVAL, 0, 0, "", 0, 0},
    {{"*", "-", "*"}, ORDER_INPUT, 0, 0, "0:200 1:REFUSED 2:200 ", 4, 0},
    {{"*"}, ORDER_ARRIVAL, 0, 0, "0:200 ", 2, 0},
    /* A bad one takes no place among those that are under way. */
    {{"a b c", "*", ":"}, ORDER_INPUT, 0, 0, "0:BAD_TARGET 1:200 2:BAD_TARGET ",
        2, 0},
    /* The second would begin after the deadline. */
    {{"-", "-", "-"}, ORDER_INPUT, LOOP_SECOND / 10, 600 * LOOP_SECOND,
        "0:REFUSED ", 0, 2},
};

struct trial {
    const struct row *row;
    struct crawl crawl;
    struct noted noted;
    struct run_totals totals;
};

static int crawl_trial(void *arg)
{
    return crawl(arg);
}

/* The targets with their ports, in `texts`. */
static size_t name_targets(
    const struct row *row, uint16_t port, char texts[][40], const char *names[])
{
    size_t count = 0;
    for (; count < TARGETS_MAX && row->targets[count]; count++) {
        char mark = *row->targets[count];
        uint16_t at = mark == '*' ? port : server_closed_port();
        snprintf(texts[count], sizeof texts[count], "127.0.0.1:%u", at);
        names[count] =
            mark == '*' || mark == '-' ? texts[count] : row->targets[count];
    }
    return count;
}

/* What crawl returns. */
static int run_trial(struct trial *trial)
{
    static struct proxies none;
    struct loop *loop;
    struct outputs none_full = {0};
    struct backpressure backpressure;
    int error;
    trial->noted.report = (struct report){&noted_ops, REPORT_WANTS_LINES};
    trial->crawl.report = &trial->noted.report;
    trial->crawl.totals = &trial->totals;
    trial->crawl.order = trial->row->order;
    trial->crawl.concurrency = 1;
    trial->crawl.deadline = trial->row->deadline;
    trial->crawl.start_interval = trial->row->start_interval;
    trial->crawl.fetch = (struct fetch_config){.max_time = 30 * LOOP_SECOND,
        .connect = {.timeout = 30 * LOOP_SECOND, .proxies = &none},
        .max_header_size = 1000,
        .max_chain_size = 4000,
        .request = {.method = "GET", .user_agent = ""}};
    totals_init(&trial->totals);
    ck_assert_int_eq(loop_create(&loop), 0);
    ck_assert_int_eq(backpressure_open(&backpressure, loop, &none_full), 0);
    trial->crawl.backpressure = &backpressure;
    error = task_run(loop, crawl_trial, &trial->crawl);
    backpressure_close(&backpressure);
    loop_destroy(loop);
    return error;
}

START_TEST(each_has_its_result)
{
    static const char answer[] = "HTTP/1.1 200 X\r\nA: b\r\n\r\n";
    static const char *const says[] = {answer, answer, NULL};
    struct trial trial = {.row = &rows[_i]};
    struct server server;
    char texts[TARGETS_MAX][40];
    const char *names[TARGETS_MAX], *failed;
    server_open(&server, "127.0.0.1", says);
    struct list_sources sources = {.arguments = names,
        .argument_count = name_targets(trial.row, server.port, texts, names)};
    ck_assert_int_eq(list_open(&trial.crawl.list, &sources, &failed), 0);
    ck_assert_int_eq(run_trial(&trial), 0);
    server_close(&server);
    ck_assert_str_eq(trial.noted.text, trial.row->noted);
    ck_assert_int_eq(trial.noted.lines, trial.row->lines);
    ck_assert_uint_eq(trial.totals.not_begun, trial.row->not_begun);
    ck_assert_uint_eq(
        trial.totals.targets + trial.totals.not_begun, sources.argument_count);
    list_close(trial.crawl.list);
}
END_TEST

/* What was read before the list could not be is fetched. */
START_TEST(a_list_that_breaks_off)
{
    static const char *const files[] = {"/proc/self/mem"};
    static const struct row row = {.order = ORDER_ARRIVAL};
    struct trial trial = {.row = &row};
    char text[40];
    const char *names[] = {text}, *failed;
    struct list_sources sources = {names, 1, files, 1, {0}, false};
    snprintf(text, sizeof text, "127.0.0.1:%u", server_closed_port());
    ck_assert_int_eq(list_open(&trial.crawl.list, &sources, &failed), 0);
    ck_assert_int_eq(run_trial(&trial), -EIO);
    ck_assert_str_eq(trial.noted.text, "0:REFUSED ");
    list_close(trial.crawl.list);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("crawl");
    tcase_add_loop_test(tcase, each_has_its_result, 0, COUNT(rows));
    tcase_add_test(tcase, a_list_that_breaks_off);
    return run_case("crawl", tcase);
}
