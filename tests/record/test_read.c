/*
 * record: lines read back, and all that a line can have wrong.
 */
#include "record/read.h"

#include "run.h"

#include "input/target.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define TIMES(total)                                                           \
    "\"timings_ms\":{\"queued\":0.5,\"dns\":null,\"connect\":1,\"tls\":null,"  \
    "\"send\":0.000,\"wait\":9.25,\"receive\":0.012,\"total\":" total "}"
#define START "\"started_at\":\"2026-11-22T09:40:12.123Z\""
#define GOOD_TEXT                                                              \
    "{\"type\":\"result\",\"index\":7,\"input\":\"a\\u0001.test\","            \
    "\"status\":301,\"headers\":[[\"A\",\"x\\u0000y\"]]," START                \
    "," TIMES("10.762") ",\"tls\":null,\"hops\":null,\"error\":null}"
#define BAD(error)                                                             \
    "{\"type\":\"result\",\"index\":0,\"input\":\"\",\"status\":null,"         \
    "\"started_at\":null," TIMES("null") ",\"error\":" error "}"
#define SUMMARY(targets, signal, more)                                         \
    "{\"type\":\"summary\",\"targets\":" targets ",\"not_begun\":3,"           \
    "\"concurrency\":256,\"signal\":" signal more "}"

static const char GOOD[] = GOOD_TEXT;
static struct record record;

static const char *parse(const char *line)
{
    return record_parse(line, strlen(line), &record);
}

START_TEST(a_result)
{
    const struct result *result = &record.result;
    const int64_t *timings = result->timings;

    ck_assert_ptr_null(parse(GOOD));
    ck_assert(!record.is_summary);
    ck_assert_uint_eq(result->index, 7);
    ck_assert_str_eq(result->input, "a\x01.test");
    ck_assert_int_eq(result->response.status, 301);
    ck_assert_int_eq(result->error, FETCH_OK);
    ck_assert_int_eq(result->started_at.tv_sec, 1795340412);
    ck_assert_int_eq(result->started_at.tv_nsec, 123000000);
    ck_assert_int_eq(timings[PHASE_QUEUED], 500000);
    ck_assert_int_eq(timings[PHASE_DNS], PHASE_NONE);
    ck_assert_int_eq(timings[PHASE_CONNECT], 1000000);
    ck_assert_int_eq(timings[PHASE_TLS], PHASE_NONE);
    ck_assert_int_eq(timings[PHASE_SEND], 0);
    ck_assert_int_eq(timings[PHASE_WAIT], 9250000);
    ck_assert_int_eq(timings[PHASE_RECEIVE], 12000);
    ck_assert_int_eq(timings[PHASE_TOTAL], 10762000);
    ck_assert(result->response.tls->verified);
    record_fini(&record);
}
END_TEST

START_TEST(a_failed_result)
{
    ck_assert_ptr_null(parse(BAD("{\"phase\":\"wait\",\"code\":\"RESET\"}")));
    ck_assert_int_eq(record.result.error, FETCH_RESET);
    ck_assert_int_eq(record.result.error_phase, PHASE_WAIT);
    ck_assert_int_eq(record.result.response.status, 0);
    ck_assert_int_eq(record.result.started_at.tv_sec, 0);
    ck_assert_int_eq(record.result.timings[PHASE_TOTAL], PHASE_NONE);
    record_fini(&record);
}
END_TEST

