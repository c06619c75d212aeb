/*
 * summary - the timing table and the totals, for people.
 *
 * A row is times first and the name last, so that no name, however long or
 * wide, moves a column.
 *
 * Invariant: at most ROWS_KEPT rows are ever held; a longer run's rows are
 * either printed as they come (hosts) or forgotten (auto).
 */
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_KEPT = 50 };

struct row {
    char input[TOTALS_HOST_MAX]; /* cut when it is longer; no string */
    size_t input_len;
    int64_t timings[PHASE_COUNT];
    int status;
    enum fetch_error error;
};

struct summary_report {
    struct report base;
    struct output *err;
    enum summary_mode mode;
    int outcome_width; /* of that column, as wide as the kept rows need */
    uint64_t count; /* of results so far */
    struct row rows[ROWS_KEPT];
};

enum {
    OUTCOME_MIN = sizeof("status") - 1,
    OUTCOME_MAX = sizeof("TLS_UNKNOWN_ISSUER") - 1, /* the longest code */
};

static double to_ms(int64_t ns)
{
    return (double)ns / 1e6;
}

/* Cut at the beginning of a character, and marked. */
static void row_set_input(struct row *row, const char *input, size_t len)
{
    static const char mark[] = "...";
    size_t rest = 0;

    if (len >= TOTALS_HOST_MAX) {
        rest = sizeof(mark) - 1;
        len = TOTALS_HOST_MAX - sizeof(mark);
        while (len > 0 && ((unsigned char)input[len] & 0xc0) == 0x80)
            len--;
    }
    memcpy(row->input, input, len);
    memcpy(row->input + len, mark, rest);
    row->input_len = len + rest;
}

static void row_set(struct row *row, const struct result *result)
{
    row_set_input(row, result->input, result_input_len(result));
    memcpy(row->timings, result->timings, sizeof(row->timings));
    row->status = result->response.status;
    row->error = result->error;
}

static void put_time(struct output *err, int64_t ns)
{
    if (ns == PHASE_NONE)
        output_puts(err, "       -");
    else
        output_printf(err, " %7.1f", to_ms(ns));
}

static void put_header(const struct summary_report *summary)
{
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        output_printf(summary->err, " %7s", phase_name((enum phase)phase));
    output_printf(
        summary->err, "  %-*s  host\n", summary->outcome_width, "status");
}

static void put_row(const struct summary_report *summary, const struct row *row)
{
    struct output *err = summary->err;
    int width = summary->outcome_width;

    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        put_time(err, row->timings[phase]);
    if (row->error == FETCH_OK)
        output_printf(err, "  %-*d  ", width, row->status);
    else
        output_printf(err, "  %-*s  ", width, fetch_error_name(row->error));
    output_put_escaped(err, row->input, row->input_len);
    output_puts(err, "\n");
}

static void put_kept_rows(const struct summary_report *summary)
{
    uint64_t kept = summary->count < ROWS_KEPT ? summary->count : ROWS_KEPT;

    put_header(summary);
    for (uint64_t i = 0; i < kept; i++)
        put_row(summary, &summary->rows[i]);
}

static void keep_row(
    struct summary_report *summary, const struct result *result)
{
    const char *code = fetch_error_name(result->error);
    int width = code ? (int)strlen(code) : 0;

    if (width > summary->outcome_width)
        summary->outcome_width = width;
    row_set(&summary->rows[summary->count], result);
}

static void stream_row(
    struct summary_report *summary, const struct result *result)
{
    struct row row;

    if (summary->count == ROWS_KEPT) {
        summary->outcome_width = OUTCOME_MAX; /* who knows what will come */
        put_kept_rows(summary);
    }
    row_set(&row, result);
    put_row(summary, &row);
}

static void summary_result(struct report *report, const struct result *result)
{
    struct summary_report *summary = (struct summary_report *)report;

    if (summary->count < ROWS_KEPT)
        keep_row(summary, result);
    else if (summary->mode == SUMMARY_HOSTS)
        stream_row(summary, result);
    summary->count++;
}

static const char *plural_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "225 2xx, 15 5xx", of those that gave their headers. */
static void put_classes(struct output *err, const struct run_totals *totals)
{
    const char *before = " (";

    for (int class = 1; class <= 9; class ++) {
        if (totals->by_status_class[class] == 0)
            continue;
        output_printf(err, "%s%" PRIu64 " %dxx", before,
            totals->by_status_class[class], class);
        before = ", ";
    }
    if (*before == ',')
        output_puts(err, ")");
}

