/*
 * json - JSON Lines: a record for each target, the summary last.
 *
 * Invariant: each record is put whole, in one line, with the same fields in
 * the same order; a field without a value is null, never left out.
 */
#include "http/http.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/json_base64.h"
#include "report/json_tls.h"
#include "report/json_totals.h"
#include "report/json_write.h"
#include "report/report.h"
#include "text/utf8.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct json_report {
    struct report base;
    struct output *out;
    struct json_clock clock;
};

static void put_url(struct output *out, const struct target *target)
{
    JSON_PUT(out, "\"url\":");
    json_put_text(out, target ? target->url : NULL);
}

static void put_target(struct output *out, const struct target *target)
{
    JSON_PUT(out, ",");
    put_url(out, target);
    JSON_PUT(out, ",\"host\":");
    json_put_text(out, target ? target->host : NULL);
    JSON_PUT(out, ",\"port\":");
    if (target)
        json_put_uint(out, target->port);
    else
        JSON_PUT(out, "null");
}

static void put_address(
    struct output *out, int family, const void *address, in_port_t port)
{
    char text[INET6_ADDRSTRLEN];

    JSON_PUT(out, ",\"remote_ip\":");
    json_put_text(out, inet_ntop(family, address, text, sizeof(text)));
    JSON_PUT(out, ",\"remote_port\":");
    json_put_uint(out, ntohs(port));
}

static void put_remote(struct output *out, const union address *remote)
{
    const struct sockaddr_in *in = &remote->in;
    const struct sockaddr_in6 *in6 = &remote->in6;

    switch (remote->sa.sa_family) {
    case AF_INET:
        put_address(out, AF_INET, &in->sin_addr, in->sin_port);
        break;
    case AF_INET6:
        put_address(out, AF_INET6, &in6->sin6_addr, in6->sin6_port);
        break;
    default:
        JSON_PUT(out, ",\"remote_ip\":null,\"remote_port\":null");
    }
}

/* The stored head's first line, if it is a status line; a failed target may
 * have stored something else. */
static bool head_status(const struct hop *hop, struct http_status *status)
{
    const char *end;

    if (!hop->head)
        return false;
    end = memchr(hop->head, '\n', hop->head_len);
    return end &&
           http_status_parse(hop->head, (size_t)(end - hop->head), status) == 0;
}

/* `status` is NULL when there was no status line. */
static void put_status(
    struct output *out, const struct hop *hop, const struct http_status *status)
{
    if (hop->status == 0) {
        JSON_PUT(out, ",\"http_version\":null,\"status\":null,\"reason\":null");
        return;
    }
    JSON_PUT(out, ",\"http_version\":\"");
    json_put_uint(out, (uint64_t)hop->http_major);
    JSON_PUT(out, ".");
    json_put_uint(out, (uint64_t)hop->http_minor);
    JSON_PUT(out, "\",\"status\":");
    json_put_uint(out, (uint64_t)hop->status);
    JSON_PUT(out, ",\"reason\":");
    if (status)
        json_put_string(out, status->reason, status->reason_len);
    else
        JSON_PUT(out, "null");
}

static bool value_is_utf8(const struct http_field *field)
{
    struct http_value value;

    http_value_init(&value, field);
    while (http_value_next(&value))
        if (!utf8_valid(value.chunk, value.chunk_len))
            return false;
    return true;
}

static void put_utf8_value(struct output *out, const struct http_field *field)
{
    struct http_value value;

    http_value_init(&value, field);
    while (http_value_next(&value))
        json_put_utf8_part(out, value.chunk, value.chunk_len);
    JSON_PUT(out, "\"");
}

/* Decoded as ISO-8859-1, and once more the bytes themselves. */
static void put_raw_value(struct output *out, const struct http_field *field)
{
    struct base64 base64 = {.count = 0};
    struct http_value value;

    http_value_init(&value, field);
    while (http_value_next(&value))
        json_put_latin1_part(out, value.chunk, value.chunk_len);
    JSON_PUT(out, "\",\"");
    http_value_init(&value, field);
    while (http_value_next(&value))
        base64_put(&base64, out, value.chunk, value.chunk_len);
    base64_end(&base64, out);
    JSON_PUT(out, "\"");
}

static void put_field(struct output *out, const struct http_field *field)
{
    JSON_PUT(out, "[");
    json_put_latin1(out, field->name, field->name_len);
    if (field->kind == HTTP_BARE) {
        JSON_PUT(out, ",null]");
        return;
    }
    JSON_PUT(out, ",\"");
    if (value_is_utf8(field))
        put_utf8_value(out, field);
    else
        put_raw_value(out, field);
    JSON_PUT(out, "]");
}

static void put_headers(struct output *out, const struct hop *hop)
{
    struct http_fields fields;
    struct http_field field;
    bool first = true;

    http_fields_init(&fields, hop->head, hop->head_len);
    while (http_fields_next(&fields, &field)) {
        if (!first)
            JSON_PUT(out, ",");
        put_field(out, &field);
        first = false;
    }
}

