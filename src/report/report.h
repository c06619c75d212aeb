/*
 * report - the only rooms that print.  A report is a sink for what happens
 * in a run: header lines as they arrive, results as targets end, one summary
 * at the end.  Several reports hang on one run (text and summary, say): see
 * report/fanout.h; src/sinks.c has the table of them.
 *
 * Reports know nothing of coroutines: they write into an output, which is
 * flushed when the loop goes idle.
 */
#ifndef AFETCH_REPORT_H
#define AFETCH_REPORT_H

#include "output/terminal.h"
#include "text/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;
struct result;
struct run_totals;

enum report_kind {
    REPORT_LINE_FINAL, /* a line of the final head, status line included */
    REPORT_LINE_INTERIM, /* a line of a 1xx head */
};

/* A header line that has arrived. */
struct report_line {
    const struct result *result; /* of the target, so far */
    int64_t at; /* when it was read, ns since its request was sent, if wanted;
                   or 0 */
    size_t hop; /* from 0; counted only where redirects are followed */
    enum report_kind kind;
    const char *bytes; /* without the line end */
    size_t len;
};

struct drift;
struct host_statistics;

/* Targets that have answered alike, of --odd-one-out. */
struct report_group {
    uint64_t count;
    const char *status; /* or an error's code; NULL: those that are like no
                           group, of which there are too many */
    const char *const *names; /* of the first ones */
    size_t name_count;
    const struct drift *difference; /* from the largest; NULL: this is it */
};

/* What costs something, and is only done if a report wants it. */
enum {
    REPORT_WANTS_LINES = 1, /* line() is called */
    REPORT_WANTS_HEAD = 2, /* result() is given the heads */
    REPORT_WANTS_TLS = 4, /* … and what stands in certificates */
    REPORT_WANTS_TIMES = 8, /* lines have `at` */
    REPORT_WANTS_TICKS = 16, /* tick() is called */
    REPORT_WANTS_TRIED = 32, /* result() is given the addresses tried */
    REPORT_WANTS_CERTS = 64, /* … and all certificates */
};

struct report;

/* What happens in a run, in this order; each may be NULL but destroy.  What is
 * given lives for the call. */
struct report_ops {
    /* The run begins. */
    void (*begin)(struct report *report);
    /* A header line has arrived. */
    void (*line)(struct report *report, const struct report_line *line);
    /* A target has ended. */
    void (*result)(struct report *report, const struct result *result);
    /* A target of the run of --baseline is not in this one. */
    void (*removed)(struct report *report, struct span input);
    /* The run has ended with this group, the largest first. */
    void (*group)(struct report *report, const struct report_group *group);
    /* After the last round: the statistics of a target. */
    void (*statistics)(
        struct report *report, const struct host_statistics *host);
    /* The loop goes idle; `now` is its time. */
    void (*tick)(struct report *report, int64_t now);
    /* The run has ended.  0, or the -errno why what the report is to write is
     * not whole; what its output says is not repeated. */
    int (*finish)(struct report *report, const struct run_totals *totals);
    void (*destroy)(struct report *report);
};

struct report {
    const struct report_ops *ops;
    unsigned wants; /* REPORT_WANTS_…, set by who hangs it on a run */
};

struct report_text {
    struct output *out;
    bool has_times; /* each line begins with the milliseconds since its request
                       was sent */
    bool has_color;
};

/* text: "INPUT header > LINE" of final heads. */
struct report *report_text_create(const struct report_text *as);

/* interim: "INPUT interim > LINE" of interim heads. */
struct report *report_interim_create(const struct report_text *as);

/* json: JSON Lines on out, one record per result, the summary last, if it is
 * wanted. */
struct report *report_json_create(struct output *out, bool has_summary);

/* The columns that csv and tsv have without a list. */
extern const char report_csv_list[];

/* csv, tsv: a heading and a row a result: RFC 4180 with CRLF; or with TAB and
 * LF, where TAB, LF, CR and backslash in a cell are \t, \n, \r and \\.  The
 * list is one for columns_parse; NULL: report_csv_list. */
struct report *report_csv_create(struct output *out, const char *list);
struct report *report_tsv_create(struct output *out, const char *list);
/* One of these two, for a terminal: control bytes are escaped as in text.
 * Returns it; NULL-safe. */
struct report *report_csv_escape(struct report *report);

/* show: a row a result, the values of the list between TABs; on a terminal in
 * columns no wider than that. */
struct report *report_show_create(
    struct output *out, const char *list, const struct terminal *terminal);

/* write_out: what a format for write_format_parse says of each result; all
 * must live as long. */
struct report_write_out {
    struct output *out, *err;
    const char *format;
    const char *method;
};
struct report *report_write_out_create(const struct report_write_out *as);

/* har: HTTP Archive 1.2, whole at the end. */
struct har_request { /* what each request of the run has alike */
    const char *method; /* as long as the report */
    bool http11;
};
struct report *report_har_create(
    struct output *out, const struct har_request *request);

/* prometheus: gauges in the text format, whole at the end. */
struct report *report_prometheus_create(struct output *out);

/* tap: the Test Anything Protocol, version 13, the plan at the end. */
struct report *report_tap_create(struct output *out);

/* junit: JUnit's XML, a suite for each target, a case for each check. */
struct report *report_junit_create(struct output *out);

/* html: one page for a browser, whole at the end. */
struct report *report_html_create(struct output *out);

/* annotate: "::error file=LIST,line=N,title=INPUT::MESSAGE" for each failure,
 * "::warning" where a rule only warns. */
enum annotate_for { ANNOTATE_NOTHING, ANNOTATE_GITHUB };
struct report *report_annotate_create(struct output *out);

/* nagios: one line at the end: state, first fault, performance data. */
struct report *report_nagios_create(struct output *out);
/* The exit code in place of the program's own; totals is NULL when they were
 * not reported, which is then said on stdout. */
int nagios_exit(const struct run_totals *totals, int code);

/* errors: one line "INPUT: PHASE: message" per failed target on err, or
 * "INPUT: hint: message" where there is one; with addresses for each of them,
 * and "INPUT: addresses differ: how".  On a terminal see report/fold.h. */
struct report *report_errors_create(
    struct output *err, const struct terminal *terminal);

/* statistics: a line for each target on err, as fping writes it. */
struct report *report_statistics_create(struct output *err);

/* waterfall: a line for each of the slowest targets and of those that failed,
 * in a picture as wide as the terminal (at least 40 columns) on err. */
struct report *report_waterfall_create(
    struct output *err, const struct terminal *terminal);

/* summary: a table and the totals on err. */
enum summary_mode { SUMMARY_AUTO, SUMMARY_NONE, SUMMARY_TOTAL, SUMMARY_HOSTS };
struct report *report_summary_create(struct output *err, enum summary_mode mode,
    const struct terminal *terminal);

#endif