/* Any hop's certificate counts. */
START_TEST(a_certificate_that_is_no_good)
{
    static const struct {
        const char *tls;
        bool verified;
    } rows[] = {
        {"\"tls\":{\"verified\":true},\"hops\":null", true},
        {"\"tls\":{\"verified\":false},\"hops\":null", false},
        {"\"tls\":null,\"hops\":[{\"tls\":null},{\"tls\":{\"verified\":true}}]",
            true},
        {"\"tls\":null,\"hops\":[{\"tls\":{\"verified\":false}},{}]", false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[1000];
        const char *at = strstr(GOOD, "\"tls\":null,\"hops\"");
        snprintf(line, sizeof line, "%.*s%s,\"error\":null}", (int)(at - GOOD),
            GOOD, rows[i].tls);
        ck_assert_ptr_null(parse(line));
        ck_assert_int_eq(
            record.result.response.tls->verified, rows[i].verified);
        record_fini(&record);
    }
}
END_TEST

START_TEST(a_summary)
{
    ck_assert_ptr_null(parse(SUMMARY("20", "null", ",\"shard\":\"2/4\"")));
    ck_assert(record.is_summary);
    ck_assert_uint_eq(record.summary.targets, 20);
    ck_assert_uint_eq(record.summary.not_begun, 3);
    ck_assert_uint_eq(record.summary.concurrency, 256);
    ck_assert_int_eq(record.summary.signal, 0);
    ck_assert_uint_eq(record.summary.shard.number, 2);
    ck_assert_uint_eq(record.summary.shard.count, 4);
    record_fini(&record);
    ck_assert_ptr_null(parse(SUMMARY("20", "\"SIGTERM\"", "")));
    ck_assert_int_eq(record.summary.signal, SIGTERM);
    ck_assert_uint_eq(record.summary.shard.count, 0);
    record_fini(&record);
    ck_assert_int_eq(record.summary.listed, -1);
    ck_assert_ptr_null(
        parse(SUMMARY("20", "null", ",\"shard\":null,\"listed\":80")));
    ck_assert_int_eq(record.summary.listed, 80);
    record_fini(&record);
    ck_assert_ptr_null(parse(SUMMARY("20", "null", ",\"listed\":null")));
    ck_assert_int_eq(record.summary.listed, -1);
    record_fini(&record);
}
END_TEST

/* The good record with one part of it replaced; what is said of it. */
static const struct {
    const char *part, *other, *wrong;
} rows[] = {
    {"\"result\"", "\"odd\"", "neither a result nor a summary"},
    {"\"result\"", "7", "neither a result nor a summary"},
    {"\"index\":7", "\"index\":-1", "missing or invalid \"index\""},
    {"\"index\":7", "\"index\":1.5", "missing or invalid \"index\""},
    {"\"index\":7", "\"index\":null", "missing or invalid \"index\""},
    {"\"index\":7", "\"index\":99999999999999999999", "not JSON"},
    {"\"input\"", "\"output\"", "missing or invalid \"input\""},
    {"\"wait\"", "\"late\"", "invalid timings_ms"},
    {"9.25", "-1", "invalid timings_ms"},
    {"9.25", "1e300", "invalid timings_ms"},
    {"9.25", "\"9.25\"", "invalid timings_ms"},
    {"\"timings_ms\":{", "\"timings\":{", "invalid timings_ms"},
    {"2026-", "year ", "invalid started_at"},
    {"2026-", "1969-", "invalid started_at"},
    {"2026-", "9999-", "invalid started_at"},
    {".123Z", "", "invalid started_at"},
    {".123Z", ".+23Z", "invalid started_at"},
    {".123Z", ".1234Z", "invalid started_at"},
    {"-11-22T", "-02-31T", "invalid started_at"},
    {":12.123Z", ":60.123Z", "invalid started_at"},
    {".123Z", ".123", "invalid started_at"},
    {".123Z", ".1234Z", "invalid started_at"},
    {".123Z", ".123Z ", "invalid started_at"},
    {".123Z", ".-12Z", "invalid started_at"},
    {"\"started_at\"", "\"started\"", "invalid started_at"},
    {"\"error\":null", "\"e\":null", "missing \"error\""},
    {"\"error\":null", "\"error\":{}", "unknown error code"},
    {"\"error\":null", "\"error\":{\"code\":\"RESET\",\"phase\":\"x\"}",
        "unknown error phase"},
    {"301", "null", "neither a status nor an error"},
    {"301", "1000", "neither a status nor an error"},
    {"}", "}}", "not JSON"},
};

START_TEST(what_is_wrong_is_told)
{
    const char *at = strstr(GOOD, rows[_i].part), *wrong;
    char line[1000];

    ck_assert_ptr_nonnull(at);
    snprintf(line, sizeof line, "%.*s%s%s", (int)(at - GOOD), GOOD,
        rows[_i].other, at + strlen(rows[_i].part));
    wrong = parse(line);
    ck_assert_ptr_nonnull(wrong);
    ck_assert_str_eq(wrong, rows[_i].wrong);
    ck_assert_ptr_null(record.json);
}
END_TEST

START_TEST(a_summary_that_is_wrong)
{
    ck_assert_str_eq(parse(SUMMARY("null", "null", "")), "invalid counts");
    ck_assert_str_eq(
        parse(SUMMARY("1", "null", ",\"listed\":-1")), "invalid counts");
    ck_assert_str_eq(
        parse(SUMMARY("1099511627777", "null", "")), "invalid counts");
    ck_assert_str_eq(
        parse("{\"type\":\"summary\",\"targets\":1,\"not_begun\":0}"),
        "invalid concurrency");
    ck_assert_str_eq(parse(SUMMARY("1", "\"SIGFOO\"", "")), "unknown signal");
    ck_assert_str_eq(
        parse(SUMMARY("1", "null", ",\"shard\":\"5/4\"")), "invalid shard");
    ck_assert_str_eq(
        parse(SUMMARY("1", "null", ",\"shard\":\"auto\"")), "invalid shard");
    ck_assert_str_eq(
        parse(SUMMARY("1", "null", ",\"shard\":1")), "invalid shard");
}
END_TEST

#define HEAD(more)                                                             \
    "\"remote_ip\":\"::1\",\"remote_port\":80,\"http_version\":\"1.1\","       \
    "\"reason\":\"R\",\"header_bytes\":42,\"tls\":null,\"proxy\":null,"        \
    "\"headers\":[[\"A\\u00ff\",\"x\\u0000y\"],[\"B\",\"\\u00ff\",\"/w==\"],"  \
    "[\" bare: line\",null]],\"hops\":null" more
#define WHOLE(more)                                                            \
    "{\"type\":\"result\",\"index\":7,\"input\":\"a.test\",\"status\":200,"    \
    "\"url\":\"https://a.test/\",\"attempts\":1," START                        \
    "," TIMES("1") ",\"error\":null," HEAD(more) "}"

#define FETCHED(url, attempts, error, more)                                    \
    "{\"type\":\"result\",\"index\":7,\"input\":\"a.test\",\"url\":" url       \
    ",\"attempts\":" attempts "," START                                        \
    "," TIMES("1") ",\"error\":" error more                                    \
                   ",\"headers\":[],\"header_bytes\":0}"

START_TEST(a_result_that_is_completed)
{
    static const char head[] =
        "HTTP/1.1 200 R\nA\xff: x\0y\nB: \xff\n bare: line\n";
    const struct response *response = &record.result.response;

    ck_assert_ptr_null(parse(WHOLE(",\"list_file\":\"l\",\"list_line\":3")));
    ck_assert_ptr_null(record_complete(&record));
    ck_assert_uint_eq(response->head_len, sizeof head - 1);
    ck_assert_mem_eq(response->head, head, sizeof head - 1);
    ck_assert_int_eq(response->status, 200);
    ck_assert_uint_eq(response->header_bytes, 42);
    ck_assert_str_eq(record.result.target->host, "a.test");
    ck_assert_str_eq(record.result.list_file, "l");
    ck_assert_uint_eq(record.result.list_line, 3);
    ck_assert(!record.has_interim);
    record_fini(&record);
}
END_TEST

START_TEST(interim_heads)
{
    static const char interim[] =
        "HTTP/1.1 103 Early\nLink: <x>\n\nHTTP/1.1 100 \n\n";
    const struct response *response = &record.result.response;

    ck_assert_ptr_null(parse(
        WHOLE(",\"interim\":[{\"status\":103,\"reason\":\"Early\",\"headers\":"
              "[[\"Link\",\"<x>\"]]},{\"status\":100,\"reason\":\"\","
              "\"headers\":[]}]")));
    ck_assert_ptr_null(record_complete(&record));
    ck_assert(record.has_interim);
    ck_assert_uint_eq(response->interim_len, sizeof interim - 1);
    ck_assert_mem_eq(response->interim, interim, sizeof interim - 1);
    record_fini(&record);
}
END_TEST

START_TEST(tried_addresses)
{
    const struct response *response = &record.result.response;

    ck_assert_ptr_null(parse(WHOLE(",\"tried\":[{\"ip\":\"::1\",\"phase\":"
                                   "\"connect\",\"code\":\"REFUSED\","
                                   "\"ms\":0.25},{\"ip\":\"127.0.0.1\","
                                   "\"phase\":\"connect\",\"code\":null,"
                                   "\"ms\":1}]")));
    ck_assert_ptr_null(record_complete(&record));
    ck_assert_uint_eq(response->tried_count, 2);
    ck_assert_int_eq(response->tried[0].address.sa.sa_family, AF_INET6);
    ck_assert_int_eq(response->tried[0].error, FETCH_REFUSED);
    ck_assert_int_eq(response->tried[0].took, 250000);
    ck_assert_int_eq(response->tried[1].address.sa.sa_family, AF_INET);
    ck_assert_int_eq(response->tried[1].error, FETCH_OK);
    record_fini(&record);
}
END_TEST

START_TEST(tried_addresses_that_are_wrong)
{
    static const char *const lines[] = {
        WHOLE(",\"tried\":[7]"),
        WHOLE(",\"tried\":[{\"ip\":\"x\",\"code\":null,\"ms\":1}]"),
        WHOLE(",\"tried\":[{\"ip\":\"::1\",\"code\":\"X\",\"ms\":1}]"),
        WHOLE(",\"tried\":[{\"ip\":\"::1\",\"ms\":1}]"),
        WHOLE(",\"tried\":[{\"ip\":\"::1\",\"code\":null,\"ms\":-1}]"),
        WHOLE(",\"tried\":[{\"ip\":\"::1\",\"code\":null,\"ms\":1e300}]"),
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        ck_assert_ptr_null(parse(lines[i]));
        ck_assert_str_eq(record_complete(&record), "invalid tried");
        record_fini(&record);
    }
}
END_TEST

/* Only what was never begun, such as a bad target, has none. */
START_TEST(a_fetch_without_a_url)
{
    static const char *const lines[] = {
        FETCHED(
            "null", "0", "null", ",\"status\":200,\"http_version\":\"1.1\""),
        FETCHED("null", "1", "{\"phase\":\"wait\",\"code\":\"RESET\"}", ""),
        FETCHED("7", "1", "{\"phase\":\"wait\",\"code\":\"RESET\"}", ""),
        FETCHED(
            "null", "1", "{\"phase\":\"input\",\"code\":\"BAD_TARGET\"}", ""),
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        ck_assert_ptr_null(parse(lines[i]));
        ck_assert_str_eq(record_complete(&record), "fetched without a url");
        record_fini(&record);
    }
    ck_assert_ptr_null(parse(FETCHED(
        "null", "0", "{\"phase\":\"input\",\"code\":\"BAD_TARGET\"}", "")));
    ck_assert_ptr_null(record_complete(&record));
    ck_assert_ptr_null(record.result.target);
    record_fini(&record);
}
END_TEST

START_TEST(json_that_is_no_object)
{
    static const char *const lines[] = {"[]", "[{}]", "7", "\"x\"", "null"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_str_eq(record_parse(lines[i], strlen(lines[i]), &record),
            "not a JSON object");
}
END_TEST

/* Cut anywhere, it is no record, and nothing is read beyond the cut. */
START_TEST(a_line_that_is_cut)
{
    for (size_t len = 0; len < sizeof GOOD - 1; len++) {
        char *line = malloc(len + 1);
        memcpy(line, GOOD, len);
        ck_assert_str_eq(record_parse(line, len, &record), "not JSON");
        free(line);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("record");

    tcase_add_test(tcase, a_result);
    tcase_add_test(tcase, a_failed_result);
    tcase_add_test(tcase, a_certificate_that_is_no_good);
    tcase_add_test(tcase, a_summary);
    tcase_add_loop_test(
        tcase, what_is_wrong_is_told, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, a_summary_that_is_wrong);
    tcase_add_test(tcase, a_line_that_is_cut);
    tcase_add_test(tcase, json_that_is_no_object);
    tcase_add_test(tcase, a_result_that_is_completed);
    tcase_add_test(tcase, interim_heads);
    tcase_add_test(tcase, tried_addresses);
    tcase_add_test(tcase, tried_addresses_that_are_wrong);
    tcase_add_test(tcase, a_fetch_without_a_url);
    return run_case("record", tcase);
}
