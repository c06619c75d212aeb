/*
 * html_timeline - see html_timeline.h.
 *
 * Invariant: each bar lies between 0 and `end`.
 */
#include "report/html_timeline.h"

#include "output/buffer.h"
#include "report/bar.h"
#include "report/html_page.h"
#include "report/shown_time.h"
#include "text/array.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum {
    ROW = 16, /* of the picture with names, in its own units: */
    WIDTH = 1000,
    NAMES = 220,
    FINE = 10000, /* width of the one without */
};

/* --- what is kept --- */

int html_timeline_add(struct html_timeline *t, const struct result *result)
{
    if (result->attempts == 0 || t->count == HTML_TIMELINE_MAX)
        return 0;
    struct bar *bars = array_grow(t->bars, &t->size, t->count, sizeof *bars);
    if (!bars)
        return -ENOMEM;
    t->bars = bars;
    struct bar *bar = &t->bars[t->count];
    *bar = bar_of(result, &t->begun);
    if (t->count < HTML_TIMELINE_NAMED && !bar_keep_name(bar, result))
        return -ENOMEM;
    t->count++;
    int64_t end = bar_begin_of(bar, BAR_PHASES);
    if (end > t->end)
        t->end = end;
    return 0;
}

void html_timeline_fini(struct html_timeline *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->bars[i].name);
    free(t->bars);
    *t = (struct html_timeline){0};
}

/* --- the picture --- */

/* The place on an axis of so many units. */
static int64_t scale_time(const struct html_timeline *t, int64_t ns, int units)
{
    return t->end > 0 ? (int64_t)((double)ns / (double)t->end * units) : 0;
}

static bool is_named(const struct html_timeline *t)
{
    return t->count <= HTML_TIMELINE_NAMED;
}

static void put_names(const struct html_timeline *t, struct output *out)
{
    for (size_t i = 0; i < t->count; i++) {
        output_printf(out,
            "<svg x=\"4\" y=\"%zu\" width=\"%d\" height=\"%d\">"
            "<text y=\"12\">",
            i * ROW, NAMES - 8, ROW);
        html_put_text(out, t->bars[i].name);
        output_puts(out, "</text></svg>\n");
    }
}

/* One path has this phase of all targets: "M120 8h4M…". */
static void put_phase(
    const struct html_timeline *t, struct output *out, int phase)
{
    int units = is_named(t) ? WIDTH - NAMES : FINE;
    output_printf(out, "<path class=\"p%d\" d=\"", BAR_FIRST + phase);
    for (size_t i = 0; i < t->count; i++) {
        const struct bar *bar = &t->bars[i];
        int64_t from = scale_time(t, bar_begin_of(bar, phase), units);
        int64_t to = scale_time(t, bar_begin_of(bar, phase + 1), units);
        if (to == from && bar->phases[phase] > 0 &&
            phase == PHASE_WAIT - BAR_FIRST)
            to++; /* something of each target is to be seen */
        if (to > from)
            output_printf(
                out, "M%" PRId64 " %zu.5h%" PRId64, from, i, to - from);
    }
    output_puts(out, "\"/>\n");
}

static void put_failures(const struct html_timeline *t, struct output *out)
{
    int units = is_named(t) ? WIDTH - NAMES : FINE, mark = units / 250;
    output_puts(out, "<path class=\"px\" d=\"");
    for (size_t i = 0; i < t->count; i++) {
        int64_t at =
            scale_time(t, bar_begin_of(&t->bars[i], BAR_PHASES), units);
        if (t->bars[i].has_failed)
            output_printf(out, "M%" PRId64 " %zu.5h%d",
                at < units - mark ? at : units - mark, i, mark);
    }
    output_puts(out, "\"/>\n");
}

static void put_bars(const struct html_timeline *t, struct output *out)
{
    for (int phase = 0; phase < BAR_PHASES; phase++)
        put_phase(t, out, phase);
    put_failures(t, out);
}

static void put_picture(const struct html_timeline *t, struct output *out)
{
    if (!is_named(t)) {
        output_printf(out,
            "<svg class=\"many\" viewBox=\"0 0 %d %zu\" "
            "preserveAspectRatio=\"none\" role=\"img\" "
            "aria-label=\"timeline\">\n",
            FINE, t->count);
        put_bars(t, out);
        output_puts(out, "</svg>\n");
        return;
    }
    output_printf(out,
        "<svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"timeline\">\n",
        WIDTH, t->count * ROW);
    put_names(t, out);
    output_printf(out,
        "<g transform=\"translate(%d 0) scale(1 %d)\" "
        "stroke-width=\".7\">\n",
        NAMES, ROW);
    put_bars(t, out);
    output_puts(out, "</g>\n</svg>\n");
}

static void put_axis(const struct html_timeline *t, struct output *out)
{
    enum { STEPS = 4 };
    output_printf(out, "<div class=\"axis%s\">", is_named(t) ? " few" : "");
    for (int i = 0; i <= STEPS; i++)
        output_printf(out, "<span>%s</span>",
            i == 0 ? "0" : shown_time(t->end / STEPS * i).text);
    output_puts(out, "</div>\n<div class=\"key\">");
    for (int i = 0; i <= BAR_PHASES; i++)
        output_printf(out,
            "<span><svg viewBox=\"0 0 1 1\"><rect class=\"p%c\" width=\"1\" "
            "height=\"1\"/></svg>%s</span>",
            i == BAR_PHASES ? 'x' : (char)('0' + BAR_FIRST + i),
            i == BAR_PHASES ? "failed"
                            : phase_name((enum phase)(BAR_FIRST + i)));
    output_puts(out, "</div>\n");
}

void html_timeline_put(struct html_timeline *t, struct output *out)
{
    if (t->count == 0)
        return;
    qsort(t->bars, t->count, sizeof *t->bars, bar_compare);
    output_puts(out, "<section id=\"time\">\n<h2>Timeline</h2>\n");
    put_picture(t, out);
    put_axis(t, out);
    if (t->count == HTML_TIMELINE_MAX)
        output_printf(out, "<p class=\"dim\">The first %d targets.</p>\n",
            HTML_TIMELINE_MAX);
    output_puts(out, "</section>\n");
}
