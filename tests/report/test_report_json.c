/*
 * json: whole records byte by byte, and all 256 bytes in every place of a
 * record, read back by jansson.
 */
#include "report/report.h"

#include "capture.h"
#include "run.h"

#include "async/tls/tls_info.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/json_base64.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct capture capture;
static struct report *report;

static const struct target target = {
    .input = "www.sohu.com",
    .host = "www.sohu.com",
    .path = "/",
    .url = "http://www.sohu.com/",
    .scheme = TARGET_HTTP,
    .port = 80,
};

static void setup(void)
{
    capture_init(&capture);
    report = report_json_create(capture.out, true);
    ck_assert_ptr_nonnull(report);
    ck_assert_ptr_null(report->ops->line);
}

static void teardown(void)
{
    report->ops->destroy(report);
    capture_fini(&capture);
}

static void set_head(struct result *result, const char *head, size_t len)
{
    free(result->response.head);
    result->response.head = malloc(len + 1);
    memcpy(result->response.head, head, len);
    result->response.head[len] = '\0';
    result->response.head_len = len;
}

static void result_good(struct result *result, const char *head)
{
    static const int64_t timings[PHASE_COUNT] = {
        -1, 0, 3100000, 8200000, -1, 400, 9000000, 300000, 20604567};

    result_init(result);
    result->index = 7;
    result->input = target.input;
    result->target = &target;
    result->response.remote.in.sin_family = AF_INET;
    result->response.remote.in.sin_port = htons(8080);
    inet_pton(AF_INET, "192.0.2.7", &result->response.remote.in.sin_addr);
    result->started_at = (struct timespec){1795340412, 123456789};
    memcpy(result->timings, timings, sizeof(timings));
    result->attempts = 1;
    result->response.http_major = 1;
    result->response.http_minor = 1;
    result->response.status = 301;
    result->response.header_bytes = 412;
    set_head(result, head, strlen(head));
}

static const char *put(const struct result *result)
{
    report->ops->result(report, result);
    return capture_read(&capture);
}

