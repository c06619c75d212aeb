/*
 * annotate - workflow commands of GitHub Actions, which show a message beside
 * the line of the list that a target stands in.
 *
 * Invariant: each failure is one line, and nothing in it is another command.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"
#include "report/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct annotate_report {
    struct report base;
    struct output *out;
};

/* --- texts --- */

static const char *escape_message(char byte)
{
    return byte == '%' ? "%25" : NULL;
}

static const char *escape_property(char byte)
{
    return byte == ':' ? "%3A" : byte == ',' ? "%2C" : escape_message(byte);
}

static void put_message(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_message);
}

static void put_property(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_property);
}

/* --- a command --- */

/* stdin is no file that a message could stand beside. */
static void put_place(struct output *out, const struct result *result)
{
    const char *file = result->list_file;
    if (!file || strcmp(file, "-") == 0)
        return;
    output_puts(out, "file=");
    put_property(out, file, strlen(file));
    output_printf(out, ",line=%zu,", result->list_line);
}

static void put_command(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    output_puts(
        out, verdict->kind == VERDICT_WARNING ? "::warning " : "::error ");
    put_place(out, result);
    output_puts(out, "title=");
    put_property(out, result->input, result_input_len(result));
    output_puts(out, "::");
    put_message(out, result->input, result_input_len(result));
    output_puts(out, ": ");
    if (verdict->check) {
        output_puts(out, "expected ");
        verdict_put_name(out, verdict, put_message);
        output_puts(out, ": ");
    }
    verdict_put_why(out, result, verdict, put_message);
    output_puts(out, "\n");
}

/* --- the report --- */

static bool is_told(const struct result *result, const struct verdict *verdict)
{
    if (verdict->kind == VERDICT_NO_ANSWER)
        return !result_has_failed(result); /* that is told once */
    return verdict->kind == VERDICT_FAILED || verdict->kind == VERDICT_WARNING;
}

static void annotate_result(struct report *report, const struct result *result)
{
    struct output *out = ((struct annotate_report *)report)->out;
    const struct verdict failure = {VERDICT_NO_ANSWER, NULL};
    struct verdict verdict;
    if (result_has_failed(result))
        put_command(out, result, &failure);
    for (size_t i = 0; verdict_at(result, i, &verdict); i++)
        if (is_told(result, &verdict))
            put_command(out, result, &verdict);
}

static int annotate_finish(
    struct report *report, const struct run_totals *totals)
{
    if (totals->not_begun)
        output_printf(((struct annotate_report *)report)->out,
            "::error title=afetch::targets not begun: %" PRIu64 "\n",
            totals->not_begun);
    return 0;
}

static void annotate_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops annotate_ops = {
    .result = annotate_result,
    .finish = annotate_finish,
    .destroy = annotate_destroy,
};

struct report *report_annotate_create(struct output *out)
{
    struct annotate_report *annotate = calloc(1, sizeof *annotate);
    if (!annotate)
        return NULL;
    annotate->base.ops = &annotate_ops;
    annotate->out = out;
    return &annotate->base;
}
