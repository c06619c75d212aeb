/*
 * expression: each form of the language true and false; what is wrong with
 * others, and where; and that none passes for a target that gave no head.
 */
#include "judge/expression.h"

#include "async/tls/tls_info.h"
#include "input/target.h"
#include "record/check.h"
#include "record/result.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAY = 24 * 60 * 60, NOW = 1795340412 };

#define HOP "HTTP/1.1 301 Moved\nLocation: https://b.test/new?q\nVia: a\n"

static char first_head[] = HOP;
static char last_head[] = "HTTP/1.1 200 OK\n"
                          "Server: nginx/1.2\n"
                          "Content-Type: text/html\n"
                          "Content-Length: 042\n"
                          "Cache-Control: max-age=600, no-store\n"
                          "Strict-Transport-Security: max-age=300\n"
                          "X-Empty:\n"
                          "X-Many: one\nX-Many: two\n"
                          "Vary: accept-encoding\n"
                          "Status: odd\n"
                          "Age: 30\n"
                          "Set-Cookie: a=1; Secure; HttpOnly\n"
                          "Set-Cookie: b=2; Secure\n";
static char early[] = "HTTP/1.1 103 Early Hints\nLink: </x>\n\n"
                      "HTTP/1.1 102 Processing\n\n";

static const struct target first_target = {.url = "http://a.test:81/x",
    .host = "a.test",
    .path = "/x",
    .port = 81,
    .scheme = TARGET_HTTP};
static const struct target last_target = {.url = "https://b.test/new?q",
    .host = "b.test",
    .path = "/new?q",
    .port = 443,
    .scheme = TARGET_HTTPS};

static struct tls_info tls = {.version = "TLSv1.3",
    .cipher = "TLS_AES_128_GCM_SHA256",
    .has_certificate = true,
    .subject = "CN=b.test",
    .issuer = "CN=CA",
    .not_after = NOW + 30 * DAY,
    .verified = true};

static struct hop hops[2];
static struct result result;

static void set_head(struct response *response, int status, char *head)
{
    response->status = status;
    response->http_major = response->http_minor = 1;
    response->head = head;
    response->head_len = strlen(head);
}

/* Two hops that went well; owned by nobody. */
static void setup(void)
{
    result_init(&result);
    result.input = "a.test:81/x";
    result.target = &first_target;
    result.started_at.tv_sec = NOW;
    result.attempts = 1;
    result.timings[PHASE_TOTAL] = 1500000000;
    memset(hops, 0, sizeof hops);
    hops[0].target = &first_target;
    hops[1].target = &last_target;
    set_head(&hops[0].response, 301, first_head);
    set_head(&hops[1].response, 200, last_head);
    hops[1].response.tls = &tls;
    hops[1].response.interim = early;
    hops[1].response.interim_len = sizeof early - 1;
    result.response = hops[1].response;
    result.hops = hops;
    result.hop_count = 2;
}

static void setup_dead(void)
{
    setup();
    result.hops = NULL;
    result.hop_count = 0;
    result.response = (struct response){0};
    result.error = FETCH_NXDOMAIN;
    result.error_phase = PHASE_DNS;
}

static struct expression *parsed(const char *text)
{
    struct expression_fault fault;
    struct expression *expression = NULL;
    int error = expression_parse(
        (struct span){text, strlen(text)}, &expression, &fault);
    ck_assert_msg(!error, "%s: at %zu: %s", text, fault.at, fault.text);
    return expression;
}

/* The caller frees the check. */
static struct check judged(const char *text)
{
    static const struct span items[] = {{"200", 3}, {"nginx/1.2", 9}};
    static const struct expression_about about = {items, 2, true};
    struct expression *expression = parsed(text);
    struct check check = {.expr = text};
    expression_judge(expression, &result, &about, &check);
    expression_destroy(expression);
    return check;
}

static void check_outcome(const char *text, enum check_outcome outcome)
{
    struct check check = judged(text);
    ck_assert_msg(check.outcome == outcome, "%s: %s (%s), not %s", text,
        check_outcome_name(check.outcome), check.why,
        check_outcome_name(outcome));
    check_fini(&check);
}

