/*
 * errors - one line for each failed target, or address of one, and for each
 * that might do better, is not as expected, or whose addresses do not answer
 * alike.
 *
 * Invariant: each message is a line, whatever bytes it and the name hold.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

struct errors_report {
    struct report base;
    struct output *err;
};

static void put_line(struct output *err, const struct result *result,
    const char *what, const char *message)
{
    output_put_escaped(err, result->input, result_input_len(result));
    output_puts(err, ": ");
    output_puts(err, what);
    output_puts(err, ": ");
    output_put_escaped(err, message, strlen(message));
    output_puts(err, "\n");
}

static void put_text(struct output *err, const char *text)
{
    output_put_escaped(err, text, strlen(text));
}

/* "INPUT: expected EXPR: is 300", and what the rule says of itself. */
static void put_check(
    struct output *err, const struct result *result, const struct check *check)
{
    output_put_escaped(err, result->input, result_input_len(result));
    output_puts(err, check->is_warning && check->outcome == CHECK_FAILED
                         ? ": warning: expected "
                         : ": expected ");
    put_text(err, check->expr);
    output_puts(err, ": ");
    put_text(err, check->why ? check->why : "failed");
    if (check->id || check->message)
        output_puts(err, " (");
    if (check->id)
        put_text(err, check->id);
    if (check->id && check->message)
        output_puts(err, ": ");
    if (check->message)
        put_text(err, check->message);
    output_puts(err, check->id || check->message ? ")\n" : "\n");
}

/* What gave no head has failed, and has its line, unless just that was
 * expected. */
static void put_checks(struct output *err, const struct result *result)
{
    bool tells_none = !result_has_failed(result);
    for (size_t i = 0; i < result->check_count; i++) {
        enum check_outcome outcome = result->checks[i].outcome;
        if (outcome == CHECK_FAILED ||
            (outcome == CHECK_NO_ANSWER && tells_none))
            put_check(err, result, &result->checks[i]);
    }
}

static void put_outcome(struct output *err, const struct result *result)
{
    if (result_has_failed(result))
        put_line(err, result, phase_name(result->error_phase),
            result_message(result));
    if (result->hint)
        put_line(err, result, "hint", result->hint);
    put_checks(err, result);
}

static void put_addresses(struct output *err, const struct result *result)
{
    for (size_t i = 0; i < result->address_count; i++)
        put_outcome(err, &result->addresses[i]);
    if (result->difference)
        put_line(err, result, "addresses differ", result->difference);
    if (result->hint)
        put_line(err, result, "hint", result->hint);
}

static void errors_result(struct report *report, const struct result *result)
{
    struct output *err = ((struct errors_report *)report)->err;

    if (result->addresses)
        put_addresses(err, result);
    else
        put_outcome(err, result);
}

static void errors_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops errors_ops = {
    .result = errors_result,
    .destroy = errors_destroy,
};

struct report *report_errors_create(struct output *err)
{
    struct errors_report *errors = malloc(sizeof(*errors));

    if (!errors)
        return NULL;
    *errors = (struct errors_report){.base.ops = &errors_ops, .err = err};
    return &errors->base;
}