static const char *text_of(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

/* One record of one line, parsed; the caller drops it. */
static json_t *parse(void)
{
    json_error_t error;
    json_t *json = json_loadb(capture.text, capture.len,
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

    ck_assert_msg(json != NULL, "%s: %s", error.text, capture.text);
    ck_assert_ptr_eq(memchr(capture.text, '\n', capture.len),
        capture.text + capture.len - 1);
    return json;
}

static void add_tried(struct response *response)
{
    struct response_tried *tried = calloc(2, sizeof *tried);
    ck_assert_ptr_nonnull(tried);
    tried[0] = (struct response_tried){.address.in6 = {.sin6_family = AF_INET6,
                                           .sin6_addr = IN6ADDR_LOOPBACK_INIT},
        .took = 125000,
        .error = FETCH_REFUSED};
    tried[1] =
        (struct response_tried){.address = response->remote, .took = 8000000};
    response->tried = tried;
    response->tried_count = 2;
}

START_TEST(a_record)
{
    struct result result;

    setup();
    result_good(&result, "HTTP/1.1 301 Moved Permanently\n"
                         "Location: https://www.sohu.com/\nSet-Cookie:a=1\n"
                         "set-cookie: \t b=\"2\" \n");
    add_tried(&result.response);
    ck_assert_str_eq(put(&result),
        "{\"type\":\"result\",\"index\":7,\"input\":\"www.sohu.com\","
        "\"url\":\"http://www.sohu.com/\",\"host\":\"www.sohu.com\","
        "\"port\":80,\"remote_ip\":\"192.0.2.7\",\"remote_port\":8080,"
        "\"http_version\":\"1.1\",\"status\":301,"
        "\"reason\":\"Moved Permanently\","
        "\"headers\":[[\"Location\",\"https://www.sohu.com/\"],"
        "[\"Set-Cookie\",\"a=1\"],[\"set-cookie\",\"b=\\\"2\\\"\"]],"
        "\"header_bytes\":412,\"started_at\":\"2026-11-22T09:40:12.123Z\","
        "\"timings_ms\":{\"queued\":0.000,\"dns\":3.100,\"connect\":8.200,"
        "\"tls\":null,\"send\":0.000,\"wait\":9.000,\"receive\":0.300,"
        "\"total\":20.605},\"tls\":null,"
        "\"proxy\":null,\"final_url\":\"http://www.sohu.com/\",\"hops\":null,"
        "\"interim\":[],"
        "\"tried\":[{\"ip\":\"::1\",\"phase\":\"connect\",\"code\":\"REFUSED\","
        "\"ms\":0.125},{\"ip\":\"192.0.2.7\",\"phase\":\"connect\","
        "\"code\":null,\"ms\":8.000}],\"addresses\":null,\"agree\":null,"
        "\"list_file\":null,\"list_line\":null,\"round\":null,\"checks\":null,"
        "\"drift\":null,"
        "\"hint\":null,\"attempts\":1,\"error\":null}\n");
    result_fini(&result);
    teardown();
}
END_TEST

static void end_hop(struct result *result)
{
    int64_t timings[PHASE_COUNT];

    memcpy(timings, result->timings, sizeof(timings));
    result_end_hop(result, timings);
}

/* The first one's values, then what the second one reached. */
START_TEST(hops)
{
    struct target second = {.url = "https://www.sohu.com/"};
    struct result result;
    json_t *json, *first, *last;

    setup();
    result_good(&result, "");
    response_fini(&result.response);
    ck_assert_int_eq(result_begin_hop(&result, &target, NULL), 0);
    set_head(&result, "HTTP/1.0 302 Found\nA: b\n", 24);
    result.response.http_major = 1;
    result.response.status = 302;
    result.response.header_bytes = 28;
    result.response.tls = calloc(1, sizeof(*result.response.tls));
    ck_assert_ptr_nonnull(result.response.tls);
    result.response.tls->version = "TLSv1.2";
    result.response.proxy = "http://p.test:1080";
    end_hop(&result);
    ck_assert_int_eq(result_begin_hop(&result, &second, NULL), 0);
    set_head(&result, "HTTP/1.1 200 OK\nC: d\n", 21);
    result_fail(&result, PHASE_RECEIVE, FETCH_TRUNCATED, NULL);
    end_hop(&result);
    put(&result);
    json = parse();
    ck_assert_str_eq(text_of(json, "final_url"), second.url);
    ck_assert_str_eq(text_of(json, "url"), target.url);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "hops")), 2);
    first = json_array_get(json_object_get(json, "hops"), 0);
    last = json_array_get(json_object_get(json, "hops"), 1);
    ck_assert_str_eq(text_of(first, "url"), target.url);
    ck_assert_str_eq(text_of(first, "reason"), "Found");
    ck_assert_str_eq(text_of(last, "url"), second.url);
    ck_assert(json_is_null(json_object_get(last, "status")));
    ck_assert(json_is_null(json_object_get(last, "remote_ip")));
    ck_assert(json_equal(
        json_object_get(json, "headers"), json_object_get(last, "headers")));
    ck_assert(!json_equal(
        json_object_get(json, "headers"), json_object_get(first, "headers")));
    ck_assert_str_eq(
        text_of(json_object_get(first, "tls"), "version"), "TLSv1.2");
    ck_assert(json_is_null(json_object_get(last, "tls")));
    ck_assert(json_is_null(json_object_get(json, "tls")));
    ck_assert_str_eq(text_of(first, "proxy"), "http://p.test:1080");
    ck_assert(json_is_null(json_object_get(last, "proxy")));
    ck_assert(json_is_null(json_object_get(json, "proxy")));
    json_decref(json);
    result_fini(&result);
    teardown();
}
END_TEST

static void next_address(struct result *result, size_t i, const char *ip)
{
    struct result *one = &result->addresses[i];
    union address address = {.in.sin_family = AF_INET};

    inet_pton(AF_INET, ip, &address.in.sin_addr);
    one->owned = target_at(&target, &address.sa);
    ck_assert_ptr_nonnull(one->owned);
    one->target = one->owned;
}