/* The cause in a few words: what explains it is left out. */
static void put_cause(struct output *err, enum fetch_error error)
{
    const char *text = fetch_error_text(error);
    size_t len = strcspn(text, ":(");

    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (error == FETCH_NXDOMAIN || error == FETCH_NODATA)
        output_puts(err, "dns ");
    if (error == FETCH_TIMEOUT)
        output_puts(err, "timeout");
    else
        output_put(err, text, len);
}

/* The most frequent cause that is not told yet; FETCH_OK: all are. */
static enum fetch_error next_cause(
    const struct run_totals *totals, enum fetch_error last)
{
    uint64_t bound = last ? totals->by_error[last] : UINT64_MAX;
    enum fetch_error next = FETCH_OK;

    for (unsigned i = FETCH_OK + 1; i < FETCH_ERROR_COUNT; i++) {
        uint64_t count = totals->by_error[i];
        bool is_told = count > bound || (count == bound && i <= last);
        if (count > 0 && !is_told &&
            count > (next ? totals->by_error[next] : 0))
            next = (enum fetch_error)i;
    }
    return next;
}

static void put_failures(struct output *err, const struct run_totals *totals)
{
    enum fetch_error cause = FETCH_OK;
    const char *before = ": ";

    output_printf(err, ", %" PRIu64 " failed", totals->failed);
    while ((cause = next_cause(totals, cause))) {
        output_printf(err, "%s%" PRIu64 " ", before, totals->by_error[cause]);
        put_cause(err, cause);
        before = ", ";
    }
}

static void put_ending(struct output *err, const struct run_totals *totals)
{
    const char *name = totals_signal_name(totals);

    if (name)
        output_printf(err, "ended by %s", name);
    if (totals->not_begun > 0)
        output_printf(err, "%s%" PRIu64 " target%s not begun", name ? ": " : "",
            totals->not_begun, plural_s(totals->not_begun));
    if (name || totals->not_begun > 0)
        output_puts(err, "\n");
}

static void put_outcomes(struct output *err, const struct run_totals *totals)
{
    output_printf(err, "%" PRIu64 " target%s: %" PRIu64 " ok", totals->targets,
        plural_s(totals->targets), totals->ok);
    put_classes(err, totals);
    put_failures(err, totals);
    output_puts(err, "\n");
    put_ending(err, totals);
}

static void put_checks(struct output *err, const struct check_totals *checks)
{
    const uint64_t *by = checks->by_outcome;

    if (!checks->any)
        return;
    output_printf(err, "checks: %" PRIu64 " ok, %" PRIu64 " failed",
        by[CHECK_OK], by[CHECK_FAILED]);
    if (checks->warned)
        output_printf(err, ", warnings: %" PRIu64, checks->warned);
    if (by[CHECK_NO_ANSWER])
        output_printf(err, ", no answer: %" PRIu64, by[CHECK_NO_ANSWER]);
    if (by[CHECK_SKIPPED])
        output_printf(err, ", skipped: %" PRIu64, by[CHECK_SKIPPED]);
    output_puts(err, "\n");
}

/* Nothing comes or goes between rounds. */
static void put_round_drift(
    struct output *err, const struct drift_totals *drift)
{
    output_printf(err,
        "between rounds: %" PRIu64 " unchanged, %" PRIu64 " changed\n",
        drift->by_outcome[DRIFT_UNCHANGED], drift->by_outcome[DRIFT_CHANGED]);
}

static void put_drift(struct output *err, const struct run_totals *totals)
{
    const struct drift_totals *drift = &totals->drift;
    const uint64_t *by = drift->by_outcome;

    if (drift->any && totals->rounds)
        put_round_drift(err, drift);
    else if (drift->any)
        output_printf(err,
            "since baseline: %" PRIu64 " unchanged, %" PRIu64
            " changed, %" PRIu64 " added, %" PRIu64 " removed\n",
            by[DRIFT_UNCHANGED], by[DRIFT_CHANGED], by[DRIFT_ADDED],
            drift->removed);
}

