/*
 * An expression, the first line of the input, and a stored head that it is
 * judged against, the rest.
 *
 * What is wrong with it stands within it; it never holds together with its
 * negation, and never for a target without a head, unless it asks for the
 * error.
 */
#include "fuzz.h"

#include "input/target.h"
#include "judge/expression.h"
#include "record/check.h"
#include "record/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As any other is made, once. */
static struct target *site(void)
{
    static struct target *target;
    static const char text[] = "https://a.test/x";
    const char *reason;
    if (!target)
        fuzz_must(!target_parse(text, strlen(text), &target, &reason));
    return target;
}

static struct result result_of(struct span head)
{
    struct result result;
    result_init(&result);
    result.input = "a.test";
    result.target = site();
    result.started_at.tv_sec = 1795340412;
    result.response.status = 200;
    result.response.http_major = 1;
    result.response.head = (char *)head.at;
    result.response.head_len = head.len;
    result.response.interim = (char *)head.at;
    result.response.interim_len = head.len;
    return result;
}

static enum check_outcome judge(
    const struct expression *expression, const struct result *result)
{
    static const struct span columns[] = {{"200", 3}};
    static const struct expression_about about = {columns, 1, true};
    struct check check = {.expr = ""};
    expression_judge(expression, result, &about, &check);
    fuzz_must((unsigned)check.outcome < CHECK_OUTCOME_COUNT);
    fuzz_must(check.outcome != CHECK_FAILED || check.why);
    /* 200 bytes of a value, a NUL as \x00, and dots. */
    fuzz_must(!check.actual || strlen(check.actual) <= 4 * 200 + 3);
    enum check_outcome outcome = check.outcome;
    check_fini(&check);
    return outcome;
}

static void check_dead(const struct expression *expression)
{
    struct result result = result_of((struct span){"", 0});
    result.response = (struct response){0};
    result.error = FETCH_NXDOMAIN;
    result.error_phase = PHASE_DNS;
    enum check_outcome outcome = judge(expression, &result);
    fuzz_must(
        expression_judges_error(expression) || outcome == CHECK_NO_ANSWER);
}

/* Only what can be told has an opposite, and guards are not negated. */
static void check_negation(
    struct span text, enum check_outcome outcome, const struct result *result)
{
    struct expression_fault fault;
    struct expression *negated;
    char *bytes;
    if (memmem(text.at, text.len, "when", 4))
        return;
    int len = asprintf(&bytes, "not (%.*s)", (int)text.len, text.at);
    fuzz_must(len > 0);
    if (!memchr(text.at, '\0', text.len) &&
        !expression_parse(
            (struct span){bytes, (size_t)len}, &negated, &fault)) {
        enum check_outcome other = judge(negated, result);
        fuzz_must(outcome != CHECK_OK || other != CHECK_OK);
        expression_destroy(negated);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    struct span line = fuzz_take(&input, '\n');
    char *text = fuzz_copy(line), *head = fuzz_copy(input);
    struct expression_fault fault;
    struct expression *expression = NULL;
    line.at = text;
    int error = expression_parse(line, &expression, &fault);
    fuzz_must(error == 0 || error == -EINVAL);
    if (error) {
        fuzz_must(fault.at <= line.len && *fault.text);
    } else {
        struct result result = result_of((struct span){head, input.len});
        check_negation(line, judge(expression, &result), &result);
        check_dead(expression);
        expression_destroy(expression);
    }
    free(text);
    free(head);
    return 0;
}
