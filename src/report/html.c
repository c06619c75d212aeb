/*
 * html - the run as one page: readable without a script, which sorts and
 * filters; no network, no bytes of strangers but as text.
 *
 * Rows are written as targets end; what is known at the end only comes behind
 * them, and is shown above them by the page's style.
 *
 * Invariant: just one section is open.
 */
#include "http/http.h"
#include "output/buffer.h"
#include "record/drift.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/html_page.h"
#include "report/html_row.h"
#include "report/html_timeline.h"
#include "report/report.h"
#include "report/shown_time.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 50000, /* a browser has its limits */
    HEADS_MAX = 4 * 1024 * 1024, /* bytes of heads, in all of them */
    NAMES_MAX = 1000, /* that were removed */
};

enum section { SECTION_NONE, SECTION_ROWS, SECTION_REMOVED, SECTION_GROUPS };

struct html_report {
    struct report base;
    struct output *out;
    struct html_timeline timeline;
    enum section section; /* that is open */
    size_t rows, left_out, removed;
    size_t room; /* for heads, bytes */
    int error; /* -errno */
};

/* --- sections --- */

static void close_section(struct html_report *html)
{
    static const char *const ends[] = {
        [SECTION_NONE] = "",
        [SECTION_ROWS] = "</tbody></table>\n</section>\n",
        [SECTION_REMOVED] = "</ul>\n</section>\n",
        [SECTION_GROUPS] = "</tbody></table>\n</section>\n",
    };
    output_puts(html->out, ends[html->section]);
    html->section = SECTION_NONE;
}

static void open_section(struct html_report *html, enum section section)
{
    static const char *const begins[] = {
        [SECTION_NONE] = "",
        [SECTION_ROWS] = "<section id=\"rows\"><table>\n",
        [SECTION_REMOVED] = "<section id=\"removed\">\n"
                            "<h2>Removed since baseline</h2>\n<ul>\n",
        [SECTION_GROUPS] =
            "<section id=\"groups\">\n<h2>Groups that answer alike</h2>\n"
            "<table><thead><tr><th class=\"n\">Targets</th><th>Status</th>"
            "<th>For example</th><th>Differences from the first "
            "group</th></tr></thead>"
            "<tbody>\n",
    };
    if (html->section == section)
        return;
    close_section(html);
    output_puts(html->out, begins[section]);
    html->section = section;
}

static void html_begin(struct report *report)
{
    struct html_report *html = (struct html_report *)report;
    clock_gettime(CLOCK_REALTIME, &html->timeline.begun);
    output_puts(html->out, html_page_head);
    output_puts(html->out,
        "<form id=\"find\"><input id=\"q\" type=\"search\" "
        "placeholder=\"Filter: target, header, error\" aria-label=\"Filter\">"
        "<select id=\"k\" aria-label=\"Which\"><option value=\"\">all</option>"
        "<option value=\"o\">ok</option><option value=\"f\">failed</option>"
        "<option value=\"e\">4xx, 5xx</option>"
        "<option value=\"c\">checks failed</option>"
        "<option value=\"w\">warnings</option>"
        "<option value=\"d\">changed</option></select>"
        "<output id=\"n\"></output></form>\n");
    open_section(html, SECTION_ROWS);
    html_row_put_head(html->out);
    output_puts(html->out, "<tbody>\n");
}

/* Those that failed have as many rows again. */
static void html_result(struct report *report, const struct result *result)
{
    struct html_report *html = (struct html_report *)report;
    int error = html_timeline_add(&html->timeline, result);
    if (error)
        html->error = error;
    if (html->rows >= (result->error ? 2 * ROWS_MAX : ROWS_MAX)) {
        html->left_out++;
        return;
    }
    html->rows++;
    html_row_put(html->out, result, &html->room);
}

static void html_removed(struct report *report, struct span input)
{
    struct html_report *html = (struct html_report *)report;
    open_section(html, SECTION_REMOVED);
    if (++html->removed > NAMES_MAX)
        return;
    output_puts(html->out, "<li>");
    html_put(html->out, input.at, input.len);
    output_puts(html->out, "</li>\n");
}

/* --- groups --- */

static void put_names(struct output *out, const struct report_group *group)
{
    for (size_t i = 0; i < group->name_count; i++) {
        output_puts(out, i > 0 ? ", " : "");
        html_put_text(out, group->names[i]);
    }
    if (group->count > group->name_count && group->name_count > 0)
        output_puts(out, ", ...");
}

static void put_difference(struct output *out, const struct drift *difference)
{
    for (size_t i = 0; difference && i < difference->count; i++) {
        const struct drift_change *change = &difference->changes[i];
        output_puts(out, "<div>");
        html_put_text(out, change->what);
        output_puts(out, ": ");
        html_put_text(out, change->to ? change->to : "none");
        output_puts(out, "</div>");
    }
}

static void html_group(struct report *report, const struct report_group *group)
{
    struct html_report *html = (struct html_report *)report;
    struct output *out = html->out;
    open_section(html, SECTION_GROUPS);
    output_printf(
        out, "<tr><td class=\"n\">%" PRIu64 "</td><td>", group->count);
    html_put_text(out, group->status ? group->status : "others");
    output_puts(out, "</td><td>");
    put_names(out, group);
    output_puts(out, "</td><td>");
    put_difference(out, group->difference);
    output_puts(out, "</td></tr>\n");
}

