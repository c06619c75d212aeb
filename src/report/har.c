/*
 * har - HTTP Archive 1.2: one page, and an entry for each request.
 *
 * Invariant: every entry has each member that the format asks for; what is
 * not known is its "not available" (-1, "" or an empty list).
 */
#include "fields/cookies.h"
#include "http/http.h"
#include "input/target.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/selector.h"
#include "record/totals.h"
#include "report/json_field.h"
#include "report/json_member.h"
#include "report/json_write.h"
#include "report/report.h"
#include "text/span.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct har_report {
    struct report base;
    struct output *out;
    struct har_request request;
    struct json_clock clock;
    uint64_t entries;
    uint64_t left_out; /* targets that never began */
};

/* One request: the result's only one, or one of its hops. */
struct har_entry {
    struct selector_scope scope;
    const struct target *target;
    const struct response *response;
    const int64_t *timings;
    int64_t begun; /* ns after the target was begun */
    bool has_failed; /* the target did, here */
};

/* --- the request --- */

static void put_pair(struct output *out, struct span name, struct span value)
{
    JSON_PUT(out, "{\"name\":");
    json_put_string(out, name.at, name.len);
    JSON_PUT(out, ",\"value\":");
    json_put_string(out, value.at, value.len);
    JSON_PUT(out, "}");
}

/* "a=1" of "a=1&b=2"; percent-encoding stays as it was sent. */
static void put_parameter(struct output *out, struct span parameter)
{
    struct span name = span_take(&parameter, span_until(parameter, "="));
    if (parameter.len > 0)
        span_take(&parameter, 1);
    put_pair(out, name, parameter);
}

static void put_query(struct output *out, const char *url)
{
    const char *query = strchr(url, '?');
    struct span rest = {query ? query + 1 : "", query ? strlen(query + 1) : 0};

    JSON_PUT(out, "\"queryString\":[");
    for (bool first = true; rest.len > 0; first = false) {
        if (!first)
            JSON_PUT(out, ",");
        put_parameter(out, span_take(&rest, span_until(rest, "&")));
        if (rest.len > 0)
            span_take(&rest, 1);
    }
    JSON_PUT(out, "]");
}

static void put_request(
    const struct har_report *har, const struct har_entry *entry)
{
    struct output *out = har->out;

    JSON_PUT(out, ",\"request\":{\"method\":");
    json_put_text(out, har->request.method);
    JSON_PUT(out, ",\"url\":");
    json_put_text(out, entry->target->url);
    JSON_PUT(out, ",\"httpVersion\":");
    json_put_text(out, har->request.http11 ? "HTTP/1.1" : "HTTP/1.0");
    JSON_PUT(out, ",\"cookies\":[],\"headers\":[],");
    put_query(out, entry->target->url);
    JSON_PUT(out, ",\"headersSize\":-1,\"bodySize\":0}");
}

/* --- the response --- */

static void put_header(struct output *out, const struct http_field *field)
{
    JSON_PUT(out, "{\"name\":");
    json_put_latin1(out, field->name, field->name_len);
    JSON_PUT(out, ",\"value\":");
    json_put_field_value(out, field);
    JSON_PUT(out, "}");
}

static void put_headers(struct output *out, const struct response *response)
{
    struct http_status status;
    struct http_fields fields;
    struct http_field field;
    const char *before = "";

    if (!response_status_line(response, &status))
        return;
    http_fields_init(&fields, response->head, response->head_len);
    while (http_fields_next(&fields, &field)) {
        output_puts(out, before);
        put_header(out, &field);
        before = ",";
    }
}

/* Refused ones, too: the format has no word for that. */
static void put_cookies(struct output *out, const struct selector_scope *scope)
{
    struct field_head head;
    struct cookies cookies;
    struct cookie cookie;
    const char *before = "";

    selector_field_head(scope, &head);
    cookies_init(&cookies, &head);
    while (cookies_next(&cookies, &cookie)) {
        output_puts(out, before);
        put_pair(out, cookie.name, cookie.value);
        before = ",";
    }
}

/* The value of a field, "" without one. */
static void put_field(
    struct output *out, const struct response *response, const char *name)
{
    struct http_field field;

