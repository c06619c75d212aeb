/*
 * json - JSON Lines: a record for each target, the summary last.
 *
 * Invariant: each record is put whole, in one line, with the same fields in
 * the same order; a field without a value is null, never left out.
 */
#include "http/http.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/members.h"
#include "record/result.h"
#include "record/selector.h"
#include "record/totals.h"
#include "report/json_drift.h"
#include "report/json_groups.h"
#include "report/json_head.h"
#include "report/json_member.h"
#include "report/json_statistics.h"
#include "report/json_tls.h"
#include "report/json_totals.h"
#include "report/json_tried.h"
#include "report/json_write.h"
#include "report/report.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct json_report {
    struct report base;
    struct output *out;
    struct json_clock clock;
    struct json_groups groups;
    bool no_summary;
};

/* From where it came to what came. */
static void put_response(struct output *out, const struct selector_scope *scope)
{
    json_put_members(out, SELECTOR_REMOTE_IP, SELECTOR_REASON, scope);
    JSON_PUT(out, "," MEMBER(MEMBER_HEADERS));
    json_put_headers(out, selector_response(scope));
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_HEADER_BYTES, scope);
}

/* Where the time went, and what stood between us and the response. */
static void put_way(struct output *out, const struct selector_scope *scope)
{
    JSON_PUT(out, "," MEMBER(MEMBER_TIMINGS) "{");
    json_put_members(out, SELECTOR_TIME_QUEUED, SELECTOR_TIME_TOTAL, scope);
    JSON_PUT(out, "}," MEMBER(MEMBER_TLS));
    json_put_tls(out, scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_PROXY, scope);
}

/* What came before: heads of 1xx responses, addresses that were tried. */
static void put_before(struct output *out, const struct selector_scope *scope)
{
    JSON_PUT(out, "," MEMBER(MEMBER_INTERIM));
    json_put_interim(out, selector_response(scope));
    JSON_PUT(out, "," MEMBER(MEMBER_TRIED));
    json_put_tried(out, selector_response(scope));
}

static void put_hop(struct output *out, const struct selector_scope *scope)
{
    JSON_PUT(out, "{");
    json_put_member(out, SELECTOR_URL, scope);
    JSON_PUT(out, ",");
    put_response(out, scope);
    put_way(out, scope);
    put_before(out, scope);
    JSON_PUT(out, "}");
}

/* null when redirects were not to be followed. */
static void put_hops(struct output *out, const struct result *result)
{
    if (result->hop_count == 0) {
        JSON_PUT(out, "," MEMBER(MEMBER_HOPS) "null");
        return;
    }
    JSON_PUT(out, "," MEMBER(MEMBER_HOPS) "[");
    for (size_t i = 0; i < result->hop_count; i++) {
        struct selector_scope scope = {result, &result->hops[i]};
        if (i > 0)
            JSON_PUT(out, ",");
        put_hop(out, &scope);
    }
    JSON_PUT(out, "]");
}

/* With its milliseconds, unlike other dates; null for a target that was never
 * begun. */
static void put_started(
    struct json_clock *clock, struct output *out, const struct timespec *time)
{
    JSON_PUT(out, ",");
    json_put_key(out, selector_key(SELECTOR_STARTED_AT));
    if (time->tv_sec == 0 && time->tv_nsec == 0)
        JSON_PUT(out, "null");
    else
        json_put_time(clock, out, time);
}

/* What became of a target, or of one of its addresses. */
static void put_outcome(
    struct json_report *json, struct output *out, const struct result *result)
{
    struct selector_scope scope = {.result = result};

    JSON_PUT(out, ",");
    put_response(out, &scope);
    put_started(&json->clock, out, &result->started_at);
    put_way(out, &scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_FINAL_URL, &scope);
    put_hops(out, result);
    put_before(out, &scope);
}

static void put_error(struct output *out, const struct selector_scope *scope)
{
    JSON_PUT(out, "," MEMBER(MEMBER_ERROR));
    if (scope->result->error == FETCH_OK) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{");
    json_put_member(out, SELECTOR_ERROR_PHASE, scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_ERROR, scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_ERROR_MESSAGE, scope);
    JSON_PUT(out, "}");
}

static void put_why(struct output *out, const struct check *check)
{
    if (!check->why) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "\"");
    if (check->is_warning && check->outcome == CHECK_FAILED)
        JSON_PUT(out, CHECK_WARNING);
    if (utf8_valid(check->why, strlen(check->why)))
        json_put_utf8_part(out, check->why, strlen(check->why));
    else
        json_put_latin1_part(out, check->why, strlen(check->why));
    JSON_PUT(out, "\"");
}