/* Each pair is of one form, one that holds and one that does not. */
static const struct {
    const char *holds, *fails;
} forms[] = {
    {"status", "absent(status)"},
    {"status == 200", "status == 201"},
    {"status != 201", "status != 200"},
    {"status < 400", "status < 200"},
    {"status <= 200", "status <= 199"},
    {"status > 199", "status > 200"},
    {"status >= 200", "status >= 201"},
    {"status in 200, 204", "status in 201 , 204"},
    {"status == 0200.0", "status == 200.5"},
    {"server", "x-none"},
    {"exists(server)", "exists(x-none)"},
    {"absent(x-none)", "absent(server)"},
    {"not x-none", "not server"},
    {"!x-none", "! server"},
    {"x-empty", "not x-empty"},
    {"server == 'nginx/1.2'", "server == \"nginx\""},
    {"server == nginx/1.2", "server == nginx"},
    {"server != nginx", "server != nginx/1.2"},
    {"server =~ '^nginx/\\d'", "server =~ '^\\d'"},
    {"server =~ /NGINX/i", "server =~ /NGINX/"},
    {"server =~ /nginx\\/1/", "server =~ /nginx\\/2/"},
    {"server !~ 'apache'", "server !~ 'nginx'"},
    {"x-none !~ 'a'", "x-none =~ 'a'"},
    {"x-none == none", "server == none"},
    {"server != none", "x-none != none"},
    {"x-none != a", "x-none == a"},
    {"SERVER", "X-NONE"},
    {"header('status') == odd", "header('status') == 200"},
    {"header(\"Status\") == odd", "header(\"Status\")  ==  odder"},
    {"count(x-many) == 2", "count(x-many) != 2"},
    {"count(x-none) == 0", "count(x-none) > 0"},
    {"raw(x-many) == two", "raw(x-many) == three"},
    {"raw(x-many) has one", "raw(x-many) has three"},
    {"raw(x-many) =~ '^two$'", "raw(x-many) =~ 'one.*two'"},
    {"raw(x-many) !~ three", "raw(x-many) !~ one"},
    {"x-many == 'one, two'", "x-many == one"},
    {"cache-control.max-age == 600", "cache-control.max-age == 601"},
    {"cache-control.max-age >= 10m", "cache-control.max-age > 10m"},
    {"cache-control['max-age'] < 1h", "cache-control['max-age'] < 9m"},
    {"header('cache-control').max-age", "header('cache-control').s-maxage"},
    {"cache-control.no-store", "cache-control.public"},
    {"cache-control.no-store == true", "cache-control.no-store == false"},
    {"cache-control.public == false", "cache-control.public == true"},
    {"cache-control has no-store", "cache-control has public"},
    {"vary has Accept-Encoding", "vary has cookie"},
    {"valid(cache-control)", "not valid(cache-control)"},
    {"hsts", "not hsts"},
    {"hsts == true", "hsts == false"},
    {"hsts.max-age == 300", "hsts.max-age == 301"},
    {"hsts.max-age == 5m", "hsts.max-age >= 180d"},
    {"hsts.max-age <= 0.3K", "hsts.max-age >= 1K"},
    {"not nosniff", "nosniff"},
    {"framing == anyone", "framing in nobody, self"},
    {"age == 30", "age < 30"},
    {"age < 1m", "age > 60s"},
    {"time.total < 2s", "time.total < 1500ms"},
    {"time.total < 2", "time.total <= 1"},
    {"tls.days_left >= 14", "tls.days_left >= 31"},
    {"tls.days_left > -1", "tls.days_left < -1"},
    {"tls.verified", "not tls.verified"},
    {"tls.verified == true", "tls.verified == false"},
    {"tls.version == TLSv1.3", "tls.version == TLSv1.2"},
    {"tls.version >= TLSv1.2", "tls.version < TLSv1.2"},
    {"tls.not_after > 2026-12-01", "tls.not_after > 2027-12-01T00:00:00Z"},
    {"http_version == 1.1", "http_version == 2"},
    {"host == A.TEST", "host == b.test"},
    {"url == http://a.test:81/x", "url == HTTP://a.test:81/x"},
    {"hops == 2", "hops == 1"},
    {"first: status == 301", "last: status == 301"},
    {"first:status==301", "first:status==200"},
    {"last: status == 200", "first: status == 200"},
    {"every: status < 400", "every: status == 200"},
    {"any: status == 301", "any: status == 302"},
    {"every: exists(status)", "every: exists(via)"},
    {"any: via", "every: via"},
    {"first: absent(server)", "last: absent(server)"},
    {"exists(first: location)", "exists(last: location)"},
    {"first: location.scheme == https", "first: location.scheme == http"},
    {"first: location.host == b.test", "first: location.host == host"},
    {"first: location.path == /new?q", "first: location.path == /New?q"},
    {"location.scheme == none", "location.scheme == https"},
    {"cookie.a == 1", "cookie.a == 2"},
    {"cookie['b'] == 2", "cookie['c']"},
    {"cookie.secure", "cookie.httponly"},
    {"any: cookie.httponly", "every: cookie.httponly"},
    {"first: cookie.httponly", "last: cookie.httponly"},
    {"not cookie.httponly", "not cookie.secure"},
    {"interim: link", "interim: server"},
    {"interim: status == 102", "interim: status == 100"},
    {"status == $1", "status != $1"},
    {"server == $2", "server == $1"},
    {"status == ${FORMS_STATUS}", "status != ${FORMS_STATUS}"},
    {"server == \"${FORMS_NAME}/1.2\"", "server == '${FORMS_NAME}/1.2'"},
    {"(status == 200)", "(status == 201)"},
    {"status == 200 and server", "status == 200 and x-none"},
    {"status == 200 && server", "x-none && status == 200"},
    {"x-none or server", "x-none or x-none2"},
    {"x-none || server", "x-none || x-none2"},
    {"x-none or status and server", "(x-none or status) and x-none2"},
    {"not (x-none or x-none2)", "not (server or x-none)"},
    {"not x-none and not x-none2", "not x-none and not server"},
    {"server when status == 200", "x-none when status == 200"},
    {"server when status < 300 and hsts", "x-none when not nosniff"},
    {"error == none", "error == NXDOMAIN"},
    {"absent(error)", "error"},
};

