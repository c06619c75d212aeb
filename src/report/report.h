/*
 * report - the only rooms that print.  A report is a sink for what happens
 * in a run: header lines as they arrive, results as targets end, one summary
 * at the end.  A run may have several reports (text and summary, say).
 *
 * Reports know nothing of coroutines: they write into an output, which is
 * flushed when the loop goes idle.
 */
#ifndef AFETCH_REPORT_H
#define AFETCH_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;
struct result;
struct run_totals;

enum report_line {
    REPORT_LINE_FINAL, /* a line of the final head, status line included */
    REPORT_LINE_INTERIM, /* a line of a 1xx head */
};

struct report;

struct report_ops {
    /* A header line has arrived, without its line end.  May be NULL. */
    void (*line)(struct report *report, const char *input,
        enum report_line kind, const char *line, size_t len);
    /* A target has ended.  May be NULL. */
    void (*result)(struct report *report, const struct result *result);
    /* The run has ended.  May be NULL. */
    void (*finish)(struct report *report, const struct run_totals *totals);
    void (*destroy)(struct report *report);
    bool wants_head; /* result() needs result->head */
};

struct report {
    const struct report_ops *ops;
};

/* text: "INPUT header > LINE" on out.  `quiet`: no header lines.  Interim
 * lines only when `verbose`, to `err`, as "INPUT interim > LINE". */
struct report *report_text_create(
    struct output *out, struct output *err, bool quiet, bool verbose);

/* json: JSON Lines on out, one record per result, the summary last. */
struct report *report_json_create(struct output *out);

/* errors: one line "INPUT: PHASE: message" per failed target on err, or
 * "INPUT: hint: message" where there is one; with addresses for each of them,
 * and "INPUT: addresses differ: how". */
struct report *report_errors_create(struct output *err);

/* summary: the timing table and the totals on err. */
enum summary_mode { SUMMARY_AUTO, SUMMARY_NONE, SUMMARY_TOTAL, SUMMARY_HOSTS };
struct report *report_summary_create(
    struct output *err, enum summary_mode mode);

#endif