static void put_timings(struct output *out, const int64_t timings[PHASE_COUNT])
{
    JSON_PUT(out, ",\"timings_ms\":{\"queued\":");
    json_put_ms(out, timings[PHASE_QUEUED]);
    JSON_PUT(out, ",\"dns\":");
    json_put_ms(out, timings[PHASE_DNS]);
    JSON_PUT(out, ",\"connect\":");
    json_put_ms(out, timings[PHASE_CONNECT]);
    JSON_PUT(out, ",\"tls\":");
    json_put_ms(out, timings[PHASE_TLS]);
    JSON_PUT(out, ",\"send\":");
    json_put_ms(out, timings[PHASE_SEND]);
    JSON_PUT(out, ",\"wait\":");
    json_put_ms(out, timings[PHASE_WAIT]);
    JSON_PUT(out, ",\"receive\":");
    json_put_ms(out, timings[PHASE_RECEIVE]);
    JSON_PUT(out, ",\"total\":");
    json_put_ms(out, timings[PHASE_TOTAL]);
    JSON_PUT(out, "}");
}

static void put_error(struct output *out, const struct result *result)
{
    if (result->error == FETCH_OK) {
        JSON_PUT(out, ",\"error\":null");
        return;
    }
    JSON_PUT(out, ",\"error\":{\"phase\":");
    json_put_text(out, phase_name(result->error_phase));
    JSON_PUT(out, ",\"code\":");
    json_put_text(out, fetch_error_name(result->error));
    JSON_PUT(out, ",\"message\":");
    json_put_text(out, result_message(result));
    JSON_PUT(out, "}");
}

/* null for a target that was never begun. */
static void put_started(
    struct json_clock *clock, struct output *out, const struct timespec *time)
{
    JSON_PUT(out, ",\"started_at\":");
    if (time->tv_sec == 0 && time->tv_nsec == 0)
        JSON_PUT(out, "null");
    else
        json_put_time(clock, out, time);
}

/* From where it came to what came. */
static void put_answer(struct output *out, const struct hop *hop)
{
    struct http_status status;
    bool has_status = head_status(hop, &status);

    put_remote(out, &hop->remote);
    put_status(out, hop, has_status ? &status : NULL);
    JSON_PUT(out, ",\"headers\":[");
    if (has_status)
        put_headers(out, hop);
    JSON_PUT(out, "],\"header_bytes\":");
    json_put_uint(out, hop->header_bytes);
}

/* What stood between us and the answer. */
static void put_way(struct output *out, const struct hop *hop, time_t now)
{
    JSON_PUT(out, ",\"tls\":");
    json_put_tls(out, hop->tls, now);
    JSON_PUT(out, ",\"proxy\":");
    json_put_text(out, hop->proxy);
}

/* null when redirects were not to be followed. */
static void put_hops(struct output *out, const struct result *result)
{
    if (result->hop_count == 0) {
        JSON_PUT(out, ",\"hops\":null");
        return;
    }
    JSON_PUT(out, ",\"hops\":[");
    for (size_t i = 0; i < result->hop_count; i++) {
        struct hop hop = result_hop(result, i);
        if (i > 0)
            JSON_PUT(out, ",");
        JSON_PUT(out, "{");
        put_url(out, hop.target);
        put_answer(out, &hop);
        put_timings(out, hop.timings);
        put_way(out, &hop, result->started_at.tv_sec);
        JSON_PUT(out, "}");
    }
    JSON_PUT(out, "]");
}

/* The result's own members. */
static struct hop own_hop(const struct result *result)
{
    return (struct hop){
        .remote = result->remote,
        .proxy = result->proxy,
        .http_major = result->http_major,
        .http_minor = result->http_minor,
        .status = result->status,
        .header_bytes = result->header_bytes,
        .head = result->head,
        .head_len = result->head_len,
        .tls = result->tls,
    };
}

/* What became of a target, or of one of its addresses. */
static void put_outcome(
    struct json_report *json, struct output *out, const struct result *result)
{
    const struct target *final = result_final(result);
    struct hop own = own_hop(result);

    put_answer(out, &own);
    put_started(&json->clock, out, &result->started_at);
    put_timings(out, result->timings);
    put_way(out, &own, result->started_at.tv_sec);
    JSON_PUT(out, ",\"final_url\":");
    json_put_text(out, final ? final->url : NULL);
    put_hops(out, result);
}

static void put_end(struct output *out, const struct result *result)
{
    JSON_PUT(out, ",\"hint\":");
    json_put_text(out, result->hint);
    JSON_PUT(out, ",\"attempts\":");
    json_put_uint(out, (uint64_t)result->attempts);
    put_error(out, result);
    JSON_PUT(out, "}");
}

static void put_ip(struct output *out, const struct target *target)
{
    char text[TARGET_IP_MAX];

    JSON_PUT(out, "\"ip\":");
    json_put_text(out, target ? target_ip(target, text) : NULL);
}

/* null when the target was fetched only once. */
static void put_addresses(
    struct json_report *json, struct output *out, const struct result *result)
{
    if (!result->addresses) {
        JSON_PUT(out, ",\"addresses\":null,\"agree\":null");
        return;
    }
    JSON_PUT(out, ",\"addresses\":[");
    for (size_t i = 0; i < result->address_count; i++) {
        if (i > 0)
            JSON_PUT(out, ",");
        JSON_PUT(out, "{");
        put_ip(out, result->addresses[i].owned);
        put_outcome(json, out, &result->addresses[i]);
        put_end(out, &result->addresses[i]);
    }
    JSON_PUT(out, "],\"agree\":");
    if (result->agree)
        JSON_PUT(out, "true");
    else
        JSON_PUT(out, "false");
}

static void json_result(struct report *report, const struct result *result)
{
    struct json_report *json = (struct json_report *)report;
    struct output *out = json->out;

    JSON_PUT(out, "{\"type\":\"result\",\"index\":");
    json_put_uint(out, result->index);
    JSON_PUT(out, ",\"input\":");
    json_put_string(out, result->input, result_input_len(result));
    put_target(out, result->target);
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
