/*
 * selector: each row of the table, fields, hops, and what the man page says.
 */
#include "record/selector.h"

#include "async/tls/tls_info.h"
#include "input/target.h"
#include "run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { DAY = 24 * 60 * 60, NOW = 1795340412 };

static const char head[] = "HTTP/1.1 301 Moved  away\n"
                           "Server: a/1\n"
                           "Empty:\n"
                           "X-Many: one\n"
                           "set-cookie: a=1, b\n"
                           "x-many:\n"
                           "X-MANY: three \n"
                           "Folded: a\n"
                           " \t b\n"
                           "no colon\n"
                           "Set-Cookie: c=2;\n"
                           "\tPath=/\n"
                           "Status: odd\n";

static const struct target first_target = {
    .url = "http://a.test:81/x", .host = "a.test", .port = 81};
static const struct target final_target = {
    .url = "https://b.test/", .host = "b.test", .port = 443};

static char certs[] = "Subject:a\nIssuer:b\n";

static struct tls_info tls = {.version = "TLSv1.3",
    .cipher = "TLS_AES_128_GCM_SHA256",
    .has_certificate = true,
    .subject = "CN=a.test",
    .issuer = "CN=CA",
    .not_after = NOW + 30 * DAY - 1,
    .certs = certs,
    .certs_len = sizeof certs - 1,
    .verified = true};

static struct hop hops[2];
static struct result result;

static void set_response(struct response *response, const char *ip)
{
    response->remote.in.sin_family = AF_INET;
    response->remote.in.sin_port = htons(81);
    inet_pton(AF_INET, ip, &response->remote.in.sin_addr);
    response->proxy = "http://p.test:3128";
    response->http_major = response->http_minor = 1;
    response->status = 301;
    response->header_bytes = 211;
    response->head = (char *)head;
    response->head_len = sizeof head - 1;
    response->tls = &tls;
}

/* All there is, owned by nobody. */
static void setup(void)
{
    result_init(&result);
    result.index = 7;
    result.input = "a.test:81/x";
    result.target = &first_target;
    result.started_at.tv_sec = NOW;
    result.attempts = 2;
    result.list_file = "hosts.txt";
    result.list_line = 3;
    result.hint = "try https://";
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        result.timings[phase] = 1000 + phase;
    set_response(&result.response, "192.0.2.7");
    memset(hops, 0, sizeof hops);
    hops[0].target = &first_target;
    hops[1].target = &final_target;
    result.hops = hops;
    result.hop_count = 2;
}

/* "TYPE VALUE", as rows have it. */
static const char *shown(const struct selector_value *value)
{
    static char text[1000];
    const char *type = selector_type_name(value->type);

    if (value->type == SELECTOR_NONE)
        return type;
    if (value->type == SELECTOR_TEXT || value->type == SELECTOR_LIST)
        snprintf(
            text, sizeof text, "%s %.*s", type, (int)value->len, value->text);
    else
        snprintf(text, sizeof text, "%s %" PRId64, type, value->number);
    return text;
}

static void check_in(
    const struct hop *hop, const char *name, const char *expected)
{
    struct selector_scope scope = {&result, hop};
    struct selector selector;
    struct selector_value value;

    ck_assert_int_eq(selector_find(name, &selector), 0);
    ck_assert_int_eq(selector_get(&selector, &scope, &value), 0);
    ck_assert_msg(strcmp(shown(&value), expected) == 0, "%s: %s, not %s", name,
        shown(&value), expected);
    if (selector.id < SELECTOR_COUNT && value.type != SELECTOR_NONE)
        ck_assert_int_eq(value.type, selector_type(selector.id));
    selector_value_fini(&value);
    selector_value_fini(&value); /* as good as new */
}

