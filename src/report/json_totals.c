/*
 * json_totals - a run's totals as the last line of JSON Lines.
 *
 * Invariant: as in json; here stdio may format, it is one line a run.
 */
#include "report/json_totals.h"

#include "output/buffer.h"
#include "record/members.h"
#include "record/totals.h"
#include "report/json_groups.h"
#include "report/json_member.h"
#include "report/json_write.h"

#include <inttypes.h>

static void put_count(struct output *out, const char *name, uint64_t count)
{
    output_printf(out, ",\"%s\":%" PRIu64, name, count);
}

static void put_errors(struct output *out, const struct run_totals *totals)
{
    const char *separator = "";

    output_puts(out, ",\"errors\":{");
    for (unsigned error = FETCH_OK + 1; error < FETCH_ERROR_COUNT; error++) {
        if (totals->by_error[error] == 0)
            continue;
        output_printf(out, "%s\"%s\":%" PRIu64, separator,
            fetch_error_name((enum fetch_error)error), totals->by_error[error]);
        separator = ",";
    }
    output_puts(out, "}");
}

static void put_statuses(struct output *out, const struct run_totals *totals)
{
    const char *separator = "";

    output_puts(out, ",\"statuses\":{");
    for (int class = 0; class < 10; class ++) {
        if (totals->by_status_class[class] == 0)
            continue;
        output_printf(out, "%s\"%dxx\":%" PRIu64, separator, class,
            totals->by_status_class[class]);
        separator = ",";
    }
    output_puts(out, "}");
}

static void put_ms(struct output *out, const char *name, int64_t ns)
{
    output_printf(out, ",\"%s\":", name);
    json_put_ms(out, ns);
}

/* null when it would be a division by nothing. */
static void put_ratio(struct output *out, const char *name, double ratio)
{
    if (ratio > 0)
        output_printf(out, ",\"%s\":%.3f", name, ratio);
    else
        output_printf(out, ",\"%s\":null", name);
}

static int64_t quantile_at(const struct quantiles *q, double p)
{
    return q->count ? quantiles_get(q, p) : PHASE_NONE;
}

static void put_phases(struct output *out, const struct run_totals *totals)
{
    output_puts(out, ",\"phases\":{");
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++) {
        const struct quantiles *q = &totals->phases[phase];
        output_printf(out, "%s\"%s\":{\"count\":%" PRIu64,
            phase == PHASE_QUEUED ? "" : ",", phase_name((enum phase)phase),
            q->count);
        put_ms(out, "p50", quantile_at(q, 0.5));
        put_ms(out, "p90", quantile_at(q, 0.9));
        put_ms(out, "p99", quantile_at(q, 0.99));
        put_ms(out, "max", quantile_at(q, 1));
        output_puts(out, "}");
    }
    output_puts(out, "}");
}

static void put_versus(struct output *out, const struct versus_totals *versus)
{
    output_puts(out, ",\"versus_serial\":");
    if (versus->rounds == 0) {
        output_puts(out, "null");
        return;
    }
    output_printf(out, "{\"rounds\":%d", versus->rounds);
    put_ms(out, "concurrent_ms", versus->concurrent_wall);
    put_ms(out, "serial_ms", versus->serial_wall);
    put_ratio(out, "speedup", versus_ratio(versus));
    output_puts(out, ",\"decided_by\":");
    json_put_text(out, versus->decided_by);
    put_ms(out, "decided_total_ms", versus->decided_total);
    put_ms(out, "decided_queued_ms", versus->decided_queued);
    put_ms(out, "lost_to_queue_ms", versus->lost_to_queue);
    output_puts(out, "}");
}

static void put_shard(struct output *out, const struct shard *shard)
{
    if (shard->count == 0)
        output_puts(out, "," MEMBER(MEMBER_SHARD) "null");
    else
        output_printf(out, "," MEMBER(MEMBER_SHARD) "\"%u/%u\"", shard->number,
            shard->count);
}

/* null when it is not known. */
static void put_known(struct output *out, const char *name, int64_t count)
{
    if (count < 0)
        output_printf(out, ",\"%s\":null", name);
    else
        output_printf(out, ",\"%s\":%" PRId64, name, count);
}

/* null when nothing was expected. */
static void put_checks(struct output *out, const struct check_totals *checks)
{
    const uint64_t *by = checks->by_outcome;

    if (!checks->any) {
        output_puts(out, "," MEMBER(MEMBER_CHECKS) "null");
        return;
    }
    output_printf(out,
        "," MEMBER(MEMBER_CHECKS) "{\"ok\":%" PRIu64 ",\"failed\":%" PRIu64
                                  ",\"no_answer\":%" PRIu64
                                  ",\"skipped\":%" PRIu64 ",\"warned\":%" PRIu64
                                  "}",
        by[CHECK_OK], by[CHECK_FAILED], by[CHECK_NO_ANSWER], by[CHECK_SKIPPED],
        checks->warned);
}

/* null without --baseline. */
static void put_drift(struct output *out, const struct drift_totals *drift)
{
    const uint64_t *by = drift->by_outcome;

    if (!drift->any) {
        output_puts(out, "," MEMBER(MEMBER_DRIFT) "null");
        return;
    }
    output_printf(out,
        "," MEMBER(MEMBER_DRIFT) "{\"unchanged\":%" PRIu64
                                 ",\"changed\":%" PRIu64 ",\"added\":%" PRIu64
                                 ",\"removed\":%" PRIu64 "}",
        by[DRIFT_UNCHANGED], by[DRIFT_CHANGED], by[DRIFT_ADDED],
        drift->removed);
}

void json_put_totals(struct output *out, const struct run_totals *totals,
    const struct json_groups *groups)
{
    output_puts(out, "{" MEMBER(MEMBER_TYPE) "\"" RECORD_SUMMARY "\"");
    put_count(out, MEMBER_TARGETS, totals->targets);
    put_count(out, "ok", totals->ok);
    put_count(out, "failed", totals->failed);
    put_count(out, MEMBER_NOT_BEGUN, totals->not_begun);
    put_errors(out, totals);
    put_statuses(out, totals);
    put_ms(out, "wall_ms", totals->wall);
    put_ms(out, "sum_ms", totals->sum);
    put_ratio(out, "ratio", totals_ratio(totals));
    output_puts(out, "," MEMBER(MEMBER_CONCURRENCY));
    if (totals->concurrency)
        json_put_uint(out, totals->concurrency);
    else
        JSON_PUT(out, "null");
    output_puts(out, "," MEMBER(MEMBER_SIGNAL));
    json_put_text(out, totals_signal_name(totals));
    put_shard(out, &totals->shard);
    put_known(out, MEMBER_LISTED, totals->listed);
    put_known(out, MEMBER_RESUMED, totals->resumed);
    put_known(
        out, MEMBER_ROUNDS, totals->rounds ? (int64_t)totals->rounds : -1);
    output_printf(out, ",\"insecure\":%s,\"unverified\":%" PRIu64,
        totals->insecure ? "true" : "false", totals->unverified);
    put_checks(out, &totals->checks);
    put_drift(out, &totals->drift);
    output_puts(out, "," MEMBER(MEMBER_GROUPS));
    json_put_groups(out, groups);
    put_phases(out, totals);
    put_versus(out, &totals->versus);
    output_puts(out, "}\n");
}
