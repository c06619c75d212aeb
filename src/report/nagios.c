/*
 * nagios - one line for a monitoring system: state, first fault, figures.
 *
 * Invariant: there is one line, with one bar in it, behind which are figures
 * only.
 */
#include "exit.h"
#include "output/buffer.h"
#include "record/result.h"
#include "record/totals.h"
#include "report/report.h"
#include "report/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The exit codes of the plugin API. */
enum nagios_state {
    NAGIOS_OK,
    NAGIOS_WARNING, /* rules that only warn were not met */
    NAGIOS_CRITICAL,
    NAGIOS_UNKNOWN, /* not one target answered, or the run was interrupted */
};

enum { FAULT_MAX = 400 }; /* bytes of a fault that are shown */

struct nagios_report {
    struct report base;
    struct output *out;
    enum verdict_kind kind; /* of the fault */
    char fault[FAULT_MAX]; /* the first one; "": none */
};

static enum nagios_state nagios_state(const struct run_totals *totals)
{
    const uint64_t *checks = totals->checks.by_outcome;
    if (totals->signal || totals->ok == 0)
        return NAGIOS_UNKNOWN;
    if (totals->failed || totals->not_begun || totals->versus.cut ||
        checks[CHECK_NO_ANSWER] || checks[CHECK_FAILED])
        return NAGIOS_CRITICAL;
    return totals->checks.warned ? NAGIOS_WARNING : NAGIOS_OK;
}

/* A plugin has exit codes of its own, and no answer is none of them. */
int nagios_exit(const struct run_totals *totals, int code)
{
    bool is_done = code == EXIT_ALL_GOOD || code == EXIT_SOME_FAILED ||
                   code == EXIT_NOT_AS_EXPECTED;
    if (!totals)
        puts("AFETCH UNKNOWN - the run failed: see standard error");
    return is_done && totals ? (int)nagios_state(totals) : NAGIOS_UNKNOWN;
}

/* --- the fault --- */

static void keep_check(struct nagios_report *nagios,
    const struct result *result, const struct check *check)
{
    snprintf(nagios->fault, sizeof nagios->fault, "%s: expected %s: %s",
        result->input, check->expr, check->why ? check->why : "failed");
}

static void keep_failure(
    struct nagios_report *nagios, const struct result *result)
{
    snprintf(nagios->fault, sizeof nagios->fault, "%s: %s: %s", result->input,
        phase_name(result->error_phase), result_message(result));
}

/* The first is shown; but a failure rather than a warning. */
static void nagios_result(struct report *report, const struct result *result)
{
    struct nagios_report *nagios = (struct nagios_report *)report;
    struct verdict verdict;
    for (size_t i = 0; verdict_at(result, i, &verdict); i++) {
        bool is_more = verdict.kind >= VERDICT_FAILED
                           ? nagios->kind < VERDICT_FAILED
                           : verdict.kind > nagios->kind;
        if (!is_more || verdict.kind < VERDICT_WARNING)
            continue;
        nagios->kind = verdict.kind;
        if (verdict.kind == VERDICT_NO_ANSWER && result_has_failed(result))
            keep_failure(nagios, result);
        else
            keep_check(nagios, result, verdict.check);
    }
}

/* --- the line --- */

static const char *escape_bar(char byte)
{
    return byte == '|' ? "\\x7c" : NULL;
}

static void put_text(
    const struct nagios_report *nagios, const struct run_totals *totals)
{
    static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    struct output *out = nagios->out;
    const uint64_t *checks = totals->checks.by_outcome;
    output_printf(out, "AFETCH %s - %" PRIu64 " of %" PRIu64 " targets ok",
        names[nagios_state(totals)], totals->ok,
        totals->targets + totals->not_begun);
    if (totals->checks.any)
        output_printf(out, ", %" PRIu64 " of %" PRIu64 " checks ok",
            checks[CHECK_OK],
            checks[CHECK_OK] + checks[CHECK_FAILED] + checks[CHECK_NO_ANSWER] +
                totals->checks.warned);
    if (!*nagios->fault)
        return;
    output_puts(out, "; ");
    verdict_put_escaped(out, nagios->fault, strlen(nagios->fault), escape_bar);
}

/* 'label'=value[unit];warn;crit;min */
static void put_figures(struct output *out, const struct run_totals *totals)
{
    const struct check_totals *checks = &totals->checks;
    int64_t us = (totals->wall + 500) / 1000;
    output_printf(out, " | time=%" PRId64 ".%06" PRId64 "s;;;0", us / 1000000,
        us % 1000000);
    output_printf(out,
        " targets=%" PRIu64 ";;;0 failed=%" PRIu64 ";;;0 not_begun=%" PRIu64
        ";;;0",
        totals->targets, totals->failed, totals->not_begun);
    output_printf(out,
        " checks_ok=%" PRIu64 ";;;0 checks_failed=%" PRIu64
        ";;;0 checks_warned=%" PRIu64 ";;;0 checks_no_answer=%" PRIu64 ";;;0\n",
        checks->by_outcome[CHECK_OK], checks->by_outcome[CHECK_FAILED],
        checks->warned, checks->by_outcome[CHECK_NO_ANSWER]);
}

static int nagios_finish(struct report *report, const struct run_totals *totals)
{
    const struct nagios_report *nagios = (struct nagios_report *)report;
    put_text(nagios, totals);
    put_figures(nagios->out, totals);
    return 0;
}

static void nagios_destroy(struct report *report)
{
    free(report);
}

static const struct report_ops nagios_ops = {
    .result = nagios_result,
    .finish = nagios_finish,
    .destroy = nagios_destroy,
};

struct report *report_nagios_create(struct output *out)
{
    struct nagios_report *nagios = calloc(1, sizeof *nagios);
    if (!nagios)
        return NULL;
    nagios->base.ops = &nagios_ops;
    nagios->out = out;
    return &nagios->base;
}
