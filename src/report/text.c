/*
 * text - header lines as they arrive, each behind its target's name.
 *
 * Invariant: what is put for one line holds exactly one LF, its last byte;
 * a server cannot begin a line of ours.
 */
#include "output/buffer.h"
#include "report/report.h"

#include <stdlib.h>

struct text_report {
    struct report base;
    struct output *out, *err;
    bool quiet, verbose;
};

static void text_line(struct report *report, const char *input,
    enum report_line kind, const char *line, size_t len)
{
    const struct text_report *text = (struct text_report *)report;

    if (kind == REPORT_LINE_FINAL) {
        if (!text->quiet)
            output_put_line(text->out, input, " header > ", line, len);
    } else if (text->verbose) {
        output_put_line(text->err, input, " interim > ", line, len);
    }
}

static void text_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops text_ops = {
    .line = text_line,
    .destroy = text_destroy,
};

struct report *report_text_create(
    struct output *out, struct output *err, bool quiet, bool verbose)
{
    struct text_report *text = malloc(sizeof(*text));

    if (!text)
        return NULL;
    *text = (struct text_report){
        .base.ops = &text_ops,
        .out = out,
        .err = err,
        .quiet = quiet,
        .verbose = verbose,
    };
    return &text->base;
}