START_TEST(each_form_true_and_false)
{
    setup();
    setenv("FORMS_STATUS", "200", 1);
    setenv("FORMS_NAME", "nginx", 1);
    for (size_t i = 0; i < COUNT(forms); i++) {
        check_outcome(forms[i].holds, CHECK_OK);
        check_outcome(forms[i].fails, CHECK_FAILED);
    }
}
END_TEST

START_TEST(a_guard_that_is_not_met)
{
    setup();
    check_outcome("x-none when status == 404", CHECK_SKIPPED);
    check_outcome("server when x-none", CHECK_SKIPPED);
}
END_TEST

/* What is said where it does not hold. */
static const struct {
    const char *text, *actual, *why;
} explanations[] = {
    {"hsts.max-age >= 15768000", "300", "is 300"},
    {"status == 404", "200", "is 200"},
    {"x-none", NULL, "is none"},
    {"not server", "nginx/1.2", "is nginx/1.2"},
    {"server == apache", "nginx/1.2", "is nginx/1.2"},
    {"server < 3", "nginx/1.2", "is nginx/1.2: not a number"},
    {"status == 200 and x-none", NULL, "x-none is none"},
    {"x-none or status == 404", "200", "x-none is none, status is 200"},
    {"not (status == 200 or server)", "200", "status is 200"},
    {"every: status == 200", "301", "is 301 (hop 1)"},
    {"cookie.httponly", "false", "is false (cookie b)"},
    {"time.total < 1s", "1.5", "is 1.5s"},
    {"time.total < 1", "1.5", "is 1.5"},
    {"tls.not_after < 2026-01-01", "2026-12-22T09:40:12Z",
        "is 2026-12-22T09:40:12Z"},
    {"status == $3", "200", "is 200: the line of the list has no such column"},
    {"status != $1", "200", "is 200 ($1 is 200)"},
    {"raw(x-many) == a", "one, two", "is one, two"},
};

START_TEST(what_is_said_of_failures)
{
    setup();
    for (size_t i = 0; i < COUNT(explanations); i++) {
        struct check check = judged(explanations[i].text);
        ck_assert_int_eq(check.outcome, CHECK_FAILED);
        ck_assert_str_eq(check.why, explanations[i].why);
        if (explanations[i].actual)
            ck_assert_str_eq(check.actual, explanations[i].actual);
        else
            ck_assert_ptr_null(check.actual);
        check_fini(&check);
    }
}
END_TEST