static void put_insecure(struct output *err, const struct run_totals *totals)
{
    if (totals->insecure)
        output_printf(err,
            "INSECURE (-k): %" PRIu64 " target%s had an unverified"
            " certificate\n",
            totals->unverified, plural_s(totals->unverified));
}

static void put_wall(struct output *err, const struct run_totals *totals)
{
    output_printf(err, "wall %.1f ms", to_ms(totals->wall));
    if (totals->sum > 0 && totals->targets > 1)
        output_printf(
            err, ", %.1f ms if fetched one by one", to_ms(totals->sum));
    if (totals->sum > 0 && totals->targets > 1 && !totals->paced)
        output_printf(err, ": %.1fx faster", totals_ratio(totals));
    if (totals->sum > 0 && totals->targets > 1 && totals->concurrency)
        output_printf(err, " (at most %u at once)", totals->concurrency);
    output_puts(err, "\n");
}

static void put_phase(
    struct output *err, enum phase phase, const struct quantiles *q)
{
    static const double wanted[] = {0.5, 0.9, 0.99, 1};

    output_printf(err, "%-10s %7" PRIu64, phase_name(phase), q->count);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        put_time(err, q->count ? quantiles_get(q, wanted[i]) : PHASE_NONE);
    output_puts(err, "\n");
}

static void put_phases(struct output *err, const struct run_totals *totals)
{
    output_printf(err, "%-10s %7s %7s %7s %7s %7s\n", "phase (ms)", "count",
        "p50", "p90", "p99", "max");
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        put_phase(err, (enum phase)phase, &totals->phases[phase]);
}

/* Said whatever --summary is: it is what the exit status comes from. */
static void put_cut(struct output *err, const struct versus_totals *versus)
{
    if (versus->cut)
        output_puts(
            err, "versus serial: no comparison: --deadline cut a run short\n");
}

static void put_versus(struct output *err, const struct versus_totals *versus)
{
    if (versus->rounds == 0)
        return;
    output_printf(err,
        "versus serial, median of %d round%s: concurrent %.1f ms,"
        " serial %.1f ms, %.1fx as fast\n",
        versus->rounds, plural_s((uint64_t)versus->rounds),
        to_ms(versus->concurrent_wall), to_ms(versus->serial_wall),
        versus_ratio(versus));
    output_puts(err, "slowest: ");
    output_put_escaped(err, versus->decided_by, strlen(versus->decided_by));
    output_printf(err, ", finished last, %.1f ms after %.1f ms in the queue\n",
        to_ms(versus->decided_total), to_ms(versus->decided_queued));
    output_printf(err,
        "queueing overhead: %.1f ms (wall time minus the slowest target)\n",
        to_ms(versus->lost_to_queue));
}

/* The rows that are still held, if any are to be seen, and a blank line
 * behind the table. */
static void end_table(const struct summary_report *summary)
{
    bool streamed = summary->count > ROWS_KEPT;

    if (summary->count == 0 || summary->mode == SUMMARY_TOTAL ||
        (streamed && summary->mode != SUMMARY_HOSTS))
        return;
    if (!streamed)
        put_kept_rows(summary);
    output_puts(summary->err, "\n");
}

static int summary_finish(
    struct report *report, const struct run_totals *totals)
{
    const struct summary_report *summary = (struct summary_report *)report;

    if (totals_empty(totals))
        return 0;
    if (summary->mode == SUMMARY_NONE) {
        put_cut(summary->err, &totals->versus);
        return 0;
    }
    end_table(summary);
    put_outcomes(summary->err, totals);
    put_checks(summary->err, &totals->checks);
    put_drift(summary->err, totals);
    put_insecure(summary->err, totals);
    put_wall(summary->err, totals);
    put_phases(summary->err, totals);
    put_cut(summary->err, &totals->versus);
    put_versus(summary->err, &totals->versus);
    return 0;
}

static void summary_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops summary_ops = {
    .result = summary_result,
    .finish = summary_finish,
    .destroy = summary_destroy,
};

struct report *report_summary_create(struct output *err, enum summary_mode mode)
{
    struct summary_report *summary = malloc(sizeof(*summary));

    if (!summary)
        return NULL;
    summary->base.ops = &summary_ops;
    summary->err = err;
    summary->mode = mode;
    summary->outcome_width = OUTCOME_MIN;
    summary->count = 0;
    return &summary->base;
}
