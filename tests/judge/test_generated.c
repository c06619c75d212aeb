/*
 * Expressions that a generator makes up by the grammar, over every selector
 * and fact: none holds for a target that gave no head, and none holds together
 * with its negation.
 */
#include "judge/expression.h"

#include "fields/facts.h"
#include "input/target.h"
#include "record/check.h"
#include "record/result.h"
#include "record/selector.h"
#include "run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSIONS = 20000, TEXT_MAX = 4000, DEPTH_MAX = 3 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- the generator --- */

static uint64_t state;
static char text[TEXT_MAX];
static size_t len;

/* Below `count`; the same sequence each time. */
static size_t choose(size_t count)
{
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (size_t)(state >> 33) % count;
}

static void put(const char *piece)
{
    size_t more = strlen(piece);
    ck_assert_uint_lt(len + more, sizeof text);
    memcpy(text + len, piece, more + 1);
    len += more;
}

#define PUT_ONE(table) put((table)[choose(COUNT(table))])

static void put_selector(void)
{
    static const char *const others[] = {"server", "x-none", "set-cookie",
        "'text'", "header('status')", "raw(via)", "count(server)",
        "count(set-cookie)", "valid(content-security-policy)",
        "cache-control.max-age", "cache-control['no-store']", "age(date)",
        "skew(date)", "location.scheme", "location.host", "location.path",
        "cookie.secure", "cookie.httponly", "cookie.samesite", "cookie.path",
        "cookie.domain", "cookie.max-age", "cookie.sid", "cookie['a b']"};
    size_t known = choose(3);
    if (known == 0) {
        put(selector_name((enum selector_id)choose(SELECTOR_COUNT)));
    } else if (known == 1) {
        const char *name = fact_name(choose(fact_count));
        put(strchr(name, 'F') ? "permissions.camera" : name);
    } else {
        PUT_ONE(others);
    }
}

static void put_operand(void)
{
    static const char *const scopes[] = {
        "first: ", "last: ", "every: ", "any: ", "interim: "};
    if (choose(4) == 0)
        PUT_ONE(scopes);
    if (choose(8) == 0) {
        put(choose(2) ? "exists(" : "absent(");
        put_selector();
        put(")");
    } else {
        put_selector();
    }
}

static void put_comparison(void)
{
    static const char *const operators[] = {
        " == ", " != ", " < ", " <= ", " > ", " >= ", " has "};
    static const char *const values[] = {"none", "true", "false", "0", "200",
        "4K", "14d", "1w", "text", "''", "'a b'", "\"x\"", "2027-03-31", "-1",
        "1.5", "nobody", "https", "host", "TLSv1.3"};
    static const char *const patterns[] = {
        "''", "/^/", "/x/i", "'[0-9]'", "'(?!x)'", "/.*/"};
    switch (choose(4)) {
    case 0:
        put(choose(2) ? " =~ " : " !~ ");
        PUT_ONE(patterns);
        break;
    case 1:
        put(" in ");
        PUT_ONE(values);
        put(", ");
        PUT_ONE(values);
        break;
    default:
        PUT_ONE(operators);
        PUT_ONE(values);
    }
}

static void put_or(unsigned depth)
{
    static const char *const joints[] = {" and ", " or ", " && ", " || "};
    do {
        for (size_t nots = choose(3); nots > 0; nots--)
            put(choose(2) ? "not " : "!");
        if (depth < DEPTH_MAX && choose(4) == 0) {
            put("(");
            put_or(depth + 1);
            put(")");
        } else {
            put_operand();
            if (choose(3))
                put_comparison();
        }
        if (choose(3))
            return;
        PUT_ONE(joints);
    } while (len < TEXT_MAX / 4);
    put("status");
}

/* NULL: it is wrong, as a type that cannot be compared so. */
static struct expression *make_expression(void)
{
    struct expression_fault fault;
    struct expression *expression = NULL;
    len = 0;
    put_or(0);
    if (choose(4) == 0) {
        put(" when ");
        put_or(0);
    }
    (void)expression_parse((struct span){text, len}, &expression, &fault);
    return expression;
}

/* --- targets --- */

static struct target *site;
static char head[] = "HTTP/1.1 200 OK\nServer: x\nVia: a\nVia: b\n"
                     "Set-Cookie: sid=1; Secure\n";

static void begin(struct result *result)
{
    result_init(result);
    result->input = "a.test";
    result->target = site;
    result->started_at.tv_sec = 1795340412;
    result->attempts = 1;
    result->response.status = 200;
    result->response.http_major = result->response.http_minor = 1;
    result->response.head = head;
    result->response.head_len = sizeof head - 1;
}

static enum check_outcome judge(
    const struct expression *expression, const struct result *result)
{
    static const struct expression_about about = {NULL, 0, false};
    struct check check = {.expr = text};
    expression_judge(expression, result, &about, &check);
    enum check_outcome outcome = check.outcome;
    check_fini(&check);
    return outcome;
}

static void check_none(
    const struct expression *expression, const struct result *result)
{
    enum check_outcome outcome = judge(expression, result);
    ck_assert_msg(
        outcome == CHECK_NO_ANSWER || expression_judges_error(expression),
        "%s: %s", text, check_outcome_name(outcome));
}

/* No such name; cut off within its head; a line that is no target. */
static void check_dead(const struct expression *expression)
{
    struct result result;
    begin(&result);
    result.response = (struct response){0};
    result.error = FETCH_NXDOMAIN;
    result.error_phase = PHASE_DNS;
    check_none(expression, &result);
    begin(&result);
    result.response.status = 0;
    result.error = FETCH_TRUNCATED;
    result.error_phase = PHASE_RECEIVE;
    check_none(expression, &result);
    result.response = (struct response){0};
    result.target = NULL;
    result.error = FETCH_BAD_TARGET;
    result.error_phase = PHASE_INPUT;
    check_none(expression, &result);
}

static void check_negation(enum check_outcome outcome)
{
    struct expression_fault fault;
    struct expression *negated;
    struct result result;
    char opposite[TEXT_MAX + 10];
    if (strstr(text, " when "))
        return;
    int size = snprintf(opposite, sizeof opposite, "not (%s)", text);
    ck_assert_int_eq(expression_parse((struct span){opposite, (size_t)size},
                         &negated, &fault),
        0);
    begin(&result);
    ck_assert_msg(outcome != CHECK_OK || judge(negated, &result) != CHECK_OK,
        "%s and its negation", text);
    expression_destroy(negated);
}

START_TEST(none_holds_without_a_head)
{
    static const char url[] = "https://a.test/x";
    const char *reason;
    size_t good = 0, ok = 0;
    ck_assert_int_eq(target_parse(url, sizeof url - 1, &site, &reason), 0);
    for (size_t i = 0; i < EXPRESSIONS; i++) {
        struct expression *expression = make_expression();
        struct result result;
        if (!expression)
            continue;
        good++;
        check_dead(expression);
        begin(&result);
        enum check_outcome outcome = judge(expression, &result);
        ok += outcome == CHECK_OK;
        check_negation(outcome);
        expression_destroy(expression);
    }
    target_destroy(site);
    /* The generator is worth something. */
    ck_assert_uint_gt(good, EXPRESSIONS / 5);
    ck_assert_uint_gt(ok, good / 5);
}
END_TEST

int main(void)
{
    return run_tests(
        "generated", (const TTest *const[]){none_holds_without_a_head, NULL});
}
