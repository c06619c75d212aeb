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
#include "report/json_field.h"
#include "report/json_member.h"
#include "report/json_tls.h"
#include "report/json_totals.h"
#include "report/json_write.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

struct json_report {
    struct report base;
    struct output *out;
    struct json_clock clock;
};

static void put_fields(struct output *out, const struct response *response)
{
    struct http_fields fields;
    struct http_field field;
    bool first = true;

    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &field)) {
        if (!first)
            JSON_PUT(out, ",");
        json_put_field(out, &field);
        first = false;
    }
}

/* An empty array when no head came. */
static void put_headers(struct output *out, const struct response *response)
{
    struct http_status status;

    JSON_PUT(out, "," MEMBER(MEMBER_HEADERS) "[");
    if (response_status_line(response, &status))
        put_fields(out, response);
    JSON_PUT(out, "],");
}

/* From where it came to what came. */
static void put_response(struct output *out, const struct selector_scope *scope)
{
    json_put_members(out, SELECTOR_REMOTE_IP, SELECTOR_REASON, scope);
    put_headers(out, selector_response(scope));
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

static void put_hop(struct output *out, const struct selector_scope *scope)
{
    JSON_PUT(out, "{");
    json_put_member(out, SELECTOR_URL, scope);
    JSON_PUT(out, ",");
    put_response(out, scope);
    put_way(out, scope);
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

static void put_end(struct output *out, const struct result *result)
{
    struct selector_scope scope = {.result = result};

    JSON_PUT(out, ",");
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

static void json_result(struct report *report, const struct result *result)
{
    struct json_report *json = (struct json_report *)report;
    struct selector_scope scope = {.result = result};
    struct output *out = json->out;

    JSON_PUT(out, "{" MEMBER(MEMBER_TYPE) "\"" RECORD_RESULT "\",");
    json_put_members(out, SELECTOR_INDEX, SELECTOR_PORT, &scope);
    put_outcome(json, out, result);
    put_addresses(json, out, result);
    put_end(out, result);
    JSON_PUT(out, "\n");
}

static int json_finish(struct report *report, const struct run_totals *totals)
{
    if (!totals_empty(totals) || totals->shard.count)
        json_put_totals(((struct json_report *)report)->out, totals);
    return 0;
}

static void json_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops json_ops = {
    .result = json_result,
    .finish = json_finish,
    .destroy = json_destroy,
};

struct report *report_json_create(struct output *out)
{
    struct json_report *json = calloc(1, sizeof(*json));

    if (!json)
        return NULL;
    json->base.ops = &json_ops;
    json->out = out;
    return &json->base;
}
