/*
 * tap - the Test Anything Protocol, version 13: a test for each check of each
 * target, the plan at the end.
 *
 * Invariant: a reader counts the tests as they are meant, whatever bytes are
 * in names, expressions and values.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"
#include "report/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct tap_report {
    struct report base;
    struct output *out;
    uint64_t tests;
};

/* --- texts --- */

/* A number sign would begin a directive. */
static const char *escape_line(char byte)
{
    return byte == '#' ? "\\#" : byte == '\\' ? "\\\\" : NULL;
}

static void put_line(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_line);
}

/* Between double quotes. */
static const char *escape_yaml(char byte)
{
    return byte == '"'    ? "\\\""
           : byte == '\\' ? "\\\\"
           : byte == '\t' ? "\\t"
                          : NULL;
}

static void put_yaml(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_yaml);
}

static const char *escape_nothing(char byte)
{
    (void)byte;
    return NULL;
}

static void put_plain(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_nothing);
}

/* --- what goes with a test --- */

static void put_member(struct output *out, const char *name, const char *value)
{
    if (!value)
        return;
    output_printf(out, "  %s: \"", name);
    put_yaml(out, value, strlen(value));
    output_puts(out, "\"\n");
}

static void put_place(struct output *out, const struct result *result)
{
    if (!result->list_file)
        return;
    put_member(out, "file", result->list_file);
    output_printf(out, "  line: %zu\n", result->list_line);
}

static void put_block(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    const struct check *check = verdict->check;
    output_puts(out, "  ---\n");
    put_member(out, "outcome", verdict_name(verdict->kind));
    if (check)
        put_member(out, "expected", check->expr);
    put_member(out, "actual", check ? check->actual : NULL);
    output_puts(out, "  why: \"");
    verdict_put_why(out, result, verdict, put_yaml);
    output_puts(out, "\"\n");
    put_place(out, result);
    output_puts(out, "  ...\n");
}

static void put_directive(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    if (verdict->kind == VERDICT_WARNING)
        output_puts(out, " # TODO a warning only");
    if (verdict->kind != VERDICT_SKIPPED)
        return;
    output_puts(out, " # SKIP ");
    verdict_put_why(out, result, verdict, put_line);
}

/* --- a test --- */

static void begin_test(struct tap_report *tap, bool is_ok)
{
    output_printf(
        tap->out, "%sok %" PRIu64 " - ", is_ok ? "" : "not ", ++tap->tests);
}

static void put_test(struct tap_report *tap, const struct result *result,
    const struct verdict *verdict)
{
    struct output *out = tap->out;
    bool is_ok =
        verdict->kind == VERDICT_OK || verdict->kind == VERDICT_SKIPPED;
    begin_test(tap, is_ok);
    put_line(out, result->input, result_input_len(result));
    output_puts(out, ": ");
    verdict_put_name(out, verdict, put_line);
    put_directive(out, result, verdict);
    output_puts(out, "\n");
    if (!is_ok)
        put_block(out, result, verdict);
}

/* A target that has failed is told once more, for those who read. */
static void put_diagnostic(struct output *out, const struct result *result)
{
    const struct verdict failure = {VERDICT_NO_ANSWER, NULL};
    output_puts(out, "# ");
    put_plain(out, result->input, result_input_len(result));
    output_puts(out, ": ");
    verdict_put_why(out, result, &failure, put_plain);
    output_puts(out, "\n");
}

/* --- the report --- */

static void tap_begin(struct report *report)
{
    output_puts(((struct tap_report *)report)->out, "TAP version 13\n");
}

static void tap_result(struct report *report, const struct result *result)
{
    struct tap_report *tap = (struct tap_report *)report;
    struct verdict verdict;
    for (size_t i = 0; verdict_at(result, i, &verdict); i++)
        put_test(tap, result, &verdict);
    if (result_has_failed(result))
        put_diagnostic(tap->out, result);
}

/* What was not begun was not met either. */
static void put_rest(struct tap_report *tap, const struct run_totals *totals)
{
    if (totals->not_begun == 0 && !totals->signal)
        return;
    begin_test(tap, false);
    if (totals->signal)
        output_printf(
            tap->out, "interrupted by %s, ", totals_signal_name(totals));
    output_printf(
        tap->out, "targets not begun: %" PRIu64 "\n", totals->not_begun);
}

static int tap_finish(struct report *report, const struct run_totals *totals)
{
    struct tap_report *tap = (struct tap_report *)report;
    put_rest(tap, totals);
    output_printf(tap->out, "1..%" PRIu64 "%s\n", tap->tests,
        tap->tests ? "" : " # SKIP no targets");
    return 0;
}

static void tap_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops tap_ops = {
    .begin = tap_begin,
    .result = tap_result,
    .finish = tap_finish,
    .destroy = tap_destroy,
};

struct report *report_tap_create(struct output *out)
{
    struct tap_report *tap = calloc(1, sizeof *tap);
    if (!tap)
        return NULL;
    tap->base.ops = &tap_ops;
    tap->out = out;
    return &tap->base;
}
