/*
 * sinks - see sinks.h.
 *
 * Invariant: no other place in the program knows which sinks there are.
 */
#include "sinks.h"

#include "options/options.h"
#include "output/terminal.h"
#include "report/columns.h"
#include "report/write_out.h"

/* --- the table --- */

/* The offset of a field that must be of the type. */
#define FIELD(type, name)                                                      \
    (offsetof(struct options, name) +                                          \
        0 * sizeof((type *)0 == &((struct options *)0)->name))
#define ON(name) .on = FIELD(bool, name)
#define OFF(name) .off = FIELD(bool, name)
#define TO_FILE(name) .on = FIELD(const char *, name)

/* Times cost a look at the clock for each line. */
static unsigned wants_times(const struct options *options)
{
    return options->stamp ? REPORT_WANTS_TIMES : 0;
}

static unsigned text_wants(const struct options *options)
{
    return REPORT_WANTS_LINES | wants_times(options);
}

/* What is written to, as its reader sees it. */
static struct terminal look_at(const struct sink_context *c)
{
    return terminal_look(c->fd, c->options->color);
}

static struct report_text describe_text(const struct sink_context *c)
{
    return (struct report_text){
        c->out, c->options->stamp, look_at(c).has_color};
}

static struct report *create_text(const struct sink_context *c)
{
    const struct report_text as = describe_text(c);
    return report_text_create(&as);
}

static struct report *create_verbose(const struct sink_context *c)
{
    const struct report_text as = describe_text(c);
    return report_interim_create(&as);
}

static unsigned json_wants(const struct options *options)
{
    return REPORT_WANTS_HEAD | REPORT_WANTS_TLS | REPORT_WANTS_TRIED |
           wants_times(options);
}

static struct report *create_json(const struct sink_context *c)
{
    return report_json_create(c->out, !c->options->no_summary_record);
}

static bool is_statistics_asked(const struct options *o)
{
    return !o->silent &&
           (o->count || o->changes || (o->has_interval && !o->until));
}

static struct report *create_errors(const struct sink_context *c)
{
    const struct terminal terminal = look_at(c);
    return report_errors_create(c->out, &terminal);
}

static struct report *create_summary(const struct sink_context *c)
{
    enum summary_mode mode = c->options->summary;
    if (mode == SUMMARY_AUTO &&
        (c->options->summarize || is_statistics_asked(c->options)))
        mode = SUMMARY_TOTAL;
    const struct terminal terminal = look_at(c);
    return report_summary_create(c->out, mode, &terminal);
}

static struct report *create_har(const struct sink_context *c)
{
    const struct har_request request = {
        .method = c->options->method, .http11 = c->options->http11};
    return report_har_create(c->out, &request);
}

/* Of --show, which must be right already. */
static unsigned columns_wants(const struct options *options)
{
    struct columns columns;
    struct selector_fault fault;
    if (!options->show || columns_parse(&columns, options->show, &fault))
        return 0;
    unsigned wants = REPORT_WANTS_TLS;
    if (columns_need_head(&columns))
        wants |= REPORT_WANTS_HEAD;
    if (columns_need_certs(&columns))
        wants |= REPORT_WANTS_CERTS;
    columns_fini(&columns);
    return wants;
}

static struct report *create_csv(const struct sink_context *c)
{
    struct report *csv = report_csv_create(c->out, c->options->show);
    return look_at(c).is_one ? report_csv_escape(csv) : csv;
}

static struct report *create_tsv(const struct sink_context *c)
{
    struct report *tsv = report_tsv_create(c->out, c->options->show);
    return look_at(c).is_one ? report_csv_escape(tsv) : tsv;
}

/* Else it is a list of their columns. */
static bool is_show_asked(const struct options *options)
{
    return options->show && !options->csv && !options->tsv;
}

static struct report *create_show(const struct sink_context *c)
{
    const struct terminal terminal = look_at(c);
    return report_show_create(c->out, c->options->show, &terminal);
}

