/*
 * errors - one line for each failed target, or address of one, and for each
 * that might do better, is not as expected, or whose addresses do not answer
 * alike.
 *
 * Invariant: each message is a line, whatever bytes it and the name hold.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/fold.h"
#include "report/paint.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of changes: so many, and bytes of a value. */
enum { CHANGES_SHOWN = 10, VALUE_SHOWN = 100 };

struct errors_report {
    struct report base;
    struct output *err;
    struct terminal terminal;
    uint64_t told[FETCH_ERROR_COUNT]; /* failures that have a line */
    struct fold fold; /* those that have none */
};

/* The name that a line begins with. */
static void put_name(struct errors_report *errors, const struct result *result)
{
    paint_put(errors->err, PAINT_NAME, result->input, result_input_len(result),
        errors->terminal.has_color);
    output_puts(errors->err, ": ");
}

static void put_line(struct errors_report *errors, const struct result *result,
    const char *what, const char *message)
{
    put_name(errors, result);
    output_puts(errors->err, what);
    output_puts(errors->err, ": ");
    output_put_escaped(errors->err, message, strlen(message));
    output_puts(errors->err, "\n");
}

static void put_failure(
    struct errors_report *errors, const struct result *result)
{
    const char *message = result_message(result);
    bool has_color = errors->terminal.has_color;
    struct output *err = errors->err;
    put_name(errors, result);
    output_puts(err, paint_code(has_color, PAINT_FAILED));
    output_puts(err, phase_name(result->error_phase));
    output_puts(err, ": ");
    output_put_escaped(err, message, strlen(message));
    output_puts(err, paint_code(has_color, PAINT_OFF));
    output_puts(err, "\n");
}

static void put_text(struct output *err, const char *text)
{
    output_put_escaped(err, text, strlen(text));
}

/* "INPUT: expected EXPR: is 300", and what the rule says of itself. */
static void put_check(struct errors_report *errors, const struct result *result,
    const struct check *check)
{
    struct output *err = errors->err;
    bool is_warning = check->is_warning && check->outcome == CHECK_FAILED,
         has_color = errors->terminal.has_color;
    put_name(errors, result);
    output_puts(
        err, paint_code(has_color, is_warning ? PAINT_BAD : PAINT_FAILED));
    output_puts(err, is_warning ? "warning: expected " : "expected ");
    output_puts(err, paint_code(has_color, PAINT_OFF));
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
static void put_checks(
    struct errors_report *errors, const struct result *result)
{
    bool tells_none = !result_has_failed(result);
    for (size_t i = 0; i < result->check_count; i++) {
        enum check_outcome outcome = result->checks[i].outcome;
        if (outcome == CHECK_FAILED ||
            (outcome == CHECK_NO_ANSWER && tells_none))
            put_check(errors, result, &result->checks[i]);
    }
}

/* On a terminal, many failures of one cause would scroll away the rest. */
static bool is_folded(struct errors_report *errors, const struct result *result)
{
    uint64_t *told = &errors->told[result->error];
    if (fold_is_due(&errors->terminal, result->error, *told + 1)) {
        fold_add(&errors->fold, result);
        return true;
    }
    ++*told;
    return false;
}

static void put_outcome(
    struct errors_report *errors, const struct result *result)
{
    bool has_failed = result_has_failed(result);
    bool folded = has_failed && is_folded(errors, result);
    if (has_failed && !folded)
        put_failure(errors, result);
    if (result->hint && !folded)
        put_line(errors, result, "hint", result->hint);
    put_checks(errors, result);
}

/* A stranger's value, which may be long; none stands without quotes. */
static void put_value(struct output *err, const char *text, bool quoted)
{
    size_t len = text ? strlen(text) : 0;
    size_t shown = len < VALUE_SHOWN ? len : VALUE_SHOWN;
    if (!text) {
        output_puts(err, "none");
        return;
    }
    output_puts(err, quoted ? "\"" : "");
    output_put_escaped(err, text, shown);
    output_puts(err, shown < len ? "..." : "");
    output_puts(err, quoted ? "\"" : "");
}

static void put_change(struct output *err, const struct drift_change *change)
{
    put_value(err, change->what, false);
    output_puts(err, " ");
    put_value(err, change->from, change->is_field);
    output_puts(err, " -> ");
    put_value(err, change->to, change->is_field);
}

static void put_changes(struct output *err, const struct drift *drift)
{
    size_t shown = drift->count < CHANGES_SHOWN ? drift->count : CHANGES_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        output_puts(err, i ? ", " : ": ");
        put_change(err, &drift->changes[i]);
    }
    if (shown < drift->count)
        output_printf(err, ", and %zu more", drift->count - shown);
}