/* The record's own outcome is that of the address that failed. */
START_TEST(addresses)
{
    struct result result, *good, *bad;
    json_t *json, *list, *first, *last, *timings;

    setup();
    result_good(&result, "");
    free(result.response.head);
    result.response.head = NULL;
    ck_assert_int_eq(result_begin_addresses(&result, 2), 0);
    good = &result.addresses[0];
    bad = &result.addresses[1];
    next_address(&result, 0, "192.0.2.7");
    next_address(&result, 1, "192.0.2.8");
    set_head(good, "HTTP/1.1 200 OK\nA: b\n", 21);
    good->response.status = 200;
    good->timings[PHASE_WAIT] = 5000000;
    result_fail(bad, PHASE_CONNECT, FETCH_REFUSED, NULL);
    bad->timings[PHASE_CONNECT] = 7000000;
    result_settle(&result);
    put(&result);
    json = parse();
    list = json_object_get(json, "addresses");
    ck_assert_uint_eq(json_array_size(list), 2);
    first = json_array_get(list, 0);
    last = json_array_get(list, 1);
    ck_assert_str_eq(text_of(first, "ip"), "192.0.2.7");
    ck_assert_str_eq(text_of(first, "reason"), "OK");
    ck_assert_uint_eq(json_array_size(json_object_get(first, "headers")), 1);
    ck_assert(json_is_null(json_object_get(first, "error")));
    ck_assert_str_eq(text_of(last, "ip"), "192.0.2.8");
    ck_assert(json_is_null(json_object_get(last, "status")));
    ck_assert_str_eq(
        text_of(json_object_get(last, "error"), "code"), "REFUSED");
    ck_assert(json_is_false(json_object_get(json, "agree")));
    ck_assert(json_equal(
        json_object_get(json, "error"), json_object_get(last, "error")));
    ck_assert(json_is_null(json_object_get(json, "status")));
    timings = json_object_get(json, "timings_ms");
    ck_assert_double_eq(
        json_number_value(json_object_get(timings, "dns")), 3.1);
    ck_assert_double_eq(
        json_number_value(json_object_get(timings, "connect")), 7);
    ck_assert(json_is_null(json_object_get(timings, "wait")));
    json_decref(json);
    result_fini(&result);
    teardown();
}
END_TEST

START_TEST(a_record_of_a_bad_target)
{
    struct result result;

    setup();
    result_init(&result);
    result.input = "***@host";
    result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, "line %d: user", 3);
    ck_assert_str_eq(put(&result),
        "{\"type\":\"result\",\"index\":0,\"input\":\"***@host\","
        "\"url\":null,\"host\":null,\"port\":null,"
        "\"remote_ip\":null,\"remote_port\":null,"
        "\"http_version\":null,\"status\":null,\"reason\":null,"
        "\"headers\":[],\"header_bytes\":0,\"started_at\":null,"
        "\"timings_ms\":{\"queued\":null,\"dns\":null,\"connect\":null,"
        "\"tls\":null,\"send\":null,\"wait\":null,\"receive\":null,"
        "\"total\":null},\"tls\":null,\"proxy\":null,"
        "\"final_url\":null,\"hops\":null,"
        "\"interim\":[],\"tried\":[],\"addresses\":null,\"agree\":null,"
        "\"list_file\":null,\"list_line\":null,\"round\":null,\"checks\":null,"
        "\"drift\":null,"
        "\"hint\":null,\"attempts\":0,\"error\":{\"phase\":\"input\","
        "\"code\":\"BAD_TARGET\",\"message\":\"line 3: user\"}}\n");
    result_fini(&result);
    teardown();
}
END_TEST

/* What stands in the record from `from` on up to `to`. */
static void check_part(const struct result *result, const char *from,
    const char *to, const char *expected)
{
    char *begin, *end;

    put(result);
    json_decref(parse());
    begin = strstr(capture.text, from);
    ck_assert_ptr_nonnull(begin);
    end = strstr(begin, to);
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    ck_assert_str_eq(begin + strlen(from), expected);
}

static void check_failed_head(const char *head, const char *expected)
{
    struct result result;

    result_good(&result, head);
    result_fail(&result, PHASE_RECEIVE, FETCH_TRUNCATED, NULL);
    check_part(&result, "\"http_version\":", ",\"header_bytes\"", expected);
    result_fini(&result);
}