static struct report *create_waterfall(const struct sink_context *c)
{
    const struct terminal terminal = look_at(c);
    return report_waterfall_create(c->out, &terminal);
}

static bool is_write_out_asked(const struct options *options)
{
    return options->write_out != NULL;
}

/* Of --write-out, which must be right already. */
static unsigned write_out_wants(const struct options *options)
{
    struct write_format format;
    struct selector_fault fault;
    if (write_format_parse(&format, options->write_out, &fault))
        return 0;
    bool needs_certs = write_format_needs_certs(&format);
    write_format_fini(&format);
    return REPORT_WANTS_HEAD | REPORT_WANTS_TLS |
           (needs_certs ? REPORT_WANTS_CERTS : 0);
}

static struct report *create_write_out(const struct sink_context *c)
{
    return report_write_out_create(&(struct report_write_out){
        .out = c->out,
        .err = c->err,
        .format = c->options->write_out,
        .method = c->options->method,
    });
}

static bool is_annotate_asked(const struct options *options)
{
    return options->annotate != ANNOTATE_NOTHING;
}

/* In the order in which they are told of what happens. */
static const struct sink rows[] = {
    {"text", "lines", SINK_STDOUT, 0, SINK_NO_SUM, OFF(quiet),
        .wants_by = text_wants, .create_by = create_text},
    {"verbose", "lines", SINK_STDERR, 0, SINK_NO_SUM, ON(verbose), OFF(silent),
        .wants_by = text_wants, .create_by = create_verbose},
    {"json", "records", SINK_STDOUT, 0, SINK_SUM, ON(json),
        .wants_by = json_wants, .create_by = create_json},
    {"csv", "lines", SINK_STDOUT, 0, SINK_NO_SUM, ON(csv),
        .wants_by = columns_wants, .create_by = create_csv},
    {"tsv", "lines", SINK_STDOUT, 0, SINK_NO_SUM, ON(tsv),
        .wants_by = columns_wants, .create_by = create_tsv},
    {"show", "lines", SINK_STDOUT, 0, SINK_NO_SUM, .is_asked = is_show_asked,
        .wants_by = columns_wants, .create_by = create_show},
    {"write-out", "lines", SINK_STDOUT, 0, SINK_NO_SUM,
        .is_asked = is_write_out_asked, .wants_by = write_out_wants,
        .create_by = create_write_out},
    {"tap", "lines", SINK_STDOUT, 0, SINK_NO_SUM, ON(tap),
        .create = report_tap_create},
    {"annotate", "lines", SINK_STDOUT, 0, SINK_NO_SUM,
        .is_asked = is_annotate_asked, .create = report_annotate_create},
    {"nagios", "lines", SINK_STDOUT, 0, SINK_NO_SUM, ON(nagios),
        .create = report_nagios_create},
    {"junit", "lines", SINK_FILE, 0, SINK_NO_SUM, TO_FILE(junit),
        .create = report_junit_create},
    {"har", "lines", SINK_FILE, REPORT_WANTS_HEAD, SINK_NO_SUM, TO_FILE(har),
        .create_by = create_har},
    {"prometheus", "lines", SINK_FILE, REPORT_WANTS_TLS, SINK_NO_SUM,
        TO_FILE(prometheus), .create = report_prometheus_create},
    {"html", "lines", SINK_FILE, REPORT_WANTS_HEAD, SINK_NO_SUM, TO_FILE(html),
        .create = report_html_create},
    {"errors", "lines", SINK_STDERR, 0, SINK_NO_SUM, OFF(silent),
        .create_by = create_errors},
    {"statistics", "lines", SINK_STDERR, 0, SINK_NO_SUM,
        .is_asked = is_statistics_asked, .create = report_statistics_create},
    {"waterfall", "lines", SINK_STDERR, 0, SINK_NO_SUM, ON(waterfall),
        OFF(silent), .create_by = create_waterfall},
    {"summary", "lines", SINK_STDERR, 0, SINK_SUM_ROWS, OFF(silent),
        .create_by = create_summary},
};

const struct sink_table sink_table = {rows, sizeof rows / sizeof *rows};
