/*
 * main - the story of the program: options, the list, reports, the run, the
 * exit code.
 */
#include "async/core/error.h"
#include "async/core/signals.h"
#include "async/net/source.h"
#include "async/tls/tls.h"
#include "crawl/descriptors.h"
#include "crawl/run.h"
#include "crawl/versus.h"
#include "exit.h"
#include "input/list.h"
#include "options/options.h"
#include "output/buffer.h"
#include "output/file.h"
#include "record/totals.h"
#include "report/report.h"
#include "summarize/summarize.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPORTS_MAX = 4 };

struct program {
    struct options options;
    struct list *list;
    struct tls *tls;
    struct source source; /* with --interface */
    struct output_file file; /* of out_fd */
    int out_fd;
    struct output *out, *err;
    struct report *reports[REPORTS_MAX];
    size_t report_count;
    struct run_totals totals;
};

/* --- before the run --- */

static int open_list(struct program *p)
{
    const struct options *o = &p->options;
    const char *failed = NULL;
    struct list_sources sources = {o->targets.items, o->targets.count,
        o->input_files.items, o->input_files.count, o->shard};
    int error = list_open(&p->list, &sources, &failed);
    if (error && failed)
        return fatal(
            EXIT_USAGE, "cannot read %s: %s", failed, strerror(-error));
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "%s", strerror(-error));
    if (o->versus_serial)
        list_keep(p->list);
    return 0;
}

static void warn_of_trust(const char *text)
{
    complain("%s", text);
}

static int open_tls(struct program *p)
{
    const struct options *o = &p->options;
    char why[TLS_WHY_MAX];
    struct tls_config config = {
        .ca_file = o->ca_file,
        .insecure = o->insecure,
        .brief = !o->json, /* only records tell of certificates */
        .why = why,
        .warn = o->silent || o->insecure ? NULL : warn_of_trust,
    };
    int error = tls_create(&p->tls, &config);
    if (error == -ENOMEM || error == ASYNC_TLS_SETUP)
        return fatal(
            EXIT_CANNOT_GO_ON, "%s", *why ? why : async_strerror(error));
    if (error)
        return fatal(EXIT_USAGE, "--cacert: %s: %s", o->ca_file,
            *why ? why : async_strerror(error));
    return 0;
}

static bool is_shortage(int error)
{
    return error == -EMFILE || error == -ENFILE || error == -ENOBUFS ||
           error == -ENOMEM;
}

static int open_source(struct program *p)
{
    struct options *o = &p->options;
    if (!o->interface)
        return 0;
    int error = source_parse(&p->source, o->interface);
    if (error == -EADDRNOTAVAIL || error == -ENODEV)
        return fatal(EXIT_USAGE,
            "--interface: %s: not an address or device of this machine",
            o->interface);
    if (error)
        return fatal(is_shortage(error) ? EXIT_CANNOT_GO_ON : EXIT_USAGE,
            "--interface: %s: %s", o->interface, strerror(-error));
    int family = p->source.address.sa.sa_family;
    if (family != AF_UNSPEC && o->family != AF_UNSPEC && o->family != family)
        return fatal(EXIT_USAGE, "--interface: %s: not an IPv%d address",
            o->interface, o->family == AF_INET ? 4 : 6);
    if (family != AF_UNSPEC)
        o->family = family;
    return 0;
}

static struct file_names names_of(const struct option_list *list)
{
    return (struct file_names){list->items, list->count};
}

static struct output_file output_file(const struct options *o)
{
    return (struct output_file){
        .option = "output",
        .name = o->output_file,
        .inputs = {names_of(o->summarize ? &o->targets : &o->input_files),
            names_of(&o->files_read), {&o->ca_file, o->ca_file != NULL}},
        .unit = o->json ? "records" : "lines",
    };
}

static int open_outputs(struct program *p)
{
    p->file = output_file(&p->options);
    int error = output_file_open(&p->file, &p->out_fd);
    if (error)
        return error;
    p->out = output_create(p->out_fd);
    p->err = output_create(STDERR_FILENO);
    if (!p->out || !p->err)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    return 0;
}

static int add_report(struct program *p, struct report *report)
{
    if (!report)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    p->reports[p->report_count++] = report;
    return 0;
}

static int create_reports(struct program *p)
{
    const struct options *o = &p->options;
    bool verbose = o->verbose && !o->silent;
    /* With --json the text report has only interim lines to show. */
    int error = add_report(
        p, report_text_create(p->out, p->err, o->quiet || o->json, verbose));
    if (!error && o->json)
        error = add_report(p, report_json_create(p->out));
    if (!error && !o->silent)
        error = add_report(p, report_errors_create(p->err));
    if (!error && !o->silent)
        error = add_report(p, report_summary_create(p->err, o->summary));
    return error;
}

/* Until here a signal finds nothing that is worth finishing. */
static int catch_signals(void)
{
    int error = signals_catch();
    if (error)
        return fatal(EXIT_CANNOT_GO_ON, "signals: %s", strerror(-error));
    return 0;
}

static int prepare(struct program *p)
{
    int error = open_tls(p);
    if (!error)
        error = open_source(p);
    if (!error)
        error = open_list(p);
    if (!error)
        error = open_outputs(p);
    if (!error)
        error = create_reports(p);
    if (!error)
        error = catch_signals();
    return error;
}

static unsigned allowed_concurrency(const struct options *o)
{
    unsigned long limit = 0;
    unsigned allowed = descriptors_allow(o->concurrency, &limit);
    if (allowed < o->concurrency && !o->silent)
        complain("concurrency cut from %u to %u: only %lu files may be open "
                 "(RLIMIT_NOFILE)",
            o->concurrency, allowed, limit);
    return allowed;
}

/* --- the run --- */