/* However long it is, a value is shown in part. */
START_TEST(a_long_value)
{
    static char head[3000] = "HTTP/1.1 200 OK\nX: ";
    setup();
    memset(head + strlen(head), 'x', 2000);
    set_head(&result.response, 200, head);
    struct check check = judged("x == 1");
    ck_assert_uint_eq(strlen(check.why), strlen("is ") + 203);
    check_fini(&check);
}
END_TEST

START_TEST(a_value_with_a_nul)
{
    static char head[] = "HTTP/1.1 200 OK\nX: a\0b\n";
    setup();
    set_head(&result.response, 200, head);
    result.response.head_len = sizeof head - 1;
    struct check check = judged("x == a");
    ck_assert_str_eq(check.why, "is a\\x00b");
    ck_assert_str_eq(check.actual, "a\\x00b");
    check_fini(&check);
}
END_TEST

/* A match that explodes fails, negated or not, and says so. */
START_TEST(a_pattern_past_its_limits)
{
    static const char *const texts[] = {"x =~ '^(a+)+$'", "x !~ '^(a+)+$'",
        "not (x =~ '^(a+)+$')", "not (x !~ '^(a+)+$')",
        "x =~ '^(a+)+$' or x-none", "server when x !~ '^(a+)+$'"};
    static char head[100] = "HTTP/1.1 200 OK\nX: "
                            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n";
    setup();
    set_head(&result.response, 200, head);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct check check = judged(texts[i]);
        ck_assert_int_eq(check.outcome, CHECK_FAILED);
        ck_assert_ptr_nonnull(strstr(check.why, "too many steps"));
        check_fini(&check);
    }
}
END_TEST

/* --- no head --- */

START_TEST(a_target_without_a_head)
{
    static const struct {
        const char *text;
        enum check_outcome outcome;
    } table[] = {
        {"status == 200", CHECK_NO_ANSWER},
        {"not server", CHECK_NO_ANSWER},
        {"absent(server)", CHECK_NO_ANSWER},
        {"server !~ 'a'", CHECK_NO_ANSWER},
        {"host == a.test", CHECK_NO_ANSWER},
        {"server when status == 404", CHECK_NO_ANSWER},
        {"error == NXDOMAIN", CHECK_OK},
        {"error == nxdomain and error.phase == dns", CHECK_OK},
        {"error", CHECK_OK},
        {"error.message =~ name", CHECK_OK},
        {"error == TIMEOUT", CHECK_FAILED},
        {"error != NXDOMAIN", CHECK_FAILED},
        {"error == none", CHECK_FAILED},
        {"error == NXDOMAIN and not server", CHECK_NO_ANSWER},
        {"error == TIMEOUT or not server", CHECK_NO_ANSWER},
        {"error == TIMEOUT and server", CHECK_FAILED},
        {"not server when error == NXDOMAIN", CHECK_NO_ANSWER},
        {"error == NXDOMAIN when status == 200", CHECK_NO_ANSWER},
        {"error == NXDOMAIN when host == b.test", CHECK_SKIPPED},
    };
    setup_dead();
    for (size_t i = 0; i < COUNT(table); i++) {
        struct check check = judged(table[i].text);
        ck_assert_msg(check.outcome == table[i].outcome, "%s: %s",
            table[i].text, check_outcome_name(check.outcome));
        ck_assert_int_eq(check.excuses, check.outcome == CHECK_OK);
        check_fini(&check);
    }
}
END_TEST

/* --- any expression --- */

static unsigned seed;

static unsigned choose(unsigned count)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % count;
}

static void add(char *text, const char *more)
{
    strcat(text, more);
}