/* In the order of the table; `failed`: of a target that never got anywhere. */
static const struct {
    const char *name, *value, *failed;
} rows[] = {
    {"index", "number 7", "number 0"},
    {"input", "text a.test:81/x", "text x y"},
    {"url", "text http://a.test:81/x", "none"},
    {"host", "text a.test", "none"},
    {"port", "number 81", "none"},
    {"remote_ip", "text 192.0.2.7", "none"},
    {"remote_port", "number 81", "none"},
    {"http_version", "text 1.1", "none"},
    {"status", "number 301", "none"},
    {"reason", "text Moved  away", "none"},
    {"header_bytes", "number 211", "number 0"},
    {"started_at", "date 1795340412", "none"},
    {"proxy", "text http://p.test:3128", "none"},
    {"final_url", "text https://b.test/", "none"},
    {"hops", "number 2", "number 0"},
    {"list_file", "text hosts.txt", "none"},
    {"list_line", "number 3", "none"},
    {"hint", "text try https://", "none"},
    {"attempts", "number 2", "number 0"},
    {"error", "none", "text BAD_TARGET"},
    {"error.phase", "none", "text input"},
    {"error.message", "none", "text bad target"},
    {"time.queued", "duration 1001", "none"},
    {"time.dns", "duration 1002", "none"},
    {"time.connect", "duration 1003", "none"},
    {"time.tls", "duration 1004", "none"},
    {"time.send", "duration 1005", "none"},
    {"time.wait", "duration 1006", "none"},
    {"time.receive", "duration 1007", "none"},
    {"time.total", "duration 1008", "none"},
    {"tls.version", "text TLSv1.3", "none"},
    {"tls.cipher", "text TLS_AES_128_GCM_SHA256", "none"},
    {"tls.subject", "text CN=a.test", "none"},
    {"tls.issuer", "text CN=CA", "none"},
    {"tls.not_after", "date 1797932411", "none"},
    {"tls.days_left", "number 29", "none"},
    {"tls.verified", "bool 1", "none"},
    {"certs", "list Subject:a\nIssuer:b", "none"},
};

START_TEST(each_row_has_its_value)
{
    struct selector selector;

    ck_assert_uint_eq(COUNT(rows), SELECTOR_COUNT);
    for (unsigned i = 0; i < COUNT(rows); i++) {
        setup();
        ck_assert_str_eq(selector_name((enum selector_id)i), rows[i].name);
        ck_assert_int_eq(selector_find(rows[i].name, &selector), 0);
        ck_assert_uint_eq(selector.id, i);
        ck_assert_uint_gt(strlen(selector_help(selector.id)), 0);
        check_in(NULL, rows[i].name, rows[i].value);
        result_init(&result);
        result.input = "x y";
        result_fail(&result, PHASE_INPUT, FETCH_BAD_TARGET, NULL);
        check_in(NULL, rows[i].name, rows[i].failed);
    }
}
END_TEST

START_TEST(names_are_alike_in_any_case)
{
    setup();
    check_in(NULL, "STATUS", "number 301"); /* not the field */
    check_in(NULL, "Tls.Version", "text TLSv1.3");
    check_in(NULL, "SERVER", "text a/1");
}
END_TEST

START_TEST(fields)
{
    static const struct {
        const char *name, *value;
    } table[] = {
        {"server", "text a/1"},
        {"empty", "text "},
        {"x-many", "text one, , three"},
        {"folded", "text a b"},
        {"Set-Cookie", "list a=1, b\nc=2; Path=/"},
        {"none", "none"},
        {"header('Status')", "text odd"},
        {"count(x-many)", "number 3"},
        {"count(none)", "number 0"},
        {"raw(x-many)", "list one\n\nthree"},
        {"raw(server)", "list a/1"},
        {"raw(none)", "none"},
        {"cookie.a", "text 1, b"},
        {"cookie['c']", "text 2"},
        {"cookie.d", "none"},
        {"location.host", "none"},
        {"valid(none)", "none"},
        {"none.x", "none"},
        {"count(server", NULL},
        {"cnt(server)", NULL},
        {"raw(x-many) ", NULL},
        {"statsu", NULL},
        {"HTTP/1.1", NULL},
        {"no colon", NULL},
        {"no", "none"},
        {"serve", "none"},
        {"", NULL},
        {"server:", NULL},
        {"error.phas", NULL},
        {"x-m\xc3\xa4ny", NULL},
    };
    struct selector selector = {.field = {"kept", 4}};

    setup();
    for (size_t i = 0; i < COUNT(table); i++)
        if (table[i].value) {
            check_in(NULL, table[i].name, table[i].value);
        } else {
            ck_assert_int_eq(selector_find(table[i].name, &selector), -EINVAL);
            ck_assert_str_eq(selector.field.at, "kept");
        }
}
END_TEST

/* One line that is not folded points into the head. */
START_TEST(memory_is_for_several_lines_only)
{
    static const struct {
        const char *name;
        bool heap;
    } table[] = {{"server", false}, {"empty", false}, {"x-many", true},
        {"folded", true}, {"set-cookie", true}, {"none", false}};

    setup();
    for (size_t i = 0; i < COUNT(table); i++) {
        struct selector selector;
        struct selector_value value;
        selector_find(table[i].name, &selector);
        ck_assert_int_eq(selector_get(&selector,
                             &(struct selector_scope){&result, NULL}, &value),
            0);
        ck_assert_int_eq(value.heap != NULL, table[i].heap);
        selector_value_fini(&value);
    }
}
END_TEST