static void put_drift(struct errors_report *errors, const struct result *result)
{
    struct output *err = errors->err;
    if (!result->drift || result->drift->outcome == DRIFT_UNCHANGED)
        return;
    put_name(errors, result);
    output_puts(err, drift_outcome_name(result->drift->outcome));
    output_puts(
        err, result->round ? " since the round before" : " since baseline");
    put_changes(err, result->drift);
    output_puts(err, "\n");
}

static void errors_removed(struct report *report, struct span input)
{
    struct output *err = ((struct errors_report *)report)->err;

    output_put_escaped(err, input.at, input.len);
    output_puts(err, ": removed since baseline\n");
    if (output_is_full(err))
        output_flush(err);
}

/* "a.test, b.test, ..." */
static void put_names(struct output *err, const struct report_group *group)
{
    for (size_t i = 0; i < group->name_count; i++) {
        output_puts(err, i ? ", " : "");
        put_value(err, group->names[i], false);
    }
    if (group->name_count < group->count)
        output_puts(err, ", ...");
}

/* "198 alike: a.test, b.test, ...: status 200", and after the largest:
 * "2 differ: x.test, y.test: status 200 -> 503".  One is like no other. */
static void errors_group(
    struct report *report, const struct report_group *group)
{
    struct output *err = ((struct errors_report *)report)->err;
    output_printf(err, "%" PRIu64 " ", group->count);
    if (!group->status) {
        output_puts(err, "more in too many groups\n");
        return;
    }
    output_puts(err, !group->difference
                         ? group->count == 1 ? "target: " : "alike: "
                     : group->count == 1 ? "differs: "
                                         : "differ: ");
    put_names(err, group);
    if (group->difference) {
        put_changes(err, group->difference);
    } else {
        output_puts(err, ": status ");
        put_text(err, group->status);
    }
    output_puts(err, "\n");
}

static void put_addresses(
    struct errors_report *errors, const struct result *result)
{
    for (size_t i = 0; i < result->address_count; i++)
        put_outcome(errors, &result->addresses[i]);
    if (result->difference)
        put_line(errors, result, "addresses differ", result->difference);
    if (result->hint)
        put_line(errors, result, "hint", result->hint);
}

static void errors_result(struct report *report, const struct result *result)
{
    struct errors_report *errors = (struct errors_report *)report;

    if (result->addresses)
        put_addresses(errors, result);
    else
        put_outcome(errors, result);
    put_drift(errors, result);
}

static int errors_finish(struct report *report, const struct run_totals *totals)
{
    struct errors_report *errors = (struct errors_report *)report;

    (void)totals;
    terminal_refresh(&errors->terminal);
    fold_put(&errors->fold, errors->err, &errors->terminal, errors->told);
    return 0;
}

static void errors_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops errors_ops = {
    .result = errors_result,
    .removed = errors_removed,
    .group = errors_group,
    .finish = errors_finish,
    .destroy = errors_destroy,
};

struct report *report_errors_create(
    struct output *err, const struct terminal *terminal)
{
    struct errors_report *errors = calloc(1, sizeof(*errors));

    if (!errors)
        return NULL;
    errors->base.ops = &errors_ops;
    errors->err = err;
    errors->terminal = *terminal;
    return &errors->base;
}
