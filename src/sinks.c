/*
 * sinks - see sinks.h.
 *
 * Invariant: no other place in the program knows which sinks there are.
 */
#include "sinks.h"

#include "exit.h"
#include "options/options.h"
#include "output/file.h"
#include "report/columns.h"
#include "report/write_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

static struct report *create_text(const struct sink_context *c)
{
    return report_text_create(c->out, c->options->stamp);
}

static struct report *create_verbose(const struct sink_context *c)
{
    return report_interim_create(c->out, c->options->stamp);
}

static unsigned json_wants(const struct options *options)
{
    return REPORT_WANTS_HEAD | REPORT_WANTS_TLS | wants_times(options);
}

static struct report *create_json(const struct sink_context *c)
{
    return report_json_create(c->out, !c->options->no_summary_record);
}

static struct report *create_summary(const struct sink_context *c)
{
    enum summary_mode mode = c->options->summary;
    if (c->options->summarize && mode == SUMMARY_AUTO)
        mode = SUMMARY_TOTAL;
    return report_summary_create(c->out, mode);
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
    columns_fini(&columns);
    return wants;
}

static struct report *create_csv(const struct sink_context *c)
{
    return report_csv_create(c->out, c->options->show);
}

static struct report *create_tsv(const struct sink_context *c)
{
    return report_tsv_create(c->out, c->options->show);
}

/* Else it is a list of their columns. */
static bool is_show_asked(const struct options *options)
{
    return options->show && !options->csv && !options->tsv;
}

/* Of the terminal that stdout is; 0: it is none. */
static unsigned terminal_width(const struct options *options)
{
    struct winsize size;
    if (options->output_file || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
        return 0;
    return size.ws_col ? size.ws_col : 80;
}

static struct report *create_show(const struct sink_context *c)
{
    return report_show_create(
        c->out, c->options->show, terminal_width(c->options));
}

static bool is_write_out_asked(const struct options *options)
{
    return options->write_out != NULL;
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
    {"write-out", "lines", SINK_STDOUT, REPORT_WANTS_HEAD | REPORT_WANTS_TLS,
        SINK_NO_SUM, .is_asked = is_write_out_asked,
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
    {"errors", "lines", SINK_STDERR, 0, SINK_NO_SUM, OFF(silent),
        .create = report_errors_create},
    {"summary", "lines", SINK_STDERR, 0, SINK_SUM_ROWS, OFF(silent),
        .create_by = create_summary},
};

const struct sink_table sink_table = {rows, sizeof rows / sizeof *rows};

/* --- what of it is on --- */

static bool is_flag_set(const struct options *options, size_t offset)
{
    return *(const bool *)((const char *)options + offset);
}

static const char *file_name(
    const struct sink *sink, const struct options *options)
{
    return *(const char *const *)((const char *)options + sink->on);
}

static bool is_asked_for(const struct sink *sink, const struct options *options)
{
    if (sink->is_asked)
        return sink->is_asked(options);
    if (!sink->on)
        return false;
    return sink->place == SINK_FILE ? file_name(sink, options) != NULL
                                    : is_flag_set(options, sink->on);
}

/* The one that is asked to be on stdout; NULL: none is. */
static const struct sink *find_asked(
    const struct sink_table *table, const struct options *options)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].place == SINK_STDOUT &&
            is_asked_for(&table->rows[i], options))
            return &table->rows[i];
    return NULL;
}

static bool is_on_in_run(const struct sink_table *table,
    const struct sink *sink, const struct options *options)
{
    if (sink->off && is_flag_set(options, sink->off))
        return false;
    if (sink->on || sink->is_asked)
        return is_asked_for(sink, options);
    return sink->place != SINK_STDOUT || !find_asked(table, options);
}

/* Of a sum one is: what is asked for, or what is there anyway. */
static bool is_on(const struct sink_table *table, const struct sink *sink,
    const struct options *options)
{
    if (!options->summarize)
        return is_on_in_run(table, sink, options);
    const struct sink *asked = find_asked(table, options);
    return sink->sum != SINK_NO_SUM &&
           (asked ? sink == asked : !sink->on && !sink->is_asked);
}

/* The option, of --output and those of files before this sink, that names the
 * same file; NULL: none does. */