static bool no_memory;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    return no_memory ? NULL : __real_malloc(size);
}

START_TEST(there_is_no_memory)
{
    struct selector_scope scope = {.result = &result};
    struct selector selector;
    ck_assert_int_eq(selector_find("x-many", &selector), 0);
    struct selector_value value;
    int error;

    setup();
    no_memory = true;
    error = selector_get(&selector, &scope, &value);
    no_memory = false;
    ck_assert_int_eq(error, -ENOMEM);
    selector_value_fini(&value);
}
END_TEST

/* As headers in records: what a failed target has stored may be no head. */
START_TEST(no_head_has_no_fields)
{
    static const char *const heads[] = {NULL, "", "HTTP/1.1 200 OK",
        "ICY 200 OK\nServer: x\n", "Server: x\nServer: x\n"};

    setup();
    for (size_t i = 0; i < COUNT(heads); i++) {
        result.response.head = (char *)heads[i];
        result.response.head_len = heads[i] ? strlen(heads[i]) : 0;
        check_in(NULL, "server", "none");
        check_in(NULL, "reason", "none");
    }
}
END_TEST

/* Cut anywhere, a field is joined within the head's length. */
START_TEST(a_head_that_is_cut)
{
    static const char *const names[] = {"x-many", "set-cookie", "folded"};
    struct selector_scope scope = {.result = &result};
    struct selector_value value;
    struct selector selector;

    setup();
    for (size_t len = 0; len < sizeof head; len++)
        for (size_t i = 0; i < COUNT(names); i++) {
            result.response.head = malloc(len + 1);
            memcpy(result.response.head, head, len);
            result.response.head_len = len;
            selector_find(names[i], &selector);
            ck_assert_int_eq(selector_get(&selector, &scope, &value), 0);
            ck_assert_uint_le(value.len, len);
            selector_value_fini(&value);
            free(result.response.head);
        }
}
END_TEST

/* The shortest lines there are gain the most from what stands between. */
START_TEST(many_short_lines)
{
    char many[] = "HTTP/1.0 200\na:\nA:\na:\na:b\na:\n";

    setup();
    result.response.head = many;
    result.response.head_len = strlen(many);
    check_in(NULL, "a", "text , , , b, ");
}
END_TEST

START_TEST(a_hop_has_its_own)
{
    static const struct {
        const char *name, *value;
    } table[] = {
        {"url", "text https://b.test/"},
        {"host", "text b.test"},
        {"port", "number 443"},
        {"remote_ip", "text 192.0.2.8"},
        {"status", "number 301"},
        {"server", "text a/1"},
        {"tls.verified", "bool 1"},
        {"time.wait", "duration 5"},
        {"time.dns", "none"},
        {"index", "number 7"},
        {"error", "text REDIRECT_LOOP"},
    };

    setup();
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        hops[1].timings[phase] = PHASE_NONE;
    hops[1].timings[PHASE_WAIT] = 5;
    set_response(&hops[1].response, "192.0.2.8");
    result_fail(&result, PHASE_RECEIVE, FETCH_REDIRECT_LOOP, NULL);
    check_in(NULL, "status", "none");
    for (size_t i = 0; i < COUNT(table); i++)
        check_in(&hops[1], table[i].name, table[i].value);
}
END_TEST

START_TEST(what_is_not_known_of_tls)
{
    static const struct tls_info empty, unread = {
                                            .has_certificate = true,
                                            .not_after = INT64_MIN,
                                        };
    struct tls_info info = empty;

    setup();
    result.response.tls = &info;
    for (unsigned id = SELECTOR_TLS_VERSION; id <= SELECTOR_TLS_VERIFIED; id++)
        check_in(NULL, selector_name((enum selector_id)id), "none");
    info = unread;
    check_in(NULL, "tls.subject", "text ");
    check_in(NULL, "tls.not_after", "none");
    check_in(NULL, "tls.days_left", "none");
    check_in(NULL, "tls.verified", "bool 0");
    info.not_after = NOW - 1;
    check_in(NULL, "tls.days_left", "number -1");
}
END_TEST

START_TEST(addresses_of_both_families)
{
    struct sockaddr_in6 *in6 = &result.response.remote.in6;

    setup();
    memset(in6, 0, sizeof *in6);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(443);
    inet_pton(AF_INET6, "2001:db8::1", &in6->sin6_addr);
    check_in(NULL, "remote_ip", "text 2001:db8::1");
    check_in(NULL, "remote_port", "number 443");
}
END_TEST

