/*
 * errors - one line for each failed target, or address of one, and for each
 * that might do better or whose addresses do not answer alike.
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

static void put_outcome(struct output *err, const struct result *result)
{
    if (result->error != FETCH_OK)
        put_line(err, result, phase_name(result->error_phase),
            result_message(result));
    if (result->hint)
        put_line(err, result, "hint", result->hint);
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
