/*
 * open - sinks and what they write to, from before a run to behind it; see
 * sinks.h.
 *
 * Invariant: an output is finished once, whatever became of the others.
 */
#include "exit.h"
#include "options/options.h"
#include "output/file.h"
#include "output/standing.h"
#include "output/terminal.h"
#include "report/progress.h"
#include "sinks.h"
#include "sinks/asked.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Which of the inputs is that of --resume. */
enum { RESUMED = 3 };

static struct output_file describe_file(const struct options *o)
{
    return (struct output_file){
        .inputs = {names_of(o->summarize || o->check ? &o->targets
                                                     : &o->input_files),
            names_of(&o->files_read), {&o->ca_file, o->ca_file != NULL},
            names_of(&o->resume)},
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
    if (!s->options->plan) {
        file->inputs[RESUMED] = (struct file_names){0};
        file->appends = names_of(&s->options->resume);
    }
    int error = output_file_open(file, &fd);
    return error ? error : add_output(s, fd);
}

static int add_file(struct sinks *s, const struct sink *sink)
{
    struct sink_output *own = &s->own[s->outputs.count];
    int fd;
    own->file = describe_file(s->options);
    own->file.option = sink->name;
    own->file.name = sink_file_name(sink, s->options);
    own->file.unit = sink->unit;
    own->file.replaces = true;
    own->branch = s->fanout.count;
    int error = output_file_open(&own->file, &fd);
    return error ? error : add_output(s, fd);
}

static bool is_pipe(int fd)
{
    struct stat status;
    return !fstat(fd, &status) &&
           (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/* Not by itself where it would be in the way. */
static bool wants_progress(const struct sinks *s)
{
    const struct options *o = s->options;
    struct terminal terminal = terminal_look(STDERR_FILENO, COLOR_NEVER);
    if (o->plan || o->summarize || o->check)
        return false;
    if (o->progress != PROGRESS_AUTO)
        return o->progress == PROGRESS_ALWAYS;
    return terminal.is_one && !terminal.is_dumb && !o->silent &&
           !is_pipe(s->own[AT_STDOUT].fd);
}

/* It is cleared before anything is written to its terminal. */
static int add_standing(struct sinks *s)
{
    if (!wants_progress(s))
        return 0;
    s->standing = standing_create(STDERR_FILENO);
    if (!s->standing)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    output_stand(s->items[AT_STDERR], s->standing);
    if (terminal_is_same(s->own[AT_STDOUT].fd, STDERR_FILENO))
        output_stand(s->items[AT_STDOUT], s->standing);
    return 0;
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
    return error ? error : add_standing(s);
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
    size_t at = choose_output(s, sink);
    const struct sink_context context = {
        s->items[at], s->items[AT_STDERR], s->own[at].fd, s->options};
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
        if (sink_is_on(table, &table->rows[i], options))
            error = add_sink(s, &table->rows[i]);
    return error;
}

/* --- on the way --- */

void sinks_reopen(void *arg)
{
    struct sinks *s = arg;
    struct sink_output *own = &s->own[AT_STDOUT];
    struct output *err = s->items[AT_STDERR];
    int fd;
    int error = output_file_reopen(&own->file, own->fd, &fd);
    if (!error)
        error = output_move(s->items[AT_STDOUT], fd);
    if (!error)
        own->fd = fd;
    if (!error || error == -ENOTSUP)
        return;
    output_puts(err, "afetch: cannot reopen ");
    output_put_escaped(err, own->file.name, strlen(own->file.name));
    output_printf(err, ": %s\n", strerror(-error));
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
    standing_destroy(s->standing);
    free(s->own);
    free(s->items);
    *s = (struct sinks){0};
}
