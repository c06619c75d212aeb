/*
 * html_row - see html_row.h.
 *
 * Invariant: all that is not written here goes through html_put.
 */
#include "report/html_row.h"

#include "input/target.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/selector.h"
#include "report/html_page.h"
#include "report/verdict.h"
#include "text/span.h"

#include <string.h>

/* Of a head; the rest is told to be there. */
enum { HEAD_MAX = 16 * 1024 };

static const enum phase shown[] = {
    PHASE_DNS, PHASE_CONNECT, PHASE_TLS, PHASE_WAIT, PHASE_TOTAL};

void html_row_put_head(struct output *out)
{
    output_puts(out, "<thead><tr><th class=\"n\">Status</th><th>Target</th>"
                     "<th>Address</th>");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        output_printf(out, "<th class=\"n\">%s</th>", phase_name(shown[i]));
    output_puts(out, "<th>Result</th></tr></thead>\n");
}

/* --- what it came to --- */

struct faults {
    bool failed, check, warning, drift;
};

static struct faults faults_of(const struct result *result)
{
    struct faults faults = {
        .failed = result_has_failed(result),
        .drift = result->drift && result->drift->outcome != DRIFT_UNCHANGED,
    };
    struct verdict verdict;
    for (size_t i = 0; verdict_at(result, i, &verdict); i++) {
        faults.check |= verdict.check && verdict.kind >= VERDICT_FAILED;
        faults.warning |= verdict.kind == VERDICT_WARNING;
    }
    return faults;
}

/* What the filter asks for: a letter each. */
static void put_kinds(struct output *out, const struct result *result)
{
    struct faults faults = faults_of(result);
    bool is_fine = !faults.failed && !faults.check;
    output_printf(out, "<tr data-k=\"%s%s%s%s%s%s\">", is_fine ? "o" : "",
        faults.failed ? "f" : "", faults.check ? "c" : "",
        faults.warning ? "w" : "", faults.drift ? "d" : "",
        result->response.status >= 400 ? "e" : "");
}

static void put_verdict(struct output *out, const struct result *result,
    const struct verdict *verdict)
{
    output_printf(out, "<div class=\"%s\">",
        verdict->kind == VERDICT_WARNING ? "warn" : "bad");
    if (verdict->check) {
        verdict_put_name(out, verdict, html_put);
        output_puts(out, ": ");
    }
    verdict_put_why(out, result, verdict, html_put);
    output_puts(out, "</div>");
}

static void put_drift(struct output *out, const struct drift *drift)
{
    if (!drift || drift->outcome == DRIFT_UNCHANGED)
        return;
    output_printf(out, "<div class=\"warn\">%s since baseline</div>",
        drift_outcome_name(drift->outcome));
    for (size_t i = 0; i < drift->count; i++) {
        const struct drift_change *change = &drift->changes[i];
        output_puts(out, "<div>");
        html_put_text(out, change->what);
        output_puts(out, ": ");
        html_put_text(out, change->from ? change->from : "none");
        output_puts(out, " → ");
        html_put_text(out, change->to ? change->to : "none");
        output_puts(out, "</div>");
    }
}

static void put_count(struct output *out, size_t checks, const char *how)
{
    if (checks > 0)
        output_printf(out, "<div class=\"dim\">%zu check%s %s</div>", checks,
            checks == 1 ? "" : "s", how);
}

static void put_outcome(struct output *out, const struct result *result)
{
    struct verdict verdict;
    size_t ok = 0, skipped = 0;
    for (size_t i = 0; verdict_at(result, i, &verdict); i++)
        if (verdict.kind >= VERDICT_WARNING)
            put_verdict(out, result, &verdict);
        else if (verdict.kind == VERDICT_SKIPPED)
            skipped++;
        else
            ok += verdict.check != NULL;
    put_count(out, ok, "ok");
    put_count(out, skipped, "skipped");
    put_drift(out, result->drift);
    if (result->hint) {
        output_puts(out, "<div class=\"dim\">");
        html_put_text(out, result->hint);
        output_puts(out, "</div>");
    }
}

/* --- what came --- */

static void put_head(struct output *out, const char *head, size_t len)
{
    struct span rest = {head, len < HEAD_MAX ? len : HEAD_MAX};
    while (rest.len > 0) {
        struct span line = span_take(&rest, span_until(rest, "\n"));
        html_put(out, line.at, line.len);
        output_puts(out, "\n");
        span_take(&rest, rest.len > 0);
    }
    if (len > HEAD_MAX)
        output_puts(out, "...\n");
}

static void put_response(struct output *out, const char *name,
    const struct response *response, size_t *room)
{
    size_t len = response->interim_len + response->head_len;
    output_puts(out, "<pre>");
    html_put_text(out, name);
    output_puts(out, "\n");
    if (len > *room) {
        output_puts(out, "(the page has no room for more headers)\n");
        *room = 0;
    } else {
        *room -= len;
        put_head(out, response->interim, response->interim_len);
        put_head(out, response->head, response->head_len);
    }
    output_puts(out, "</pre>");
}

static void put_fetch(struct output *out, const char *name,
    const struct result *result, size_t *room)
{
    for (size_t i = 0; i < result->hop_count; i++)
        put_response(
            out, result->hops[i].target->url, &result->hops[i].response, room);
    if (result->hop_count == 0)
        put_response(out, name, &result->response, room);
}

static void put_details(
    struct output *out, const struct result *result, size_t *room)
{
    char ip[TARGET_IP_MAX];
    for (size_t i = 0; i < result->address_count; i++) {
        const struct result *one = &result->addresses[i];
        put_fetch(out, target_ip(one->target, ip), one, room);
    }
    if (result->address_count == 0)
        put_fetch(
            out, result->target ? result->target->url : NULL, result, room);
}

static void put_target(
    struct output *out, const struct result *result, size_t *room)
{
    output_puts(out, "<td>");
    if (result->attempts == 0) { /* nothing was asked */
        html_put(out, result->input, result_input_len(result));
    } else {
        output_puts(out, "<details><summary>");
        html_put(out, result->input, result_input_len(result));
        output_puts(out, "</summary>");
        put_details(out, result, room);
        output_puts(out, "</details>");
    }
    output_puts(out, "</td>");
}

/* --- the row --- */

static void put_status(struct output *out, const struct response *response)
{
    if (response->status)
        output_printf(out, "<td class=\"n c%d\">%d</td>",
            response->status / 100, response->status);
    else
        output_puts(out, "<td class=\"n bad\"></td>");
}

static void put_address(struct output *out, const struct result *result)
{
    const struct selector_scope scope = {.result = result};
    struct selector_value ip;
    selector_get_known(SELECTOR_REMOTE_IP, &scope, &ip);
    output_puts(out, "<td>");
    if (ip.type == SELECTOR_TEXT)
        html_put(out, ip.text, ip.len);
    if (result->address_count > 1)
        output_printf(out, " and %zu more%s", result->address_count - 1,
            result->agree ? "" : ", which differ");
    output_puts(out, "</td>");
}

void html_row_put(struct output *out, const struct result *result, size_t *room)
{
    put_kinds(out, result);
    put_status(out, &result->response);
    put_target(out, result, room);
    put_address(out, result);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        output_puts(out, "<td class=\"n\">");
        html_put_ms(out, result->timings[shown[i]]);
        output_puts(out, "</td>");
    }
    output_puts(out, "<td>");
    put_outcome(out, result);
    output_puts(out, "</td></tr>\n");
}
