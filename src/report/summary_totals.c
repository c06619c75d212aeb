/*
 * summary_totals - see summary_totals.h.
 *
 * Invariant: what was not asked for, or of which there is nothing, takes no
 * line.
 */
#include "report/summary_totals.h"

#include "output/buffer.h"
#include "report/paint.h"
#include "report/shown_time.h"

#include <inttypes.h>
#include <string.h>

enum {
    PHASES_FROM = 5, /* targets: of fewer the table says it all */
    COLUMN = 1 + SHOWN_TIME_WIDTH,
};

static const char *plural_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "225 2xx, 15 5xx", of those that gave their headers. */
static void put_classes(
    struct output *err, const struct run_totals *totals, bool has_color)
{
    const char *before = " (";

    for (int class = 1; class <= 9; class ++) {
        if (totals->by_status_class[class] == 0)
            continue;
        output_printf(err, "%s%s%" PRIu64 " %dxx%s", before,
            paint_code(has_color, paint_status(100 * class)),
            totals->by_status_class[class], class,
            paint_code(has_color, PAINT_OFF));
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

static void put_failures(
    struct output *err, const struct run_totals *totals, bool has_color)
{
    bool is_red = has_color && totals->failed;
    enum fetch_error cause = FETCH_OK;
    const char *before = ": ";

    output_printf(err, ", %s%" PRIu64 " failed%s",
        paint_code(is_red, PAINT_FAILED), totals->failed,
        paint_code(is_red, PAINT_OFF));
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

/* "12 fetches in 3 rounds", where a target is in each of them. */
static void put_count(struct output *err, const struct run_totals *totals)
{
    const char *some = totals->each_round ? "fetches" : "targets";
    const char *one = totals->each_round ? "fetch" : "target";

    output_printf(err, "%" PRIu64 " %s", totals->targets,
        totals->targets == 1 ? one : some);
    if (totals->rounds)
        output_printf(
            err, " in %u round%s", totals->rounds, plural_s(totals->rounds));
}

static void put_outcomes(
    struct output *err, const struct run_totals *totals, bool has_color)
{
    put_count(err, totals);
    output_printf(err, ": %" PRIu64 " ok", totals->ok);
    put_classes(err, totals, has_color);
    put_failures(err, totals, has_color);
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

/* Of one target, of a pace that was given, or one by one it bought nothing. */
static void put_wall(struct output *err, const struct run_totals *totals)
{
    bool compares = totals->sum > 0 && totals->targets > 1 && !totals->rounds;

    output_printf(err, "wall %s", shown_time(totals->wall).text);
    if (compares)
        output_printf(
            err, ", %s if fetched one by one", shown_time(totals->sum).text);
    if (compares && !totals->paced && totals->sum >= totals->wall)
        output_printf(err, ": %.1fx faster", totals_ratio(totals));
    if (compares && totals->concurrency)
        output_printf(err, " (at most %u at once)", totals->concurrency);
    output_puts(err, "\n");
}

/* What fits beside the names and counts of phases, the ends first. */
static const struct {
    const char *name;
    double wanted;
    unsigned least; /* width of the terminal */
} quantiles_shown[] = {
    {"p50", 0.5, 0},
    {"p90", 0.9, 55},
    {"p99", 0.99, 46},
    {"max", 1, 0},
};

enum { SHOWN = sizeof quantiles_shown / sizeof *quantiles_shown };

static void put_phase(struct output *err, enum phase phase,
    const struct quantiles *q, unsigned width)
{
    output_printf(err, "%-10s %7" PRIu64, phase_name(phase), q->count);
    for (size_t i = 0; i < SHOWN; i++) {
        int64_t time =
            q->count ? quantiles_get(q, quantiles_shown[i].wanted) : PHASE_NONE;
        if (width >= quantiles_shown[i].least)
            output_printf(
                err, "  %*s", SHOWN_TIME_WIDTH, shown_time(time).text);
    }
    output_puts(err, "\n");
}

static void put_phases(
    struct output *err, const struct run_totals *totals, unsigned width)
{
    if (totals->targets < PHASES_FROM)
        return;
    output_printf(err, "%-10s %7s", "phase", "count");
    for (size_t i = 0; i < SHOWN; i++)
        if (width >= quantiles_shown[i].least)
            output_printf(
                err, "  %*s", SHOWN_TIME_WIDTH, quantiles_shown[i].name);
    output_puts(err, "\n");
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++)
        put_phase(err, (enum phase)phase, &totals->phases[phase], width);
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
        "versus serial, median of %d round%s: concurrent %s, serial %s, "
        "%.1fx as fast\n",
        versus->rounds, plural_s((uint64_t)versus->rounds),
        shown_time(versus->concurrent_wall).text,
        shown_time(versus->serial_wall).text, versus_ratio(versus));
    output_puts(err, "slowest: ");
    output_put_escaped(err, versus->decided_by, strlen(versus->decided_by));
    output_printf(err, ", finished last, %s after %s in the queue\n",
        shown_time(versus->decided_total).text,
        shown_time(versus->decided_queued).text);
    output_printf(err,
        "queueing overhead: %s (wall time minus the slowest target)\n",
        shown_time(versus->lost_to_queue).text);
}

void summary_totals_put(struct output *err, const struct run_totals *totals,
    const struct terminal *terminal)
{
    put_outcomes(err, totals, terminal->has_color);
    put_checks(err, &totals->checks);
    put_drift(err, totals);
    put_insecure(err, totals);
    put_wall(err, totals);
    put_phases(err, totals, terminal->width);
    put_cut(err, &totals->versus);
    put_versus(err, &totals->versus);
}

void summary_cut_put(struct output *err, const struct run_totals *totals)
{
    put_cut(err, &totals->versus);
}
