/*
 * sinks - the table of all that a run can be shown in, and what of it the
 * options ask for: opened, hung on the run, closed.
 *
 * A new sink is a file in report/ and a row in sinks.c.
 */
#ifndef AFETCH_SINKS_H
#define AFETCH_SINKS_H

#include "output/buffer.h"
#include "report/fanout.h"

#include <stdbool.h>
#include <stddef.h>

struct options;
struct report;
struct run_totals;
struct sink_output;
struct standing;

enum sink_place {
    SINK_STDOUT, /* or the file of --output; only one sink has it */
    SINK_STDERR,
    SINK_FILE, /* its own, which replaces another one when it is whole */
};

/* What --summarize shows in it. */
enum sink_sum {
    SINK_NO_SUM, /* nothing: they cannot be used together */
    SINK_SUM, /* only the sum */
    SINK_SUM_ROWS, /* the sum, and what results it was of */
};

/* What a sink may need to be created. */
struct sink_context {
    struct output *out; /* where it writes */
    struct output *err; /* what stderr is */
    int fd; /* of `out` */
    const struct options *options;
};

struct sink {
    const char *name; /* "json", as the option that asks for it */
    const char *unit; /* what it writes: "records" */
    enum sink_place place;
    unsigned wants; /* REPORT_WANTS_… */
    enum sink_sum sum;
    /* Fields of struct options, by offset; 0: none. */
    size_t on; /* asks for it: a bool, of SINK_FILE the name; none: it is
                  there unless another one has been asked to be on stdout */
    size_t off; /* a bool: it is not there after all */
    /* Instead of `on`, and of `wants`; NULL: those. */
    bool (*is_asked)(const struct options *options);
    unsigned (*wants_by)(const struct options *options);
    /* One of them; NULL is no memory. */
    struct report *(*create)(struct output *out);
    struct report *(*create_by)(const struct sink_context *context);
};

struct sink_table {
    const struct sink *rows;
    size_t count;
};

extern const struct sink_table sink_table;

/* The fields are for reading. */
struct sinks {
    struct fanout fanout; /* fanout.report is to be hung on the run */
    struct outputs outputs; /* to be written while it runs: stdout, stderr, then
                               the files */
    struct standing *standing; /* the line of --progress; NULL: not wanted */
    bool rows; /* opened for a sum: with what results it was of */
    /* sinks' own */
    struct sink_table table;
    const struct options *options;
    struct sink_output *own; /* what each of the outputs is */
    struct output **items; /* of `outputs` */
};

/* Whether what the options ask for goes together; 0, or the exit code, when
 * it is said what does not. */
int sinks_check(const struct sink_table *table, const struct options *options);
/* REPORT_WANTS_… of all that are on. */
unsigned sinks_wants(
    const struct sink_table *table, const struct options *options);

/* Opens what the options ask for, of a run or of --summarize; they must live as
 * long.  0; or the exit code, when it is said why not. */
int sinks_open(struct sinks *sinks, const struct sink_table *table,
    const struct options *options);

/* For log rotation: opens the file of --output again by its name, and writes
 * there from now on.  sinks: a struct sinks.  If that fails, an error message
 * is written and the old file stays in use. */
void sinks_reopen(void *sinks);

/*
 * The run has ended: finishes what is shown, writes it, and gives files their
 * names.  `totals` is NULL when there was nothing to show: no file is replaced
 * then.  0; or the exit code of what could not be written, which is said: it
 * keeps nothing else from being written; but when stdout has failed before
 * that, which ended the run, nothing more is said on stderr.
 */
int sinks_finish(struct sinks *sinks, const struct run_totals *totals);

/* After sinks_open, whatever that gave, or of a zeroed one. */
void sinks_close(struct sinks *sinks);

#endif
