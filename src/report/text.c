/*
 * text - header lines as they arrive, each behind its target's name.
 *
 * Invariant: what is put for one line holds exactly one LF, its last byte;
 * a server cannot begin a line of ours.
 */
#include "output/buffer.h"
#include "record/result.h"
#include "report/paint.h"
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Of "HTTP/1.1 301 Moved"; 0: it is no such line. */
static int status_of(const char *line, size_t len)
{
    const char *blank = memchr(line, ' ', len);
    const char *end = line + len;
    int status = 0;

    if (len < 5 || memcmp(line, "HTTP/", 5) != 0 || !blank)
        return 0;
    while (++blank < end && *blank >= '0' && *blank <= '9' && status < 100)
        status = 10 * status + (*blank - '0');
    return status;
}

/* A status line, or a field's name in front of its value. */
static void put_colored(struct output *out, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    int status = status_of(line, len);
    size_t name = colon ? (size_t)(colon - line) : 0;

    if (status) {
        paint_put(out, paint_status(status), line, len, true);
        return;
    }
    paint_put(out, PAINT_FIELD, line, name, true);
    output_put_escaped(out, line + name, len - name);
}

static void text_line_colored(
    struct report *report, const struct report_line *line)
{
    const struct text_report *text = (struct text_report *)report;
    const char *name = line->result->input;
    char made[STAMP_MAX];

    if (line->kind != text->kind)
        return;
    paint_put(text->out, PAINT_NAME, name, strlen(name), true);
    output_puts(text->out, between_of(text, line, made));
    put_colored(text->out, line->bytes, line->len);
    output_puts(text->out, "\n");
}

static void text_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops text_ops = {
    .line = text_line,
    .destroy = text_destroy,
};

static const struct report_ops text_ops_colored = {
    .line = text_line_colored,
    .destroy = text_destroy,
};

static struct report *text_create(
    enum report_kind kind, const struct report_text *as)
{
    struct text_report *text = malloc(sizeof(*text));

    if (!text)
        return NULL;
    *text = (struct text_report){
        .base.ops = as->has_color ? &text_ops_colored : &text_ops,
        .out = as->out,
        .kind = kind,
        .between = kind == REPORT_LINE_FINAL ? " header > " : " interim > ",
        .has_times = as->has_times,
    };
    return &text->base;
}

struct report *report_text_create(const struct report_text *as)
{
    return text_create(REPORT_LINE_FINAL, as);
}

struct report *report_interim_create(const struct report_text *as)
{
    return text_create(REPORT_LINE_INTERIM, as);
}
