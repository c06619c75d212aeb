/*
 * text - header lines as they arrive, each behind its target's name.
 *
 * Invariant: what is put for one line holds exactly one LF, its last byte;
 * a server cannot begin a line of ours.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/report.h"

#include <stdlib.h>

struct text_report {
    struct report base;
    struct output *out;
    enum report_kind kind; /* the lines that are shown, */
    const char *between; /* with this behind the name */
};

static void text_line(struct report *report, const struct report_line *line)
{
    const struct text_report *text = (struct text_report *)report;

    if (line->kind == text->kind)
        output_put_line(text->out, line->result->input, text->between,
            line->bytes, line->len);
}

static void text_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops text_ops = {
    .line = text_line,
    .destroy = text_destroy,
};

static struct report *text_create(
    struct output *out, enum report_kind kind, const char *between)
{
    struct text_report *text = malloc(sizeof(*text));

    if (!text)
        return NULL;
    *text = (struct text_report){
        .base.ops = &text_ops,
        .out = out,
        .kind = kind,
        .between = between,
    };
    return &text->base;
}

struct report *report_text_create(struct output *out)
{
    return text_create(out, REPORT_LINE_FINAL, " header > ");
}

struct report *report_interim_create(struct output *out)
{
    return text_create(out, REPORT_LINE_INTERIM, " interim > ");
}