static void add_test(char *text)
{
    static const char *const tests[] = {"status", "server == a", "server != a",
        "absent(server)", "exists(server)", "hsts", "framing == nobody",
        "count(x) == 0", "x !~ 'a'", "x =~ 'a'", "every: status < 400",
        "any: x", "first: x", "cookie.secure", "cookie.a == none",
        "any: cookie.path == /", "x has y", "x in a, b", "x == none",
        "time.total < 1d", "host == a.test", "attempts >= 0", "age(date) < 1d",
        "valid(x)", "location.host != host", "interim: absent(link)",
        "tls.verified == false", "hint == none", "header('x').y != 1",
        "index >= 0", "port != 1", "status != $1"};
    static const char *const errors[] = {"error", "error == NXDOMAIN",
        "error != TIMEOUT", "absent(error.phase)", "error.message =~ 'x'"};
    if (choose(12) == 0)
        add(text, errors[choose(COUNT(errors))]);
    else
        add(text, tests[choose(COUNT(tests))]);
}

static void add_tree(char *text, unsigned depth)
{
    unsigned kind = depth ? choose(5) : 0;
    if (kind == 0) {
        add_test(text);
        return;
    }
    add(text, kind <= 2 ? "not (" : "(");
    add_tree(text, depth - 1);
    if (kind != 2) {
        add(text, choose(2) ? " and " : " or ");
        add_tree(text, depth - 1);
    }
    add(text, ")");
}

START_TEST(none_passes_for_a_dead_target)
{
    unsigned judging_errors = 0;
    setup_dead();
    for (unsigned i = 0; i < 20000; i++) {
        char text[8000] = "";
        seed = i;
        add_tree(text, 4);
        if (choose(3) == 0) {
            add(text, " when ");
            add_tree(text, 2);
        }
        struct check check = judged(text);
        bool mentions = strstr(text, "error") != NULL;
        judging_errors += mentions;
        ck_assert_msg(mentions || check.outcome == CHECK_NO_ANSWER, "%s: %s",
            text, check_outcome_name(check.outcome));
        ck_assert(!check.excuses || (mentions && check.outcome == CHECK_OK));
        check_fini(&check);
    }
    ck_assert_uint_gt(judging_errors, 1000);
}
END_TEST

/* For one that answered, an expression and its negation are never both so. */
START_TEST(a_negation_is_the_opposite)
{
    setup();
    for (unsigned i = 0; i < 5000; i++) {
        char text[8000] = "", negated[8100];
        seed = i;
        add_tree(text, 4);
        snprintf(negated, sizeof negated, "not (%s)", text);
        struct check one = judged(text), other = judged(negated);
        ck_assert_msg(one.outcome != other.outcome, "%s", text);
        check_fini(&one);
        check_fini(&other);
    }
}
END_TEST

/* --- what is wrong --- */

static const struct {
    const char *text;
    size_t at;
    const char *fault; /* a part of it */
} faults[] = {
    {"", 0, "expected an expression"},
    {"   ", 3, "expected an expression"},
    {"status =", 7, "expected \"==\""},
    {"status = 200", 7, "expected \"==\""},
    {"status ==", 9, "expected a value"},
    {"status == ", 10, "expected a value"},
    {"status == )", 10, "expected a value"},
    {"status == ok", 10, "expected a number"},
    {"status 200", 7, "expected an operator"},
    {"status == 200 201", 14, "expected an operator"},
    {"status == 200 and", 17, "expected a selector"},
    {"and", 0, "expected a selector"},
    {"status or when", 10, "expected a selector"},
    {"(status", 7, "expected \")\""},
    {"status)", 6, "expected an operator"},
    {"not", 3, "expected a selector"},
    {"status when", 11, "expected a selector"},
    {"status when status when status", 19, "expected an operator"},
    {"server == 'a", 10, "no end"},
    {"server =~ 'a(b'", 14, "closing parenthesis"},
    {"server =~ /a", 10, "no end"},
    {"server =~", 9, "expected a regular expression"},
    {"hsts.max-age >= never", 16, "expected a duration"},
    {"hsts == yes", 8, "expected true, false or none"},
    {"hsts > 3", 5, "it is true or false"},
    {"tls.not_after > tomorrow", 16, "expected a date"},
    {"tls.not_after > 2027-02-30", 16, "expected a date"},
    {"status has 2", 7, "a response field"},
    {"hsts.max-ag >= 3", 0, "did you mean \"hsts.max-age\"?"},
    {"tls.day_left > 3", 0, "did you mean \"tls.days_left\"?"},
    {"nosnif", 0, "did you mean \"nosniff\"?"},
    {"statsu == 200", 0, "did you mean \"status\"?"},
    {"server and frmaing == self", 11, "did you mean \"framing\"?"},
    {"cont(via) == 1", 0, "did you mean \"count\"?"},
    {"exist(via)", 0, "did you mean \"exists\"?"},
    {"whatever(via)", 0, "unknown function"},
    {"count()", 6, "expected a field name"},
    {"count(via", 9, "expected \")\""},
    {"exists(via", 10, "expected \")\""},
    {"header('a b')", 7, "not a field name"},
    {"cache-control[max-age]", 14, "a text in quotes"},
    {"cache-control['max-age'", 23, "expected \"]\""},
    {"server.", 7, "expected a name after the dot"},
    {"status in 200,", 14, "expected a value"},
    {"status == $0", 10, "expected a column"},
    {"status == $a", 10, "expected a column"},
    {"status == ${FORMS_NOT_SET}", 10, "FORMS_NOT_SET is not set"},
    {"status == ${", 10, "expected ${NAME}"},
    {"fist: status", 4, "expected an operator"},
    {"status == 1 + 1", 12, "expected an operator"},
};