/* --- the sum --- */

static void put_classes(struct output *out, const struct run_totals *totals)
{
    for (int class = 1; class < 10; class ++)
        if (totals->by_status_class[class])
            output_printf(out, " · <span class=\"c%d\">%" PRIu64 " %dxx</span>",
                class, totals->by_status_class[class], class);
}

static void put_causes(struct output *out, const struct run_totals *totals)
{
    if (totals->failed == 0)
        return;
    output_puts(out, "<p>");
    for (unsigned error = FETCH_OK + 1; error < FETCH_ERROR_COUNT; error++)
        if (totals->by_error[error])
            output_printf(out,
                "<span class=\"bad\">%" PRIu64 "</span> %s &nbsp; ",
                totals->by_error[error],
                fetch_error_text((enum fetch_error)error));
    output_puts(out, "</p>\n");
}

static void put_checks(struct output *out, const struct run_totals *totals)
{
    const uint64_t *by = totals->checks.by_outcome;
    if (totals->checks.any)
        output_printf(out,
            "<p>Checks: %" PRIu64 " ok, %" PRIu64 " failed, %" PRIu64
            " without an answer, %" PRIu64 " skipped, %" PRIu64
            " warnings</p>\n",
            by[CHECK_OK], by[CHECK_FAILED], by[CHECK_NO_ANSWER],
            by[CHECK_SKIPPED], totals->checks.warned);
    by = totals->drift.by_outcome;
    if (totals->drift.any)
        output_printf(out,
            "<p>Since baseline: %" PRIu64 " unchanged, %" PRIu64
            " changed, %" PRIu64 " added, %" PRIu64 " removed</p>\n",
            by[DRIFT_UNCHANGED], by[DRIFT_CHANGED], by[DRIFT_ADDED],
            totals->drift.removed);
}

static void put_phases(struct output *out, const struct run_totals *totals)
{
    static const double points[] = {0.5, 0.9, 0.99, 1};
    output_puts(out, "<table><thead><tr><th>ms</th><th class=\"n\">p50</th>"
                     "<th class=\"n\">p90</th><th class=\"n\">p99</th>"
                     "<th class=\"n\">max</th></tr></thead><tbody>");
    for (int phase = PHASE_QUEUED; phase < PHASE_COUNT; phase++) {
        const struct quantiles *q = &totals->phases[phase];
        if (q->count == 0)
            continue;
        output_printf(out, "<tr><td>%s</td>", phase_name((enum phase)phase));
        for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
            output_puts(out, "<td class=\"n\">");
            html_put_ms(out, quantiles_get(q, points[i]));
            output_puts(out, "</td>");
        }
        output_puts(out, "</tr>");
    }
    output_puts(out, "</tbody></table>\n");
}

static void put_left_out(struct html_report *html)
{
    if (html->left_out > 0)
        output_printf(html->out,
            "<p class=\"warn\">%zu more targets are not shown</p>\n",
            html->left_out);
    if (html->removed > NAMES_MAX)
        output_printf(html->out,
            "<p class=\"warn\">%zu targets were removed; only %d are "
            "listed</p>\n",
            html->removed, NAMES_MAX);
}

static void put_sum(struct html_report *html, const struct run_totals *totals)
{
    struct output *out = html->out;
    output_printf(out,
        "<section id=\"sum\">\n<h1>%" PRIu64 " target%s: "
        "<span class=\"c2\">%" PRIu64 " ok</span>, <span class=\"%s\">%" PRIu64
        " failed</span>",
        totals->targets, totals->targets == 1 ? "" : "s", totals->ok,
        totals->failed ? "bad" : "dim", totals->failed);
    if (totals->not_begun)
        output_printf(out, ", %" PRIu64 " not begun", totals->not_begun);
    output_puts(out, "</h1>\n<p>wall ");
    output_puts(out, shown_time(totals->wall).text);
    put_classes(out, totals);
    output_puts(out, "</p>\n");
    put_causes(out, totals);
    put_checks(out, totals);
    put_left_out(html);
    put_phases(out, totals);
    output_puts(out, "</section>\n");
}

/* --- the report --- */

static int html_finish(struct report *report, const struct run_totals *totals)
{
    struct html_report *html = (struct html_report *)report;
    close_section(html);
    put_sum(html, totals);
    html_timeline_put(&html->timeline, html->out);
    output_puts(html->out, html_page_end);
    return html->error;
}

static void html_destroy(struct report *report)
{
    struct html_report *html = (struct html_report *)report;
    html_timeline_fini(&html->timeline);
    free(html);
}

static const struct report_ops html_ops = {
    .begin = html_begin,
    .result = html_result,
    .removed = html_removed,
    .group = html_group,
    .finish = html_finish,
    .destroy = html_destroy,
};

struct report *report_html_create(struct output *out)
{
    struct html_report *html = calloc(1, sizeof *html);
    if (!html)
        return NULL;
    html->base.ops = &html_ops;
    html->out = out;
    html->room = HEADS_MAX;
    return &html->base;
}
