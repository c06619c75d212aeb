/*
 * main - the story of the program: options, the list, sinks, the run, the
 * exit code.
 */
#include "async/core/signals.h"
#include "crawl/checks.h"
#include "crawl/comparison.h"
#include "crawl/descriptors.h"
#include "crawl/planning.h"
#include "crawl/rounds.h"
#include "crawl/run.h"
#include "crawl/selection.h"
#include "crawl/setup.h"
#include "crawl/versus.h"
#include "exit.h"
#include "input/list.h"
#include "options/options.h"
#include "record/totals.h"
#include "sinks.h"
#include "summarize/summarize.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct program {
    struct options options;
    struct rules rules;
    struct comparison comparison;
    struct rounds rounds;
    struct setup setup;
    struct selection selection;
    struct list *list;
    struct sinks sinks;
    struct run_totals totals;
    bool reported; /* the reports have told how the run ended */
};

/* --- before the run --- */

static int prepare_run(struct program *p, const struct sink_table *table)
{
    const struct options *o = &p->options;
    unsigned wants = sinks_wants(table, o);
    int error = checks_open(&p->rules, o);
    p->rules.tells_all = wants & REPORT_WANTS_HEAD;
    wants |= checks_wants(&p->rules) | comparison_wants(o);
    if (!error)
        error = comparison_open(&p->comparison, o);
    if (!error)
        error = rounds_open(&p->rounds, o, &p->comparison.baseline.mask);
    if (!error)
        error = setup_open(&p->setup, o, wants);
    if (!error)
        error =
            selection_open(&p->selection, o, p->rules.columns > 0, &p->list);
    if (o->plan && p->selection.resuming.name)
        p->options.output_file = NULL; /* that is no place for a plan */
    if (!error)
        error = sinks_open(&p->sinks, table, o);
    if (error)
        return error;
    /* Until here a signal finds nothing that is worth finishing. */
    error = signals_catch();
    if (!error)
        error = signals_serve(o->output_file && !o->plan);
    return error ? fatal(EXIT_CANNOT_GO_ON, "signals: %s", strerror(-error))
                 : 0;
}

/* --- the run --- */

static int run_all(struct program *p, const char **what)
{
    struct run all;
    setup_run(&p->setup, &all);
    all.crawl.list = p->list;
    all.crawl.rules = p->rules.count ? &p->rules : NULL;
    comparison_set(&p->comparison, &all.crawl);
    all.crawl.report = &p->sinks.fanout.report;
    all.crawl.totals = &p->totals;
    all.outputs = p->sinks.outputs;
    all.gauge = (struct gauge_wish){p->sinks.standing, STDERR_FILENO,
        p->sinks.standing || !p->options.input_files.count
            ? selection_size(&p->selection)
            : -1};
    all.reopen = sinks_reopen;
    all.reopen_arg = &p->sinks;
    return p->options.versus_serial ? versus(&all, p->options.rounds, what)
                                    : rounds_run(&p->rounds, &all, what);
}

/* --- the exit code --- */

static int run_exit(const struct program *p, int error, const char *what)
{
    const char *source = list_source(p->list);
    if (what)
        return fatal(EXIT_CANNOT_GO_ON, "%s: %s", what, strerror(-error));
    if (error == -ENOMEM || !source)
        return fatal(EXIT_CANNOT_GO_ON, "%s", strerror(-error));
    return fatal(
        EXIT_CANNOT_GO_ON, "cannot read %s: %s", source, strerror(-error));
}

static int outcome_exit(const struct program *p)
{
    const struct run_totals *totals = &p->totals;
    if (!rounds_asked(&p->options) && totals->targets != list_count(p->list))
        return fatal(EXIT_CANNOT_GO_ON,
            "%" PRIu64 " targets, %" PRIu64 " records", list_count(p->list),
            totals->targets);
    if (totals_have_failures(totals))
        return EXIT_SOME_FAILED;
    return totals_are_as_expected(totals) ? EXIT_ALL_GOOD
                                          : EXIT_NOT_AS_EXPECTED;
}

