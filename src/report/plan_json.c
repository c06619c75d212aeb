/*
 * plan_json - a plan as one record, see plan.h.
 *
 * Invariant: as in text, no credentials are shown.
 */
#include "output/buffer.h"
#include "record/members.h"
#include "report/json_write.h"
#include "report/plan.h"
#include "report/plan_request.h"

#include <string.h>

static void put_count(struct output *out, const char *name, uint64_t count)
{
    output_printf(out, ",\"%s\":", name);
    json_put_uint(out, count);
}

static void put_text(struct output *out, const char *name, const char *text)
{
    output_printf(out, ",\"%s\":", name);
    json_put_text(out, text);
}

static void put_flag(struct output *out, const char *name, bool value)
{
    output_printf(out, ",\"%s\":", name);
    json_put_bool(out, value);
}

/* Between the items of a list. */
static void put_comma(struct output *out, size_t i)
{
    output_puts(out, i > 0 ? "," : "");
}

static void put_bad(struct output *out, const struct plan_bad *bad)
{
    JSON_PUT(out, "{\"input\":");
    json_put_string(out, bad->shown, bad->shown_len);
    put_text(out, MEMBER_LIST_FILE, bad->source);
    put_count(out, "line", bad->line);
    put_text(out, "reason", bad->reason);
    JSON_PUT(out, "}");
}

static void put_targets(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, "{\"" MEMBER_TYPE "\":\"" RECORD_PLAN "\"");
    put_count(out, MEMBER_TARGETS, plan->http + plan->https + plan->bad);
    put_count(out, "http", plan->http);
    put_count(out, "https", plan->https);
    put_count(out, "without_dns", plan->addresses);
    put_count(out, "bad", plan->bad);
    JSON_PUT(out, ",\"bad_lines\":[");
    for (size_t i = 0; i < PLAN_BAD_MAX && i < plan->bad; i++) {
        put_comma(out, i);
        put_bad(out, &plan->bad_lines[i]);
    }
    JSON_PUT(out, "]");
}

static void put_resumed(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"resume\":");
    if (!plan->is_resumed) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{\"done\":");
    json_put_uint(out, plan->done);
    put_count(out, "again", plan->again);
    JSON_PUT(out, "}");
}

static void put_rule(struct output *out, const struct plan_rule *rule)
{
    JSON_PUT(out, "{\"id\":");
    json_put_text(out, rule->id);
    put_text(out, "expr", rule->text);
    put_text(out, "source", rule->source);
    put_text(out, "on", rule->only);
    put_flag(out, "warns", rule->is_warning);
    put_flag(out, "applies", rule->is_met);
    JSON_PUT(out, "}");
}

static void put_rules(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"rules\":[");
    for (size_t i = 0; i < plan->rule_count; i++) {
        put_comma(out, i);
        put_rule(out, &plan->rules[i]);
    }
    JSON_PUT(out, "]");
}

static void put_limits(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"limits\":{");
    for (size_t i = 0; i < plan->limit_count; i++) {
        put_comma(out, i);
        json_put_text(out, plan->limits[i].name);
        JSON_PUT(out, ":");
        json_put_text(out, plan->limits[i].value);
    }
    JSON_PUT(out, "}");
}

/* 0: not known. */
static void put_time(struct output *out, const char *name, int64_t ns)
{
    output_printf(out, ",\"%s\":", name);
    json_put_ms(out, ns ? ns : -1);
}

static void put_estimate(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"estimate\":{\"requests\":");
    json_put_uint(out, plan->http + plan->https);
    put_count(out, "request_bytes", plan->request_bytes);
    put_time(out, "least_ms", plan->least);
    put_time(out, "most_ms", plan->most);
    put_count(out, "memory_bytes", plan->memory);
    put_count(out, "open_files", plan->open_files);
    JSON_PUT(out, "}");
}

static void put_masked(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"not_compared\":[");
    for (size_t i = 0; i < plan->masked_count; i++) {
        put_comma(out, i);
        json_put_text(out, plan->masked[i]);
    }
    JSON_PUT(out, "]");
}

static void put_line(struct output *out, const struct plan_line *line)
{
    if (!*line->rest) {
        json_put_string(out, line->shown.at, line->shown.len);
        return;
    }
    JSON_PUT(out, "\"");
    json_put_latin1_part(out, line->shown.at, line->shown.len);
    json_put_latin1_part(out, line->rest, strlen(line->rest));
    JSON_PUT(out, "\"");
}

static void put_lines(struct output *out, const struct plan *plan)
{
    struct span rest = {plan->request, plan->request_len};
    struct plan_line line;
    for (size_t i = 0; plan_next_line(&rest, &line); i++) {
        put_comma(out, i);
        put_line(out, &line);
    }
}

static void put_request(struct output *out, const struct plan *plan)
{
    JSON_PUT(out, ",\"request\":");
    if (!plan->url) {
        JSON_PUT(out, "null");
        return;
    }
    JSON_PUT(out, "{\"url\":");
    json_put_text(out, plan->url);
    put_text(out, "proxy", plan->proxy);
    JSON_PUT(out, ",\"lines\":[");
    put_lines(out, plan);
    JSON_PUT(out, "]}");
}

void report_plan_json(struct output *out, const struct plan *plan)
{
    put_targets(out, plan);
    put_resumed(out, plan);
    put_rules(out, plan);
    put_limits(out, plan);
    put_estimate(out, plan);
    put_masked(out, plan);
    put_request(out, plan);
    JSON_PUT(out, "}\n");
}
