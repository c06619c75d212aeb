/*
 * asked - see asked.h.
 *
 * Invariant: of the sinks that are on, one at most writes to stdout.
 */
#include "sinks/asked.h"

#include "exit.h"
#include "options/options.h"
#include "report/columns.h"
#include "report/write_out.h"

#include <errno.h>
#include <string.h>

static bool is_flag_set(const struct options *options, size_t offset)
{
    return *(const bool *)((const char *)options + offset);
}

const char *sink_file_name(
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
    return sink->place == SINK_FILE ? sink_file_name(sink, options) != NULL
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
bool sink_is_on(const struct sink_table *table, const struct sink *sink,
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
    const char *name = sink_file_name(sink, options),
               *output = options->output_file;
    if (output && !strcmp(output, name))
        return "output";
    for (const struct sink *other = table->rows; other < sink; other++)
        if (other->place == SINK_FILE && is_asked_for(other, options) &&
            !strcmp(sink_file_name(other, options), name))
            return other->name;
    return NULL;
}

static int check_file(const struct sink_table *table, const struct sink *sink,
    const struct options *options)
{
    const char *other = find_same_file(table, sink, options);
    return other ? fatal(EXIT_USAGE, "--%s and --%s cannot both write %s",
                       other, sink->name, sink_file_name(sink, options))
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

unsigned sink_wants(const struct sink *sink, const struct options *options)
{
    return sink->wants_by ? sink->wants_by(options) : sink->wants;
}

unsigned sinks_wants(
    const struct sink_table *table, const struct options *options)
{
    unsigned wants = 0;
    for (size_t i = 0; i < table->count; i++)
        if (sink_is_on(table, &table->rows[i], options))
            wants |= sink_wants(&table->rows[i], options);
    return wants;
}
