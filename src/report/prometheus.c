/*
 * prometheus - gauges for the textfile collector of node_exporter.
 *
 * Samples of one metric stand together in this format, so targets are kept
 * until the end, as figures.
 *
 * Invariant: no two samples have the same labels: of equal targets the last
 * one counts.
 */
#include "exit.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/prometheus_checks.h"
#include "report/prometheus_metrics.h"
#include "report/report.h"
#include "text/array.h"
#include "text/escape.h"
#include "text/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 10000, CHECKS_MAX = 100000 };

/* --- what is kept of a target --- */

struct row {
    char *label; /* heap: the target, as it stands between the quotes */
    size_t at; /* in the order of their ends */
    enum fetch_error error;
    enum phase phase;
    int64_t values[PROMETHEUS_METRICS];
    struct prometheus_checks checks;
};

struct prometheus_report {
    struct report base;
    struct output *out;
    struct row *rows;
    size_t count, size;
    size_t checks; /* of all rows */
    bool is_over; /* there are more targets or checks than are kept */
    int error; /* -errno */
};

/* Backslash and quote are escaped once more. */
static void quote_label(char *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"')
            *out++ = '\\';
        *out++ = *text;
    }
    *out = 0;
}

/* Valid UTF-8 without any control character; NULL: no memory. */
static char *make_label(const char *bytes, size_t len)
{
    size_t size = ESCAPE_LEN * len + 1;
    char *text = malloc(size), *label = malloc(2 * size);

    if (text && label) {
        if (utf8_valid(bytes, len))
            escape_write(text, size, bytes, len);
        else
            escape_quote(text, size, bytes, len);
        quote_label(label, text);
    } else {
        free(label);
        label = NULL;
    }
    free(text);
    return label;
}

static int add_row(
    struct prometheus_report *prometheus, const struct result *result)
{
    struct row *rows, *row;
    char *label;

    rows = array_grow(
        prometheus->rows, &prometheus->size, prometheus->count, sizeof *rows);
    if (!rows)
        return -ENOMEM;
    prometheus->rows = rows;
    label = make_label(result->input, result_input_len(result));
    if (!label)
        return -ENOMEM;
    row = &prometheus->rows[prometheus->count];
    *row = (struct row){.label = label,
        .at = prometheus->count++,
        .error = result->error,
        .phase = result->error_phase};
    for (size_t i = 0; i < PROMETHEUS_METRICS; i++)
        row->values[i] = prometheus_metrics[i].get(result);
    prometheus->checks += result->check_count;
    return prometheus_checks_take(&row->checks, result);
}

static void drop_row(struct row *row)
{
    free(row->label);
    prometheus_checks_fini(&row->checks);
}

static void drop_rows(struct prometheus_report *prometheus)
{
    for (size_t i = 0; i < prometheus->count; i++)
        drop_row(&prometheus->rows[i]);
    free(prometheus->rows);
    prometheus->rows = NULL;
    prometheus->count = prometheus->size = 0;
}

/* --- order --- */

static int compare_rows(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = strcmp(left->label, right->label);

    return order ? order : (left->at > right->at) - (left->at < right->at);
}

static bool is_last_of_its_name(
    const struct prometheus_report *prometheus, size_t i)
{
    return i + 1 == prometheus->count ||
           strcmp(prometheus->rows[i].label, prometheus->rows[i + 1].label);
}

/* Sorts the rows; of equal targets the last one stays. */
static void sort_rows(struct prometheus_report *prometheus)
{
    size_t kept = 0;

    if (prometheus->count == 0)
        return;
    qsort(prometheus->rows, prometheus->count, sizeof *prometheus->rows,
        compare_rows);
    for (size_t i = 0; i < prometheus->count; i++)
        if (is_last_of_its_name(prometheus, i))
            prometheus->rows[kept++] = prometheus->rows[i];
        else
            drop_row(&prometheus->rows[i]);
    prometheus->count = kept;
}

/* --- samples --- */