START_TEST(a_failed_target_has_the_lines_that_came)
{
    setup();
    check_failed_head("HTTP/1.1 200 OK\nA: b\n",
        "null,\"status\":null,\"reason\":null,\"headers\":[[\"A\",\"b\"]]");
    check_failed_head("HTTP/1.1 200 OK\n",
        "null,\"status\":null,\"reason\":null,\"headers\":[]");
    check_failed_head(
        "", "null,\"status\":null,\"reason\":null,\"headers\":[]");
    check_failed_head("SSH-2.0-x\nA: b\n",
        "null,\"status\":null,\"reason\":null,\"headers\":[]");
    teardown();
}
END_TEST

START_TEST(headers_by_their_rules)
{
    static const struct {
        const char *lines, *expected;
    } table[] = {
        {"", ""},
        {"A:\n", "[\"A\",\"\"]"},
        {"A: b\n c\n\td  \nE: f\n", "[\"A\",\"b c d\"],[\"E\",\"f\"]"},
        {"no colon \xe9\n", "[\"no colon \xc3\xa9\",null]"},
        {" fold first\nA: b\n", "[\" fold first\",null],[\"A\",\"b\"]"},
        {": v\n", "[\"\",\"v\"]"},
        {"N\xc3\xa9: \xc3\xa9\n", "[\"N\xc3\x83\xc2\xa9\",\"\xc3\xa9\"]"},
        {"A: \xe9\n", "[\"A\",\"\xc3\xa9\",\"6Q==\"]"},
        {"A: \xc3\xa9\n \xff\n",
            "[\"A\",\"\xc3\x83\xc2\xa9 \xc3\xbf\",\"w6kg/w==\"]"},
        {"A: x\rB\x1b\n", "[\"A\",\"x\\rB\\u001b\"]"},
        {"A: \xe2\x80\xa8</script>\x7f\n",
            "[\"A\",\"\\u2028</script>\\u007f\"]"},
    };
    struct result result;

    setup();
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        char head[256] = "HTTP/1.0 200 OK\n";
        strcat(head, table[i].lines);
        result_good(&result, head);
        check_part(
            &result, "\"headers\":[", "],\"header_bytes", table[i].expected);
        result_fini(&result);
    }
    teardown();
}
END_TEST

static void check_remote(const char *text, uint32_t scope, const char *expected)
{
    struct result result;

    result_good(&result, "HTTP/1.1 200 OK\n");
    memset(&result.response.remote, 0, sizeof(result.response.remote));
    if (text) {
        result.response.remote.in6.sin6_family = AF_INET6;
        result.response.remote.in6.sin6_port = htons(443);
        result.response.remote.in6.sin6_scope_id = scope;
        inet_pton(AF_INET6, text, &result.response.remote.in6.sin6_addr);
    }
    check_part(&result, "\"remote_ip\":", ",\"http_version\"", expected);
    result_fini(&result);
}

START_TEST(remote_addresses)
{
    setup();
    check_remote(NULL, 0, "null,\"remote_port\":null");
    check_remote("2001:db8::1", 0, "\"2001:db8::1\",\"remote_port\":443");
    check_remote("fe80::1", 2, "\"fe80::1\",\"remote_port\":443");
    teardown();
}
END_TEST

START_TEST(reasons)
{
    static const struct {
        const char *head, *expected;
    } table[] = {
        {"HTTP/1.1 200 OK\n", "\"OK\""},
        {"HTTP/1.1 200 \n", "\"\""},
        {"HTTP/1.1 200\n", "\"\""},
        {"HTTP/1.1 200 d\xc3\xa9j\xc3\xa0\n", "\"d\xc3\xa9j\xc3\xa0\""},
        {"HTTP/1.1 200 d\xe9j\xc3\xa0\n", "\"d\xc3\xa9j\xc3\x83\xc2\xa0\""},
    };
    struct result result;

    setup();
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        result_good(&result, table[i].head);
        check_part(&result, "\"reason\":", ",\"headers\"", table[i].expected);
        result_fini(&result);
    }
    teardown();
}
END_TEST

/* `got` is the byte c between two letters, as ISO-8859-1 or as it is. */
static void check_decoded(const json_t *got, unsigned c)
{
    char expected[4] = {'a', (char)c, 'z'};
    size_t len = 3;

    ck_assert(json_is_string(got));
    if (c >= 0x80) {
        expected[1] = (char)(0xc0 | c >> 6);
        expected[2] = (char)(0x80 | (c & 0x3f));
        expected[3] = 'z';
        len = 4;
    }
    ck_assert_uint_eq(json_string_length(got), len);
    ck_assert_mem_eq(json_string_value(got), expected, len);
}