START_TEST(requests_are_counted_without_redirects)
{
    setup();
    result.hop_count = 0;
    check_in(NULL, "hops", "number 1");
    check_in(NULL, "final_url", "text http://a.test:81/x");
}
END_TEST

START_TEST(names_in_records)
{
    ck_assert_str_eq(selector_key(SELECTOR_STATUS), "status");
    ck_assert_str_eq(selector_key(SELECTOR_ERROR), "code");
    ck_assert_str_eq(selector_key(SELECTOR_TLS_DAYS_LEFT), "days_left");
    for (unsigned phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        ck_assert_str_eq(selector_key((enum selector_id)(
                             SELECTOR_TIME_QUEUED + phase - PHASE_QUEUED)),
            phase_name((enum phase)phase));
}
END_TEST

/* What the section of the man page must have of facts. */
static char *list_facts(void)
{
    static const char *const types[] = {
        "none", "text", "number", "decimal", "duration", "bool", "date"};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t row = 0; row < fact_count; row++) {
        const char *unit = fact_unit(row);
        fprintf(out, ".It Va %s Pq %s%s%s\n%s\n", fact_name(row),
            types[fact_type(row)], unit ? " , " : "", unit ? unit : "",
            fact_help(row));
    }
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

/* What the section of the man page must have. */
static char *list_rows(void)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (unsigned i = 0; i < SELECTOR_COUNT; i++) {
        enum selector_id id = (enum selector_id)i;
        const char *unit = selector_unit(id);
        fprintf(out, ".It Va %s Pq %s%s%s\n%s\n", selector_name(id),
            selector_type_name(selector_type(id)), unit ? " , " : "",
            unit ? unit : "", selector_help(id));
    }
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

static char *read_file(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Line by line: a message of Check's is no place for the whole. */
static void check_lines(char *found, char *expected)
{
    char *line, *other;

    while ((other = strsep(&expected, "\n"))) {
        line = strsep(&found, "\n");
        ck_assert_str_eq(line ? line : "its end", other);
    }
    ck_assert_ptr_null(found);
}

/* Each with its own words, but all of them, in order. */
START_TEST(the_man_page_lists_the_phases)
{
    const char *path = getenv("AFETCH_MAN");
    ck_assert_msg(path != NULL, "AFETCH_MAN is not set");
    const char *at = strstr(read_file(path), "\n.Sh PHASES\n");
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++) {
        char item[64];
        snprintf(
            item, sizeof item, "\n.It Li %s\n", phase_name((enum phase)phase));
        at = at ? strstr(at, "\n.It Li ") : NULL;
        ck_assert_msg(at && strncmp(at, item, strlen(item)) == 0,
            "%s is not next in the man page", item);
        at++;
    }
    ck_assert(strstr(at + 1, ".It Li ") > strstr(at, "\n.El\n"));
}
END_TEST

START_TEST(the_man_page_lists_the_table)
{
    const char *path = getenv("AFETCH_MAN");
    char *expected = list_rows(), *found, *end;

    ck_assert_msg(path != NULL, "AFETCH_MAN is not set");
    found = strstr(read_file(path), "\n.Sh SELECTORS\n");
    ck_assert_ptr_nonnull(found);
    found = strstr(found, "\n.It Va ");
    ck_assert_ptr_nonnull(found);
    end = strstr(++found, ".It Ar ");
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    check_lines(found, expected);
    free(expected);
}
END_TEST

START_TEST(the_man_page_lists_the_facts)
{
    const char *path = getenv("AFETCH_MAN");
    char *expected = list_facts(), *found, *end;

    ck_assert_msg(path != NULL, "AFETCH_MAN is not set");
    found = strstr(read_file(path), "\n.Ss Facts\n");
    ck_assert_ptr_nonnull(found);
    found = strstr(found, "\n.It Va ");
    ck_assert_ptr_nonnull(found);
    end = strstr(++found, ".El\n");
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    check_lines(found, expected);
    free(expected);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_row_has_its_value,
        names_are_alike_in_any_case, fields, memory_is_for_several_lines_only,
        there_is_no_memory, no_head_has_no_fields, a_head_that_is_cut,
        many_short_lines, a_hop_has_its_own, what_is_not_known_of_tls,
        addresses_of_both_families, requests_are_counted_without_redirects,
        names_in_records, the_man_page_lists_the_phases,
        the_man_page_lists_the_table, the_man_page_lists_the_facts, NULL};

    return run_tests("selector", tests);
}
