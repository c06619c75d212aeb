/*
 * plan - see plan.h.
 *
 * Invariant: each line is a line, whatever bytes targets and fields have, and
 * no credentials are shown.
 */
#include "report/plan.h"

#include "output/buffer.h"
#include "report/plan_request.h"

#include <inttypes.h>
#include <string.h>

static void put_text(struct output *out, const char *text)
{
    output_put_escaped(out, text, strlen(text));
}

static void put_count(struct output *out, const char *what, uint64_t count)
{
    output_printf(out, "  %s: %" PRIu64 "\n", what, count);
}

/* --- targets --- */

static void put_bad(struct output *out, const struct plan_bad *bad)
{
    output_printf(out, "    ");
    put_text(out, bad->source ? bad->source : "argument");
    output_printf(out, "%s%zu: ", bad->source ? ":" : " ", bad->line);
    put_text(out, bad->reason);
    output_puts(out, ": ");
    output_put_escaped(out, bad->shown, bad->shown_len);
    output_puts(out, "\n");
}

static void put_targets(struct output *out, const struct plan *plan)
{
    output_printf(
        out, "targets: %" PRIu64 "\n", plan->http + plan->https + plan->bad);
    put_count(out, "http", plan->http);
    put_count(out, "https", plan->https);
    put_count(out, "addresses, without DNS", plan->addresses);
    put_count(out, "bad", plan->bad);
    for (size_t i = 0; i < PLAN_BAD_MAX && i < plan->bad; i++)
        put_bad(out, &plan->bad_lines[i]);
    if (plan->bad > PLAN_BAD_MAX)
        output_printf(
            out, "    and %" PRIu64 " more\n", plan->bad - PLAN_BAD_MAX);
}

static void put_resumed(struct output *out, const struct plan *plan)
{
    output_puts(out, "resume:\n");
    put_count(out, "already done, not among the targets", plan->done);
    put_count(out, "to be fetched again", plan->again);
}

/* --- what it takes --- */

static void put_time(
    struct output *out, const char *what, int64_t ns, const char *why)
{
    double seconds = (double)ns / 1e9;
    if (ns)
        output_printf(
            out, "  %s: %.*f s, %s\n", what, seconds < 100, seconds, why);
}

static void put_estimate(struct output *out, const struct plan *plan)
{
    output_puts(out, "estimate:\n");
    put_count(out, "requests", plan->http + plan->https);
    put_count(out, "bytes of requests", plan->request_bytes);
    put_time(out, "at least", plan->least, "by the rate");
    put_time(out, "at most", plan->most, "if no target answers");
    output_printf(
        out, "  memory: about %" PRIu64 " MiB\n", (plan->memory >> 20) + 1);
    output_printf(
        out, "  open files: at most %lu (RLIMIT_NOFILE)\n", plan->open_files);
}

/* --- rules --- */

static void put_rule(struct output *out, const struct plan_rule *rule)
{
    output_puts(out, "  ");
    if (rule->id) {
        put_text(out, rule->id);
        output_puts(out, ": ");
    }
    put_text(out, rule->text);
    output_puts(out, " (");
    put_text(out, rule->source ? rule->source : "command line");
    if (rule->only) {
        output_puts(out, ", on ");
        put_text(out, rule->only);
    }
    output_puts(out, rule->is_warning ? ", warns" : "");
    output_puts(out, rule->is_met ? ")\n" : ", for no target)\n");
}

static void put_rules(struct output *out, const struct plan *plan)
{
    output_printf(out, "rules: %zu\n", plan->rule_count);
    for (size_t i = 0; i < plan->rule_count; i++)
        put_rule(out, &plan->rules[i]);
}

static void put_limits(struct output *out, const struct plan *plan)
{
    output_puts(out, "limits:\n");
    for (size_t i = 0; i < plan->limit_count; i++)
        output_printf(
            out, "  %s: %s\n", plan->limits[i].name, plan->limits[i].value);
}

static void put_masked(struct output *out, const struct plan *plan)
{
    output_puts(out, "not compared:\n");
    for (size_t i = 0; i < plan->masked_count; i++) {
        output_puts(out, "  ");
        output_put_escaped(out, plan->masked[i], strlen(plan->masked[i]));
        output_puts(out, "\n");
    }
}

/* --- the request --- */

static void put_request(struct output *out, const struct plan *plan)
{
    struct span rest = {plan->request, plan->request_len};
    struct plan_line line;
    output_puts(out, "request to ");
    put_text(out, plan->url);
    if (plan->proxy) {
        output_puts(out, " through ");
        put_text(out, plan->proxy);
    }
    output_puts(out, ":\n");
    while (plan_next_line(&rest, &line)) {
        output_puts(out, "  ");
        output_put_escaped(out, line.shown.at, line.shown.len);
        output_printf(out, "%s\n", line.rest);
    }
}

void report_plan(struct output *out, const struct plan *plan)
{
    put_targets(out, plan);
    if (plan->is_resumed)
        put_resumed(out, plan);
    put_rules(out, plan);
    put_limits(out, plan);
    put_estimate(out, plan);
    if (plan->masked_count > 0)
        put_masked(out, plan);
    if (plan->url)
        put_request(out, plan);
}