static void check_pair(const json_t *pair, unsigned c)
{
    char raw[3] = {'a', (char)c, 'z'};
    struct base64 base64 = {.count = 0};

    check_decoded(json_array_get(pair, 0), c);
    check_decoded(json_array_get(pair, 1), c);
    ck_assert_uint_eq(json_array_size(pair), c < 0x80 ? 2 : 3);
    if (c < 0x80)
        return;
    base64_put(&base64, capture.out, raw, 3);
    base64_end(&base64, capture.out);
    ck_assert_str_eq(
        capture_read(&capture), json_string_value(json_array_get(pair, 2)));
}

/* c in the name, the value and the reason of an answer; without NUL also in
 * input, url and host. */
static void check_byte_of_answer(unsigned c)
{
    char head[] = "HTTP/1.1 200 a?z\na?z: a?z\n";
    char text[] = {'a', (char)(c ? c : 'b'), 'z', 0};
    struct target odd = {.host = text, .url = text, .port = 1};
    struct result result;
    json_t *json;

    for (char *p = head; (p = strchr(p, '?'));)
        *p++ = (char)(c ? c : '!');
    result_good(&result, head);
    for (char *p = result.response.head; c == 0 && (p = strchr(p, '!')); p++)
        *p = 0;
    result.input = text;
    result.target = &odd;
    put(&result);
    result_fini(&result);
    json = parse();
    check_decoded(json_object_get(json, "reason"), c);
    check_decoded(json_object_get(json, "input"), c ? c : 'b');
    check_decoded(json_object_get(json, "url"), c ? c : 'b');
    check_decoded(json_object_get(json, "host"), c ? c : 'b');
    ck_assert_uint_eq(json_array_size(json_object_get(json, "headers")), 1);
    check_pair(json_array_get(json_object_get(json, "headers"), 0), c);
    json_decref(json);
}

static void check_byte_of_message(unsigned c)
{
    struct result result;
    json_t *json;

    result_good(&result, "");
    result_fail(&result, PHASE_WAIT, FETCH_NOT_HTTP, "a%cz", (int)c);
    put(&result);
    result_fini(&result);
    json = parse();
    check_decoded(
        json_object_get(json_object_get(json, "error"), "message"), c);
    json_decref(json);
}

START_TEST(every_byte_everywhere)
{
    setup();
    for (unsigned c = 0; c < 256; c++) {
        if (c != '\n' && c != ':')
            check_byte_of_answer(c);
        if (c != 0)
            check_byte_of_message(c);
    }
    teardown();
}
END_TEST

START_TEST(a_huge_value_stays_whole)
{
    enum { LEN = 64 * 1024 };
    static char head[2 * LEN];
    struct result result;
    json_t *json, *pair;

    setup();
    strcpy(head, "HTTP/1.1 200 OK\nA: ");
    memset(head + strlen(head), '\x01', LEN);
    strcat(head, "\n");
    for (int i = 0; i < 3; i++) {
        result_good(&result, head);
        put(&result);
        result_fini(&result);
        json = parse();
        pair = json_array_get(json_object_get(json, "headers"), 0);
        ck_assert_uint_eq(json_string_length(json_array_get(pair, 1)), LEN);
        json_decref(json);
    }
    teardown();
}
END_TEST

START_TEST(the_summary_comes_last)
{
    static struct run_totals totals;

    setup();
    totals_init(&totals);
    report->ops->finish(report, &totals);
    ck_assert_str_eq(capture_read(&capture), ""); /* an empty run */
    totals.not_begun = 1;
    report->ops->finish(report, &totals);
    ck_assert_ptr_eq(
        strstr(capture_read(&capture), "{\"type\":\"summary\","), capture.text);
    json_decref(parse());
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_record, hops, addresses,
        a_record_of_a_bad_target, a_failed_target_has_the_lines_that_came,
        headers_by_their_rules, remote_addresses, reasons,
        every_byte_everywhere, a_huge_value_stays_whole, the_summary_comes_last,
        NULL};

    return run_tests("report_json", tests);
}