START_TEST(what_is_wrong_and_where)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct expression_fault fault;
        struct expression *expression = NULL;
        const char *text = faults[i].text;
        int error = expression_parse(
            (struct span){text, strlen(text)}, &expression, &fault);
        ck_assert_msg(error == -EINVAL, "%s", text);
        ck_assert_ptr_null(expression);
        ck_assert_msg(
            fault.at == faults[i].at && strstr(fault.text, faults[i].fault),
            "%s: at %zu: %s", text, fault.at, fault.text);
    }
}
END_TEST

START_TEST(too_much)
{
    struct expression_fault fault;
    struct expression *expression = NULL;
    static char text[100000];
    memset(text, '(', 60);
    ck_assert_int_eq(
        expression_parse((struct span){text, 60}, &expression, &fault),
        -EINVAL);
    ck_assert_str_eq(fault.text, "nested too deeply");
    strcpy(text, "a");
    for (unsigned i = 0; i < 600; i++)
        strcat(text, " and a");
    ck_assert_int_eq(expression_parse((struct span){text, strlen(text)},
                         &expression, &fault),
        -EINVAL);
    ck_assert_str_eq(fault.text, "too long: more than 500 parts");
}
END_TEST

/* Each of the good ones, cut at every length and with each byte changed. */
START_TEST(cut_and_changed)
{
    for (size_t i = 0; i < COUNT(forms); i++)
        for (size_t len = 0; len <= strlen(forms[i].holds); len++) {
            struct expression_fault fault;
            struct expression *expression = NULL;
            char *text = strndup(forms[i].holds, len);
            if (!expression_parse(
                    (struct span){text, len}, &expression, &fault))
                expression_destroy(expression);
            else
                ck_assert_uint_le(fault.at, len);
            if (len > 0) {
                text[len / 2] = (char)(i * 31 + len);
                if (!expression_parse(
                        (struct span){text, len}, &expression, &fault))
                    expression_destroy(expression);
                else
                    ck_assert_uint_le(fault.at, len);
            }
            free(text);
        }
}
END_TEST

START_TEST(what_an_expression_says_of_itself)
{
    struct expression *expression = parsed("interim: link or server == $12");
    ck_assert(expression_wants_interim(expression));
    ck_assert(!expression_judges_error(expression));
    ck_assert_uint_eq(expression_columns(expression), 12);
    ck_assert_str_eq(
        expression_text(expression), "interim: link or server == $12");
    expression_destroy(expression);
    expression = parsed("status when error.phase == none");
    ck_assert(expression_judges_error(expression));
    ck_assert(!expression_wants_interim(expression));
    expression_destroy(expression);
}
END_TEST

int main(void)
{
    return run_tests("expression",
        (const TTest *const[]){each_form_true_and_false,
            a_guard_that_is_not_met, what_is_said_of_failures, a_long_value,
            a_value_with_a_nul, a_pattern_past_its_limits,
            a_target_without_a_head, none_passes_for_a_dead_target,
            a_negation_is_the_opposite, what_is_wrong_and_where, too_much,
            cut_and_changed, what_an_expression_says_of_itself, NULL});
}
