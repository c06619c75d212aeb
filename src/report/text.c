/*
 * text - header lines as they arrive, each behind its target's name.
 *
 * Invariant: what is put for one line holds exactly one LF, its last byte;
 * a server cannot begin a line of ours.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct text_report {
    struct report base;
    struct output *out;
    enum report_kind kind; /* the lines that are shown, */
    const char *between; /* with this behind the name */
    bool has_times;
};

enum { STAMP_MAX = 64 };

/* What stands between name and line: with the time, too. */
static const char *between_of(const struct text_report *text,
    const struct report_line *line, char made[STAMP_MAX])
{
    int64_t us = (line->at + 500) / 1000;

    if (!text->has_times)
        return text->between;
    snprintf(made, STAMP_MAX, "%s%" PRId64 ".%03" PRId64 " ", text->between,
        us / 1000, us % 1000);
    return made;
}

static void text_line(struct report *report, const struct report_line *line)
{
    const struct text_report *text = (struct text_report *)report;
    char made[STAMP_MAX];

    if (line->kind == text->kind)
        output_put_line(text->out, line->result->input,
            between_of(text, line, made), line->bytes, line->len);
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
    struct output *out, enum report_kind kind, bool has_times)
{
    struct text_report *text = malloc(sizeof(*text));

    if (!text)
        return NULL;
    *text = (struct text_report){
        .base.ops = &text_ops,
        .out = out,
        .kind = kind,
        .between = kind == REPORT_LINE_FINAL ? " header > " : " interim > ",
        .has_times = has_times,
    };
    return &text->base;
}

struct report *report_text_create(struct output *out, bool has_times)
{
    return text_create(out, REPORT_LINE_FINAL, has_times);
}

struct report *report_interim_create(struct output *out, bool has_times)
{
    return text_create(out, REPORT_LINE_INTERIM, has_times);
}