static void put_check(struct output *out, const struct check *check)
{
    JSON_PUT(out, "{" MEMBER("id"));
    json_put_text(out, check->id);
    JSON_PUT(out, "," MEMBER("expr"));
    json_put_text(out, check->expr);
    JSON_PUT(out, "," MEMBER("outcome"));
    json_put_text(out, check_outcome_name(check->outcome));
    JSON_PUT(out, "," MEMBER("actual"));
    json_put_text(out, check->actual);
    JSON_PUT(out, "," MEMBER("why"));
    put_why(out, check);
    JSON_PUT(out, "}");
}

/* null when nothing was expected. */
static void put_checks(struct output *out, const struct result *result)
{
    if (!result->checks) {
        JSON_PUT(out, MEMBER(MEMBER_CHECKS) "null,");
        return;
    }
    JSON_PUT(out, MEMBER(MEMBER_CHECKS) "[");
    for (size_t i = 0; i < result->check_count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        put_check(out, &result->checks[i]);
    }
    JSON_PUT(out, "],");
}

/* null without --baseline, and for an address. */
static void put_drift(struct output *out, const struct drift *drift)
{
    if (!drift) {
        JSON_PUT(out, MEMBER(MEMBER_DRIFT) "null,");
        return;
    }
    JSON_PUT(out, MEMBER(MEMBER_DRIFT) "{" MEMBER("outcome"));
    json_put_text(out, drift_outcome_name(drift->outcome));
    JSON_PUT(out, "," MEMBER("changes"));
    json_put_changes(out, drift);
    JSON_PUT(out, "},");
}

static void put_end(struct output *out, const struct result *result)
{
    struct selector_scope scope = {.result = result};

    JSON_PUT(out, ",");
    put_checks(out, result);
    put_drift(out, result->drift);
    json_put_members(out, SELECTOR_HINT, SELECTOR_ATTEMPTS, &scope);
    put_error(out, &scope);
    JSON_PUT(out, "}");
}

static void put_ip(struct output *out, const struct target *target)
{
    char text[TARGET_IP_MAX];

    JSON_PUT(out, MEMBER(MEMBER_IP));
    json_put_text(out, target ? target_ip(target, text) : NULL);
}

/* null when the target was fetched only once. */
static void put_addresses(
    struct json_report *json, struct output *out, const struct result *result)
{
    JSON_PUT(out, "," MEMBER(MEMBER_ADDRESSES));
    if (!result->addresses) {
        JSON_PUT(out, "null," MEMBER(MEMBER_AGREE) "null");
        return;
    }
    JSON_PUT(out, "[");
    for (size_t i = 0; i < result->address_count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        JSON_PUT(out, "{");
        put_ip(out, result->addresses[i].owned);
        put_outcome(json, out, &result->addresses[i]);
        put_end(out, &result->addresses[i]);
    }
    JSON_PUT(out, "]," MEMBER(MEMBER_AGREE));
    json_put_bool(out, result->agree);
}

/* null when the list is run once. */
static void put_round(struct output *out, unsigned round)
{
    JSON_PUT(out, "," MEMBER(MEMBER_ROUND));
    if (round)
        output_printf(out, "%u", round);
    else
        JSON_PUT(out, "null");
}

static void json_result(struct report *report, const struct result *result)
{
    struct json_report *json = (struct json_report *)report;
    struct selector_scope scope = {.result = result};
    struct output *out = json->out;

    JSON_PUT(out, "{" MEMBER(MEMBER_TYPE) "\"" RECORD_RESULT "\",");
    json_put_members(out, SELECTOR_INDEX, SELECTOR_PORT, &scope);
    put_outcome(json, out, result);
    put_addresses(json, out, result);
    JSON_PUT(out, ",");
    json_put_members(out, SELECTOR_LIST_FILE, SELECTOR_LIST_LINE, &scope);
    put_round(out, result->round);
    put_end(out, result);
    JSON_PUT(out, "\n");
}

static void json_statistics(
    struct report *report, const struct host_statistics *host)
{
    json_put_statistics(((const struct json_report *)report)->out, host);
}

static int json_finish(struct report *report, const struct run_totals *totals)
{
    const struct json_report *json = (struct json_report *)report;

    if (json->no_summary)
        return 0;
    if (!totals_empty(totals) || totals->shard.count || totals->resumed >= 0)
        json_put_totals(json->out, totals, &json->groups);
    return json->groups.is_cut ? -ENOMEM : 0;
}

static void json_group(struct report *report, const struct report_group *group)
{
    struct json_report *json = (struct json_report *)report;

    if (!json->no_summary)
        json_groups_add(&json->groups, group);
}

static void json_destroy(struct report *report)
{
    json_groups_fini(&((struct json_report *)report)->groups);
    free(report);
}

static const struct report_ops json_ops = {
    .result = json_result,
    .statistics = json_statistics,
    .group = json_group,
    .finish = json_finish,
    .destroy = json_destroy,
};

struct report *report_json_create(struct output *out, bool has_summary)
{
    struct json_report *json = calloc(1, sizeof(*json));

    if (!json)
        return NULL;
    json->base.ops = &json_ops;
    json->out = out;
    json->no_summary = !has_summary;
    return &json->base;
}