static const char *find_same_file(const struct sink_table *table,
    const struct sink *sink, const struct options *options)
{
    const char *name = file_name(sink, options), *output = options->output_file;
    if (output && !strcmp(output, name))
        return "output";
    for (const struct sink *other = table->rows; other < sink; other++)
        if (other->place == SINK_FILE && is_asked_for(other, options) &&
            !strcmp(file_name(other, options), name))
            return other->name;
    return NULL;
}

static int check_file(const struct sink_table *table, const struct sink *sink,
    const struct options *options)
{
    const char *other = find_same_file(table, sink, options);
    return other ? fatal(EXIT_USAGE, "--%s and --%s cannot both write %s",
                       other, sink->name, file_name(sink, options))
                 : 0;
}

static int check_stdout(const struct sink_table *table, const struct sink *sink,
    const struct options *options)
{
    const struct sink *asked = find_asked(table, options);
    return sink != asked
               ? fatal(EXIT_USAGE, "--%s and --%s cannot both be written to %s",
                     asked->name, sink->name,
                     options->output_file ? "the file of --output" : "stdout")
               : 0;
}

/* What became of reading the text of an option. */
static int tell_fault(const char *option, const char *text, int error,
    const struct selector_fault *fault)
{
    if (error == -ENOMEM)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    return error ? fatal_at(EXIT_USAGE,
                       &(struct exit_text){text, strlen(text), fault->at},
                       "--%s: %s", option, fault->text)
                 : 0;
}

static int check_columns(const char *text)
{
    struct columns columns = {0};
    struct selector_fault fault;
    int error = text ? columns_parse(&columns, text, &fault) : 0;
    columns_fini(&columns);
    return tell_fault("show", text, error, &fault);
}

static int check_format(const char *text)
{
    struct write_format format = {0};
    struct selector_fault fault;
    int error = text ? write_format_parse(&format, text, &fault) : 0;
    write_format_fini(&format);
    return tell_fault("write-out", text, error, &fault);
}

int sinks_check(const struct sink_table *table, const struct options *options)
{
    int error = check_columns(options->show);
    if (!error)
        error = check_format(options->write_out);
    for (size_t i = 0; i < table->count && !error; i++) {
        const struct sink *sink = &table->rows[i];
        if (sink->place == SINK_STDERR || !is_asked_for(sink, options))
            continue;
        if (options->summarize && sink->sum == SINK_NO_SUM)
            return fatal(
                EXIT_USAGE, "--%s cannot be used with --summarize", sink->name);
        error = sink->place == SINK_FILE ? check_file(table, sink, options)
                                         : check_stdout(table, sink, options);
    }
    return error;
}

static unsigned sink_wants(
    const struct sink *sink, const struct options *options)
{
    return sink->wants_by ? sink->wants_by(options) : sink->wants;
}

unsigned sinks_wants(
    const struct sink_table *table, const struct options *options)
{
    unsigned wants = 0;
    for (size_t i = 0; i < table->count; i++)
        if (is_on(table, &table->rows[i], options))
            wants |= sink_wants(&table->rows[i], options);
    return wants;
}

/* --- their outputs --- */

enum { AT_STDOUT, AT_STDERR, FILES };

struct sink_output {
    struct output_file file; /* but for stderr */
    int fd;
    size_t branch; /* of a file's: of the fan-out */
};

static struct file_names names_of(const struct option_list *list)
{
    return (struct file_names){list->items, list->count};
}

static struct output_file describe_file(const struct options *o)
{
    return (struct output_file){
        .inputs = {names_of(o->summarize || o->check ? &o->targets
                                                     : &o->input_files),
            names_of(&o->files_read), {&o->ca_file, o->ca_file != NULL}},
        .unit = "lines",
    };
}

/* One more output. */
static int add_output(struct sinks *s, int fd)
{
    size_t i = s->outputs.count;
    s->own[i].fd = fd;
    s->items[i] = output_create(fd);
    s->outputs.count++;
    return s->items[i] ? 0 : fatal(EXIT_CANNOT_GO_ON, "out of memory");
}

static int add_stdout(struct sinks *s)
{
    struct output_file *file = &s->own[AT_STDOUT].file;
    int fd;
    *file = describe_file(s->options);
    file->option = "output";
    file->name = s->options->output_file;
    int error = output_file_open(file, &fd);
    return error ? error : add_output(s, fd);
}