    if (response->head &&
        http_field_find(response->head, response->head_len, name, &field))
        json_put_field_value(out, &field);
    else
        JSON_PUT(out, "\"\"");
}

static void put_known_text(
    struct output *out, enum selector_id id, const struct selector_scope *scope)
{
    struct selector_value value;

    selector_get_known(id, scope, &value);
    bool is_there = value.type == SELECTOR_TEXT;
    json_put_string(out, is_there ? value.text : "", is_there ? value.len : 0);
}

static void put_status(struct output *out, const struct har_entry *entry)
{
    struct selector_value version;

    selector_get_known(SELECTOR_HTTP_VERSION, &entry->scope, &version);
    output_printf(out, "{\"status\":%d,\"statusText\":",
        entry->has_failed ? 0 : entry->response->status);
    put_known_text(out, SELECTOR_REASON, &entry->scope);
    JSON_PUT(out, ",\"httpVersion\":\"");
    if (version.type == SELECTOR_TEXT) {
        JSON_PUT(out, "HTTP/");
        output_put(out, version.text, version.len);
    }
    JSON_PUT(out, "\"");
}

static void put_response(struct output *out, const struct har_entry *entry)
{
    const struct response *response = entry->response;

    JSON_PUT(out, ",\"response\":");
    put_status(out, entry);
    JSON_PUT(out, ",\"cookies\":[");
    put_cookies(out, &entry->scope);
    JSON_PUT(out, "],\"headers\":[");
    put_headers(out, response);
    JSON_PUT(out, "],\"content\":{\"size\":0,\"mimeType\":");
    put_field(out, response, "Content-Type");
    JSON_PUT(out, "},\"redirectURL\":");
    put_field(out, response, "Location");
    output_printf(out, ",\"headersSize\":%" PRId64 ",\"bodySize\":-1}",
        response->header_bytes ? (int64_t)response->header_bytes : -1);
}

/* --- times --- */

static void put_time(struct output *out, const char *name, int64_t ns)
{
    json_put_key(out, name);
    if (ns < 0)
        JSON_PUT(out, "-1");
    else
        json_put_ms(out, ns);
}

static int64_t at_least_0(int64_t ns)
{
    return ns > 0 ? ns : 0;
}

/* What the phases leave of the whole: between tries, say. */
static int64_t get_blocked(const int64_t timings[PHASE_COUNT])
{
    int64_t rest = timings[PHASE_TOTAL];

    for (int phase = PHASE_DNS; phase < PHASE_TOTAL; phase++)
        rest -= at_least_0(timings[phase]);
    return at_least_0(rest);
}

/* In this format the time of TLS is one of connecting, too. */
static int64_t get_connect(const int64_t timings[PHASE_COUNT])
{
    int64_t connect = timings[PHASE_CONNECT], tls = timings[PHASE_TLS];

    return connect < 0 && tls < 0 ? -1 : at_least_0(connect) + at_least_0(tls);
}

static void put_timings(struct output *out, const int64_t timings[PHASE_COUNT])
{
    const struct {
        const char *name;
        int64_t ns;
    } times[] = {{"blocked", get_blocked(timings)}, {"dns", timings[PHASE_DNS]},
        {"connect", get_connect(timings)}, {"ssl", timings[PHASE_TLS]},
        {"send", at_least_0(timings[PHASE_SEND])},
        {"wait", at_least_0(timings[PHASE_WAIT])},
        {"receive", at_least_0(timings[PHASE_RECEIVE])}};

    JSON_PUT(out, ",\"cache\":{},\"timings\":{");
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        output_puts(out, i > 0 ? "," : "");
        put_time(out, times[i].name, times[i].ns);
    }
    JSON_PUT(out, "}");
}

static void put_begun(struct har_report *har, const struct har_entry *entry)
{
    enum { NS = 1000000000 };
    struct timespec at = entry->scope.result->started_at;

    at.tv_sec += (time_t)(entry->begun / NS);
    at.tv_nsec += (long)(entry->begun % NS);
    if (at.tv_nsec >= NS) {
        at.tv_sec++;
        at.tv_nsec -= NS;
    }
    json_put_time(&har->clock, har->out, &at);
}

/* --- entries --- */

