/*
 * json_totals: the whole line byte by byte, and that jansson reads it.
 */
#include "report/json_totals.h"

#include "capture.h"
#include "run.h"

#include "output/buffer.h"
#include "record/drift.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/json_groups.h"
#include "report/report.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct capture capture;
static struct run_totals totals;
static struct json_groups groups;

static const char *finish(void)
{
    json_put_totals(capture.out, &totals, &groups);
    return capture_read(&capture);
}

static void check_parses(void)
{
    json_error_t error;
    json_t *json = json_loads(capture.text, JSON_REJECT_DUPLICATES, &error);

    ck_assert_msg(json != NULL, "%s: %s", error.text, capture.text);
    json_decref(json);
}

#define NO_TIMES                                                               \
    "{\"count\":0,\"p50\":null,\"p90\":null,\"p99\":null,\"max\":null}"

START_TEST(the_summary)
{
    static const int64_t timings[PHASE_COUNT] = {
        -1, 0, 3100000, 8200000, -1, 400, 9000000, 300000, 20604567};
    struct result result;

    capture_init(&capture);
    totals_init(&totals);
    result_init(&result);
    result.response.status = 301;
    memcpy(result.timings, timings, sizeof(timings));
    totals_add(&totals, &result);
    result_fail(&result, PHASE_WAIT, FETCH_TIMEOUT, NULL);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        result.timings[phase] = PHASE_NONE;
    totals_add(&totals, &result);
    result_fini(&result);
    totals.wall = 10000000;
    totals.concurrency = 256;
    ck_assert_str_eq(finish(),
        "{\"type\":\"summary\",\"targets\":2,\"ok\":1,\"failed\":1,"
        "\"not_begun\":0,\"errors\":{\"TIMEOUT\":1},"
        "\"statuses\":{\"3xx\":1},\"wall_ms\":10.000,\"sum_ms\":20.605,"
        "\"ratio\":2.060,\"concurrency\":256,\"signal\":null,\"shard\":null,"
        "\"listed\":null,\"resumed\":null,\"rounds\":null,"
        "\"insecure\":false,\"unverified\":0,\"checks\":null,\"drift\":null,"
        "\"groups\":null,"
        "\"phases\":{"
        "\"queued\":{\"count\":1,\"p50\":0.000,\"p90\":0.000,"
        "\"p99\":0.000,\"max\":0.000},"
        "\"dns\":{\"count\":1,\"p50\":3.100,\"p90\":3.100,\"p99\":3.100,"
        "\"max\":3.100},"
        "\"connect\":{\"count\":1,\"p50\":8.200,\"p90\":8.200,"
        "\"p99\":8.200,\"max\":8.200},"
        "\"tls\":" NO_TIMES ","
        "\"send\":{\"count\":1,\"p50\":0.000,\"p90\":0.000,\"p99\":0.000,"
        "\"max\":0.000},"
        "\"wait\":{\"count\":1,\"p50\":9.000,\"p90\":9.000,\"p99\":9.000,"
        "\"max\":9.000},"
        "\"receive\":{\"count\":1,\"p50\":0.300,\"p90\":0.300,"
        "\"p99\":0.300,\"max\":0.300},"
        "\"total\":{\"count\":1,\"p50\":20.605,\"p90\":20.605,"
        "\"p99\":20.605,\"max\":20.605}},"
        "\"versus_serial\":null}\n");
    check_parses();
    capture_fini(&capture);
}
END_TEST

START_TEST(the_summary_of_a_cut_run)
{
    capture_init(&capture);
    totals_init(&totals);
    totals.not_begun = 3;
    totals.signal = SIGINT;
    totals.shard = (struct shard){2, 7};
    totals.resumed = 7;
    totals.listed = 98;
    totals.insecure = true;
    totals.unverified = 3;
    totals.by_error[FETCH_BAD_TARGET] = 1;
    totals.by_error[FETCH_SYSTEM] = 2;
    totals.by_status_class[2] = 5;
    totals.by_status_class[4] = 6;
    totals.versus = (struct versus_totals){
        3, 2000000, 7000000, "s\"low", 1500000, 250000, 500000, false};
    finish();
    ck_assert_ptr_nonnull(strstr(capture.text,
        "\"not_begun\":3,\"errors\":{\"BAD_TARGET\":1,\"SYSTEM\":2},"
        "\"statuses\":{\"2xx\":5,\"4xx\":6},\"wall_ms\":0.000,"
        "\"sum_ms\":0.000,\"ratio\":null,\"concurrency\":null,"
        "\"signal\":\"SIGINT\",\"shard\":\"2/7\","
        "\"listed\":98,\"resumed\":7,\"rounds\":null,"
        "\"insecure\":true,\"unverified\":3,\"checks\":null,\"drift\":null,"
        "\"groups\":null,"
        "\"phases\":{"));
    ck_assert_ptr_nonnull(strstr(capture.text,
        "\"versus_serial\":{\"rounds\":3,\"concurrent_ms\":2.000,"
        "\"serial_ms\":7.000,\"speedup\":3.500,\"decided_by\":\"s\\\"low\","
        "\"decided_total_ms\":1.500,\"decided_queued_ms\":0.250,"
        "\"lost_to_queue_ms\":0.500}}\n"));
    check_parses();
    capture_fini(&capture);
}
END_TEST

/* A copy of each, since the targets are gone when the run ends. */
START_TEST(groups_of_targets)
{
    char *changed = strdup("server"), *name = strdup("b\xff.test");
    struct drift drift = {0};
    const char *const names[] = {"a.test", name};
    capture_init(&capture);
    totals_init(&totals);
    ck_assert_int_eq(
        drift_add(&drift, &(struct drift_change){changed, true, NULL, "x"}), 0);
    json_groups_add(&groups, &(struct report_group){9, "200", names, 1, NULL});
    json_groups_add(
        &groups, &(struct report_group){1, "503", &names[1], 1, &drift});
    json_groups_add(&groups, &(struct report_group){.count = 7});
    drift_fini(&drift);
    free(changed);
    free(name);
    ck_assert_ptr_nonnull(strstr(finish(),
        "\"groups\":[{\"targets\":9,\"status\":\"200\","
        "\"inputs\":[\"a.test\"],\"changes\":[]},"
        "{\"targets\":1,\"status\":\"503\",\"inputs\":[\"b\xc3\xbf"
        ".test\"],\"changes\":[{\"what\":\"server\",\"from\":null,"
        "\"to\":\"x\"}]},{\"targets\":7,\"status\":null,\"inputs\":[],"
        "\"changes\":[]}],"));
    check_parses();
    json_groups_fini(&groups);
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_summary, the_summary_of_a_cut_run, groups_of_targets, NULL};

    return run_tests("json_totals", tests);
}