static void put_heading(struct output *out, const char *name, const char *help)
{
    output_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_number(struct output *out, enum metric_unit unit, int64_t value)
{
    int64_t us = (value + 500) / 1000;

    if (unit == METRIC_WHOLE)
        output_printf(out, " %" PRId64 "\n", value);
    else
        output_printf(
            out, " %" PRId64 ".%06" PRId64 "\n", us / 1000000, us % 1000000);
}

static void put_samples(const struct prometheus_report *prometheus,
    const struct prometheus_metric *metric)
{
    struct output *out = prometheus->out;

    for (size_t i = 0; i < prometheus->count; i++) {
        const struct row *row = &prometheus->rows[i];
        int64_t value = row->values[metric - prometheus_metrics];
        if (value == METRIC_NONE)
            continue;
        output_printf(out, "%s{target=\"", metric->name);
        output_puts(out, row->label);
        if (metric->phase)
            output_printf(out, "\",phase=\"%s", metric->phase);
        output_puts(out, "\"}");
        put_number(out, metric->unit, value);
    }
}

static bool shares_heading(const struct prometheus_metric *metric)
{
    return metric > prometheus_metrics &&
           !strcmp(metric[-1].name, metric->name);
}

static void put_failures(const struct prometheus_report *prometheus)
{
    struct output *out = prometheus->out;

    put_heading(out, "afetch_failure_info", "Why the target failed.");
    for (size_t i = 0; i < prometheus->count; i++) {
        const struct row *row = &prometheus->rows[i];
        if (row->error == FETCH_OK)
            continue;
        output_puts(out, "afetch_failure_info{target=\"");
        output_puts(out, row->label);
        output_printf(out, "\",phase=\"%s\",reason=\"%s\"} 1\n",
            phase_name(row->phase), fetch_error_name(row->error));
    }
}

static void put_checks(const struct prometheus_report *prometheus)
{
    if (!prometheus->checks)
        return;
    put_heading(prometheus->out, "afetch_check",
        "Whether the target is as a check expects it.");
    for (size_t i = 0; i < prometheus->count; i++)
        prometheus_checks_put(prometheus->out, prometheus->rows[i].label,
            &prometheus->rows[i].checks);
}

static void put_targets(const struct prometheus_report *prometheus)
{
    for (const struct prometheus_metric *metric = prometheus_metrics;
         metric < prometheus_metrics + PROMETHEUS_METRICS; metric++) {
        if (!shares_heading(metric))
            put_heading(prometheus->out, metric->name, metric->help);
        put_samples(prometheus, metric);
    }
    put_failures(prometheus);
    put_checks(prometheus);
}

static void put_counts(struct output *out, const struct run_totals *totals)
{
    put_heading(out, "afetch_run_targets", "Targets of the run by outcome.");
    output_printf(out,
        "afetch_run_targets{outcome=\"ok\"} %" PRIu64
        "\nafetch_run_targets{outcome=\"failed\"} %" PRIu64
        "\nafetch_run_targets{outcome=\"not_begun\"} %" PRIu64 "\n",
        totals->ok, totals->failed, totals->not_begun);
    put_heading(out, "afetch_run_responses", "Responses by class of status.");
    for (int class = 1; class <= 9; class ++)
        if (class <= 5 || totals->by_status_class[class])
            output_printf(out,
                "afetch_run_responses{class=\"%dxx\"} %" PRIu64 "\n", class,
                totals->by_status_class[class]);
}

static void put_check_totals(struct output *out, const struct check_totals *of)
{
    if (!of->any)
        return;
    put_heading(out, "afetch_run_checks", "Checks of the run by outcome.");
    output_printf(out,
        "afetch_run_checks{outcome=\"ok\"} %" PRIu64
        "\nafetch_run_checks{outcome=\"failed\"} %" PRIu64
        "\nafetch_run_checks{outcome=\"warned\"} %" PRIu64
        "\nafetch_run_checks{outcome=\"no_answer\"} %" PRIu64
        "\nafetch_run_checks{outcome=\"skipped\"} %" PRIu64 "\n",
        of->by_outcome[CHECK_OK], of->by_outcome[CHECK_FAILED], of->warned,
        of->by_outcome[CHECK_NO_ANSWER], of->by_outcome[CHECK_SKIPPED]);
}

static void put_totals(struct output *out, const struct run_totals *totals)
{
    put_counts(out, totals);
    put_check_totals(out, &totals->checks);
    put_heading(out, "afetch_run_failures", "Failed targets by reason.");
    for (int error = 1; error < FETCH_ERROR_COUNT; error++)
        if (totals->by_error[error])
            output_printf(out,
                "afetch_run_failures{reason=\"%s\"} %" PRIu64 "\n",
                fetch_error_name((enum fetch_error)error),
                totals->by_error[error]);
    put_heading(out, "afetch_run_duration_seconds", "Time the run took.");
    output_puts(out, "afetch_run_duration_seconds");
    put_number(out, METRIC_SECONDS, totals->wall);
}

/* --- the report --- */

static void prometheus_result(
    struct report *report, const struct result *result)
{
    struct prometheus_report *prometheus = (struct prometheus_report *)report;

    if (prometheus->is_over || prometheus->error)
        return;
    if (prometheus->count < ROWS_MAX &&
        prometheus->checks + result->check_count <= CHECKS_MAX) {
        prometheus->error = add_row(prometheus, result);
        return;
    }
    bool full = prometheus->count == ROWS_MAX;
    prometheus->is_over = true;
    drop_rows(prometheus);
    warn("--prometheus: more than %d %s; only the totals are written",
        full ? ROWS_MAX : CHECKS_MAX, full ? "targets" : "checks");
}

static int prometheus_finish(
    struct report *report, const struct run_totals *totals)
{
    struct prometheus_report *prometheus = (struct prometheus_report *)report;

    if (prometheus->error)
        return prometheus->error;
    sort_rows(prometheus);
    if (prometheus->count > 0)
        put_targets(prometheus);
    put_totals(prometheus->out, totals);
    return 0;
}

static void prometheus_destroy(struct report *report)
{
    drop_rows((struct prometheus_report *)report);
    free(report);
}

static const struct report_ops prometheus_ops = {
    .result = prometheus_result,
    .finish = prometheus_finish,
    .destroy = prometheus_destroy,
};

struct report *report_prometheus_create(struct output *out)
{
    struct prometheus_report *prometheus = calloc(1, sizeof *prometheus);

    if (!prometheus)
        return NULL;
    prometheus->base.ops = &prometheus_ops;
    prometheus->out = out;
    return &prometheus->base;
}