static struct request_wishes request_wishes(const struct options *o)
{
    return (struct request_wishes){
        .method = o->method,
        .user_agent = o->user_agent ? o->user_agent : "afetch/" AFETCH_VERSION,
        .authorization = o->authorization,
        .fields = o->fields,
        .field_count = o->field_count,
        .http11 = o->http11,
    };
}

static struct reach_config reach_config(const struct program *p)
{
    const struct options *o = &p->options;
    return (struct reach_config){
        .tls = p->tls,
        .routes = {o->resolve_rules, o->resolve_rule_count, o->connect_rules,
            o->connect_rule_count},
        .family = o->family,
        .proxies = &o->proxies,
        .timeout = o->connect_timeout,
    };
}

static struct fetch_config fetch_config(const struct program *p)
{
    const struct options *o = &p->options;
    bool keep_head = false;
    for (size_t i = 0; i < p->report_count; i++)
        keep_head |= p->reports[i]->ops->wants_head;
    return (struct fetch_config){
        .reach = reach_config(p),
        .max_time = o->max_time,
        .max_header_size = o->max_header_size,
        .max_chain_size = FETCH_CHAIN_HEADS * o->max_header_size,
        .request = request_wishes(o),
        .retries = o->retries,
        .follow = o->follow,
        .max_redirs = o->max_redirs,
        .keep_head = keep_head || o->all_addresses,
    };
}

static int run_all(struct program *p, const char **what)
{
    struct run all = {
        .crawl =
            {
                .list = p->list,
                .fetch = fetch_config(p),
                .reports = {p->reports, p->report_count},
                .totals = &p->totals,
                .concurrency = allowed_concurrency(&p->options),
                .all_addresses = p->options.all_addresses,
                .start_interval = p->options.start_interval,
                .deadline = p->options.deadline,
            },
        .per_address = p->options.per_address,
        .source = p->options.interface ? &p->source : NULL,
        .dns_servers = p->options.dns_servers,
        .out = p->out,
        .err = p->err,
    };
    return p->options.versus_serial ? versus(&all, p->options.rounds, what)
                                    : run(&all, what);
}

static void finish_reports(struct program *p)
{
    for (size_t i = 0; i < p->report_count; i++)
        if (p->reports[i]->ops->finish)
            p->reports[i]->ops->finish(p->reports[i], &p->totals);
    output_flush(p->out);
    output_flush(p->err);
}

/* What went wrong already is better told while the file is open. */
static void close_file(struct program *p)
{
    if (p->out_fd <= STDERR_FILENO || output_error(p->out))
        return;
    output_close(p->out);
    p->out_fd = -1;
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

static int exit_code(const struct program *p, int error, const char *what)
{
    const struct run_totals *totals = &p->totals;
    int unwritten = output_error(p->out)
                        ? output_file_exit(&p->file, p->out, p->out_fd)
                        : 0;
    if (signals_caught())
        return EXIT_BY_SIGNAL + signals_caught();
    if (unwritten)
        return unwritten;
    if (error)
        return run_exit(p, error, what);
    if (totals->targets != list_count(p->list))
        return fatal(EXIT_CANNOT_GO_ON,
            "%" PRIu64 " targets, %" PRIu64 " records", list_count(p->list),
            totals->targets);
    return totals->failed || totals->not_begun || totals->versus.cut
               ? EXIT_SOME_FAILED
               : EXIT_ALL_GOOD;
}

static int fetch_all(struct program *p)
{
    const char *what = NULL;
    int error = prepare(p);
    if (error)
        return error;
    totals_init(&p->totals);
    p->totals.insecure = p->options.insecure;
    p->totals.paced = p->options.start_interval > 0;
    p->totals.shard = p->options.shard;
    error = run_all(p, &what);
    p->totals.signal = signals_caught();
    bool reported = !what || p->totals.targets > 0;
    if (reported && !output_error(p->out))
        finish_reports(p);
    else
        output_flush(p->out); /* the whole lines it has, without memory */
    close_file(p);
    return exit_code(p, error, what);
}

/* --- instead of a run --- */

static int summarize_all(struct program *p)
{
    const struct options *o = &p->options;
    struct summarize all = {
        .files = o->targets.items,
        .file_count = o->targets.count,
        .json = o->json,
        .mode = o->summary == SUMMARY_AUTO ? SUMMARY_TOTAL : o->summary,
        .totals = &p->totals,
    };
    int error = summarize_check(&all);
    if (!error)
        error = open_outputs(p);
    if (error)
        return error;
    all.out = p->out;
    int code = summarize(&all);
    if (output_error(p->out))
        return output_file_exit(&p->file, p->out, p->out_fd);
    return code;
}

static void program_fini(struct program *p)
{
    for (size_t i = 0; i < p->report_count; i++)
        p->reports[i]->ops->destroy(p->reports[i]);
    output_destroy(p->out);
    output_destroy(p->err);
    if (p->out_fd > STDERR_FILENO)
        close(p->out_fd);
    list_close(p->list);
    tls_destroy(p->tls);
    options_fini(&p->options);
    signals_release();
}

int main(int argc, char **argv)
{
    static struct program program; /* large */
    int error = descriptors_guard();
    if (error)
        return EXIT_CANNOT_GO_ON;
    switch (options_parse(&program.options, argc, argv)) {
    case OPTIONS_DONE:
        return EXIT_ALL_GOOD;
    case OPTIONS_BAD:
        return EXIT_USAGE;
    case OPTIONS_FAILED:
        return EXIT_CANNOT_GO_ON;
    case OPTIONS_RUN:
        break;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* write says it, and we can, too */
    int code = program.options.summarize ? summarize_all(&program)
                                         : fetch_all(&program);
    program_fini(&program);
    return code;
}