static void put_error(struct output *out, const struct result *result)
{
    const struct selector_scope scope = {.result = result};

    JSON_PUT(out, ",\"_error\":{");
    json_put_members(out, SELECTOR_ERROR_PHASE, SELECTOR_ERROR_PHASE, &scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_ERROR, &scope);
    JSON_PUT(out, ",");
    json_put_member(out, SELECTOR_ERROR_MESSAGE, &scope);
    JSON_PUT(out, "}");
}

/* What stands beside request, response and times. */
static void put_rest(struct output *out, const struct har_entry *entry)
{
    if (entry->response->remote.sa.sa_family != AF_UNSPEC) {
        JSON_PUT(out, ",\"serverIPAddress\":");
        put_known_text(out, SELECTOR_REMOTE_IP, &entry->scope);
    }
    if (entry->has_failed)
        put_error(out, entry->scope.result);
    JSON_PUT(out, "}");
}

static void put_entry(struct har_report *har, const struct har_entry *entry)
{
    struct output *out = har->out;

    output_puts(out, har->entries++ ? ",\n" : "\n");
    JSON_PUT(out, "{\"pageref\":\"page_1\",\"startedDateTime\":");
    put_begun(har, entry);
    JSON_PUT(out, ",");
    put_time(out, "time", at_least_0(entry->timings[PHASE_TOTAL]));
    put_request(har, entry);
    put_response(out, entry);
    put_timings(out, entry->timings);
    put_rest(out, entry);
}

static void put_hops(struct har_report *har, const struct result *result)
{
    int64_t begun = 0;

    for (size_t i = 0; i < result->hop_count; i++) {
        const struct hop *hop = &result->hops[i];
        put_entry(har,
            &(struct har_entry){.scope = {result, hop},
                .target = hop->target,
                .response = &hop->response,
                .timings = hop->timings,
                .begun = begun,
                .has_failed = result->error && i + 1 == result->hop_count});
        begun += at_least_0(hop->timings[PHASE_TOTAL]);
    }
}

static void put_requests(struct har_report *har, const struct result *result)
{
    if (result->hop_count > 0)
        put_hops(har, result);
    else if (result->attempts > 0)
        put_entry(har, &(struct har_entry){.scope = {.result = result},
                           .target = result->target,
                           .response = &result->response,
                           .timings = result->timings,
                           .has_failed = result->error != FETCH_OK});
    else
        har->left_out++;
}

/* --- the report --- */

static void har_begin(struct report *report)
{
    struct har_report *har = (struct har_report *)report;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    JSON_PUT(har->out, "{\"log\":{\"version\":\"1.2\",\"creator\":{"
                       "\"name\":\"afetch\",\"version\":\"" AFETCH_VERSION
                       "\"},\n\"pages\":[{\"startedDateTime\":");
    json_put_time(&har->clock, har->out, &now);
    JSON_PUT(har->out, ",\"id\":\"page_1\",\"title\":\"afetch\","
                       "\"pageTimings\":{}}],\n\"entries\":[");
}

static void har_result(struct report *report, const struct result *result)
{
    struct har_report *har = (struct har_report *)report;

    for (size_t i = 0; i < result->address_count; i++)
        put_requests(har, &result->addresses[i]);
    if (result->address_count == 0)
        put_requests(har, result);
}

static int har_finish(struct report *report, const struct run_totals *totals)
{
    const struct har_report *har = (struct har_report *)report;
    uint64_t left_out = har->left_out + totals->not_begun;

    JSON_PUT(har->out, "\n]");
    if (left_out > 0)
        output_printf(har->out,
            ",\n\"comment\":\"%" PRIu64 " target%s never began\"", left_out,
            left_out == 1 ? "" : "s");
    JSON_PUT(har->out, "}}\n");
    return 0;
}

static void har_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops har_ops = {
    .begin = har_begin,
    .result = har_result,
    .finish = har_finish,
    .destroy = har_destroy,
};

struct report *report_har_create(
    struct output *out, const struct har_request *request)
{
    struct har_report *har = calloc(1, sizeof *har);

    if (!har)
        return NULL;
    har->base.ops = &har_ops;
    har->out = out;
    har->request = *request;
    return &har->base;
}