static int fetch_all(struct program *p)
{
    const char *what = NULL;
    int error = prepare_run(p, &sink_table);
    if (!error)
        error = selection_begin(&p->selection);
    if (error)
        return error;
    setup_totals(&p->options, &p->totals);
    error = run_all(p, &what);
    p->totals.signal = signals_caught();
    selection_end(&p->selection, p->list, &p->totals);
    rounds_tell(&p->rounds, &p->sinks.fanout.report, &p->totals);
    if (!error)
        comparison_tell(&p->comparison, &p->sinks.fanout.report, &p->totals);
    bool ran = !what || p->totals.targets > 0;
    int unwritten = sinks_finish(&p->sinks, ran ? &p->totals : NULL);
    p->reported = ran;
    if (!error && !p->options.silent)
        checks_warn(&p->rules);
    if (signals_caught())
        return EXIT_BY_SIGNAL + signals_caught();
    if (!unwritten)
        return error ? run_exit(p, error, what) : outcome_exit(p);
    return unwritten;
}

/* --- instead of a run --- */

static int plan_all(struct program *p)
{
    static const struct sink_table no_sinks = {0};
    int code = prepare_run(p, &no_sinks), unwritten;
    if (code)
        return code;
    const struct planning planning = {.options = &p->options,
        .setup = &p->setup,
        .rules = &p->rules,
        .list = p->list,
        .selection = &p->selection,
        .out = p->sinks.outputs.items[0]};
    code = planning_run(&planning);
    unwritten = sinks_finish(&p->sinks, NULL);
    return unwritten ? unwritten : code;
}

static int read_all(struct program *p)
{
    const struct options *o = &p->options;
    struct summarize all = {
        .files = o->targets.items,
        .file_count = o->targets.count,
        .rules = o->check ? &p->rules : NULL,
        .report = &p->sinks.fanout.report,
        .totals = &p->totals,
    };
    int error = summarize_check(&all);
    if (!error && o->check)
        error = checks_open_of_records(&p->rules, o);
    p->rules.tells_all = sinks_wants(&sink_table, o) & REPORT_WANTS_HEAD;
    if (!error)
        error = sinks_open(&p->sinks, &sink_table, o);
    if (error)
        return error;
    all.rows = o->check || p->sinks.rows;
    all.outputs = p->sinks.outputs;
    int code = summarize(&all);
    p->reported = all.is_read;
    int unwritten = sinks_finish(&p->sinks, all.is_read ? &p->totals : NULL);
    if (all.is_read && !o->silent)
        checks_warn(&p->rules);
    return unwritten ? unwritten : code;
}

/* --- the whole --- */

static int program_run(struct program *p)
{
    int error = sinks_check(&sink_table, &p->options);
    if (error)
        return error;
    if (p->options.plan)
        return plan_all(p);
    bool reads = p->options.summarize || p->options.check;
    return reads ? read_all(p) : fetch_all(p);
}

static void program_fini(struct program *p)
{
    sinks_close(&p->sinks);
    list_close(p->list);
    selection_close(&p->selection);
    setup_close(&p->setup);
    rounds_close(&p->rounds);
    comparison_close(&p->comparison);
    rules_fini(&p->rules);
    options_fini(&p->options);
    signals_release();
}

int main(int argc, char **argv)
{
    static struct program program; /* large */
    if (descriptors_guard())
        return EXIT_CANNOT_GO_ON;
    switch (options_parse(&program.options, argc, argv)) {
    case OPTIONS_DONE:
        return EXIT_ALL_GOOD;
    case OPTIONS_BAD:
        return options_ask_for_plugin(argc, argv)
                   ? nagios_exit(NULL, EXIT_USAGE)
                   : EXIT_USAGE;
    case OPTIONS_FAILED:
        return EXIT_CANNOT_GO_ON;
    case OPTIONS_RUN:
        break;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* write says it, and we can, too */
    int code = program_run(&program);
    if (program.options.nagios && !program.options.plan)
        code = nagios_exit(program.reported ? &program.totals : NULL, code);
    program_fini(&program);
    return code;
}