static int add_file(struct sinks *s, const struct sink *sink)
{
    struct sink_output *own = &s->own[s->outputs.count];
    int fd;
    own->file = describe_file(s->options);
    own->file.option = sink->name;
    own->file.name = file_name(sink, s->options);
    own->file.unit = sink->unit;
    own->file.replaces = true;
    own->branch = s->fanout.count;
    int error = output_file_open(&own->file, &fd);
    return error ? error : add_output(s, fd);
}

static int add_outputs(struct sinks *s)
{
    size_t most = FILES + s->table.count;
    s->own = calloc(most, sizeof *s->own);
    s->items = calloc(most, sizeof *s->items);
    if (!s->own || !s->items)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    s->outputs.items = s->items;
    int error = add_stdout(s);
    if (!error)
        error = add_output(s, STDERR_FILENO);
    if (!error)
        output_share(s->items[AT_STDOUT], s->items[AT_STDERR]);
    return error;
}

/* --- the sinks --- */

/* Where a sink writes to: the number of its output.  A sum is what the user
 * wants, so it is on stdout. */
static size_t choose_output(const struct sinks *s, const struct sink *sink)
{
    if (sink->place == SINK_FILE)
        return s->outputs.count - 1;
    if (sink->place == SINK_STDERR && !s->options->summarize)
        return AT_STDERR;
    s->own[AT_STDOUT].file.unit = sink->unit;
    return AT_STDOUT;
}

static int add_sink(struct sinks *s, const struct sink *sink)
{
    int error = sink->place == SINK_FILE ? add_file(s, sink) : 0;
    if (error)
        return error;
    const struct sink_context context = {
        s->items[choose_output(s, sink)], s->items[AT_STDERR], s->options};
    struct report *report =
        sink->create ? sink->create(context.out) : sink->create_by(&context);
    if (fanout_add(&s->fanout, report, sink_wants(sink, s->options)))
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    s->rows |= sink->sum == SINK_SUM_ROWS;
    return 0;
}

int sinks_open(struct sinks *s, const struct sink_table *table,
    const struct options *options)
{
    *s = (struct sinks){.table = *table, .options = options};
    fanout_init(&s->fanout);
    int error = add_outputs(s);
    for (size_t i = 0; i < table->count && !error; i++)
        if (is_on(table, &table->rows[i], options))
            error = add_sink(s, &table->rows[i]);
    return error;
}

/* --- the end --- */

/* What went wrong already is better told while the file is open. */
static int finish_stdout(struct sinks *s)
{
    struct sink_output *own = &s->own[AT_STDOUT];
    struct output *out = s->items[AT_STDOUT];
    if (own->fd > STDERR_FILENO && !output_error(out)) {
        output_close(out);
        own->fd = -1;
    }
    return output_error(out) ? output_file_exit(&own->file, out, own->fd) : 0;
}

/* 0 or -errno. */
static int finish_file(struct sinks *s, size_t i)
{
    struct sink_output *own = &s->own[i];
    int error = output_close(s->items[i]);
    own->fd = -1;
    if (!error)
        error = fanout_error(&s->fanout, own->branch);
    return error ? error : output_file_keep(&own->file);
}

/* Each of them, whatever became of the others. */
static int finish_files(struct sinks *s)
{
    int code = 0;
    for (size_t i = FILES; i < s->outputs.count; i++) {
        int error = finish_file(s, i);
        if (error)
            code = fatal(EXIT_CANNOT_GO_ON, "cannot write %s: %s",
                s->own[i].file.name, strerror(-error));
    }
    return code;
}

int sinks_finish(struct sinks *s, const struct run_totals *totals)
{
    struct report *report = &s->fanout.report;
    bool ended_early = output_error(s->items[AT_STDOUT]);
    if (totals)
        report->ops->finish(report, totals);
    output_flush(s->items[AT_STDOUT]);
    if (!ended_early)
        output_flush(s->items[AT_STDERR]);
    int unwritten = finish_stdout(s);
    int unkept = totals ? finish_files(s) : 0;
    return unwritten ? unwritten : unkept;
}

void sinks_close(struct sinks *s)
{
    fanout_fini(&s->fanout);
    for (size_t i = 0; i < s->outputs.count; i++) {
        output_destroy(s->items[i]);
        output_file_fini(&s->own[i].file);
        if (s->own[i].fd > STDERR_FILENO)
            close(s->own[i].fd);
    }
    free(s->own);
    free(s->items);
    *s = (struct sinks){0};
}
