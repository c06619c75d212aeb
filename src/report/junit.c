/*
 * junit - JUnit's XML, as CI servers read it: a test suite for each target, a
 * test case for each check, written as targets end.
 *
 * Invariant: the file is well-formed XML 1.0, whatever bytes came.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"
#include "report/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct junit_report {
    struct report base;
    struct output *out;
};

/* --- texts --- */

/* For attributes, where a TAB as such would be read as a blank. */
static const char *escape_xml(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    default:
        return NULL;
    }
}

static void put_xml(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_xml);
}

static void put_attribute(
    struct output *out, const char *name, const char *bytes, size_t len)
{
    output_printf(out, " %s=\"", name);
    put_xml(out, bytes, len);
    output_puts(out, "\"");
}

/* Seconds; 0 for what took none. */
static void put_time(struct output *out, int64_t ns)
{
    int64_t us = ns == PHASE_NONE ? 0 : (ns + 500) / 1000;
    output_printf(
        out, " time=\"%" PRId64 ".%06" PRId64 "\"", us / 1000000, us % 1000000);
}

/* In UTC; the schema has no zones. */
static void put_timestamp(struct output *out, const struct timespec *at)
{
    char text[64];
    struct tm tm;
    if (at->tv_sec && gmtime_r(&at->tv_sec, &tm) &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm))
        output_printf(out, " timestamp=\"%s\"", text);
}

/* --- a test case --- */

static void put_place(struct output *out, const struct result *result)
{
    if (!result->list_file)
        return;
    put_attribute(out, "file", result->list_file, strlen(result->list_file));
    output_printf(out, " line=\"%zu\"", result->list_line);
}

/* What was not as it should be: <failure message="is 300" type="failed">. */
static void put_outcome(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    const char *element = verdict->kind == VERDICT_SKIPPED  ? "skipped"
                          : verdict->kind == VERDICT_FAILED ? "failure"
                                                            : "error";
    output_printf(out, "      <%s message=\"", element);
    verdict_put_why(out, result, verdict, put_xml);
    output_puts(out, "\"");
    if (verdict->kind == VERDICT_NO_ANSWER)
        output_printf(out, " type=\"%s\"",
            result->error ? fetch_error_name(result->error) : "no answer");
    if (verdict->kind == VERDICT_FAILED)
        output_puts(out, " type=\"failed\"");
    output_puts(out, "/>\n");
}

/* It is told, but is no failure. */
static void put_warning(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    output_puts(out, "      <system-out>warning: ");
    verdict_put_why(out, result, verdict, put_xml);
    output_puts(out, "</system-out>\n");
}

static void put_case(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    output_puts(out, "    <testcase name=\"");
    verdict_put_name(out, verdict, put_xml);
    output_puts(out, "\"");
    put_attribute(out, "classname", result->input, result_input_len(result));
    put_time(out, result->timings[PHASE_TOTAL]);
    put_place(out, result);
    if (verdict->kind == VERDICT_OK) {
        output_puts(out, "/>\n");
        return;
    }
    output_puts(out, ">\n");
    if (verdict->kind == VERDICT_WARNING)
        put_warning(out, result, verdict);
    else
        put_outcome(out, result, verdict);
    output_puts(out, "    </testcase>\n");
}

/* --- the report --- */

static void put_counts(struct output *out, const struct result *result)
{
    size_t counts[VERDICT_COUNT] = {0}, tests;
    struct verdict verdict;
    for (tests = 0; verdict_at(result, tests, &verdict); tests++)
        counts[verdict.kind]++;
    output_printf(out,
        " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", tests,
        counts[VERDICT_FAILED], counts[VERDICT_NO_ANSWER],
        counts[VERDICT_SKIPPED]);
}

static void junit_begin(struct report *report)
{
    output_puts(((struct junit_report *)report)->out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"afetch\">\n");
}

static void junit_result(struct report *report, const struct result *result)
{
    struct output *out = ((struct junit_report *)report)->out;
    struct verdict verdict;
    output_puts(out, "  <testsuite");
    put_attribute(out, "name", result->input, result_input_len(result));
    put_counts(out, result);
    put_time(out, result->timings[PHASE_TOTAL]);
    put_timestamp(out, &result->started_at);
    output_puts(out, ">\n");
    for (size_t i = 0; verdict_at(result, i, &verdict); i++)
        put_case(out, result, &verdict);
    output_puts(out, "  </testsuite>\n");
}

/* What was not begun is an error, too. */
static int junit_finish(struct report *report, const struct run_totals *totals)
{
    struct output *out = ((struct junit_report *)report)->out;
    if (totals->not_begun || totals->signal)
        output_printf(out,
            "  <testsuite name=\"targets not begun\" tests=\"1\""
            " failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n"
            "    <testcase name=\"begun\" classname=\"targets\" time=\"0\">\n"
            "      <error message=\"targets not begun: %" PRIu64
            "\" type=\"not begun\"/>\n"
            "    </testcase>\n"
            "  </testsuite>\n",
            totals->not_begun);
    output_puts(out, "</testsuites>\n");
    return 0;
}

static void junit_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops junit_ops = {
    .begin = junit_begin,
    .result = junit_result,
    .finish = junit_finish,
    .destroy = junit_destroy,
};

struct report *report_junit_create(struct output *out)
{
    struct junit_report *junit = calloc(1, sizeof *junit);
    if (!junit)
        return NULL;
    junit->base.ops = &junit_ops;
    junit->out = out;
    return &junit->base;
}
