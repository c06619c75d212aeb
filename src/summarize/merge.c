/*
 * merge - the records of runs, counted together.
 *
 * A run's records end with its summary line.  Several runs may stand one
 * behind the other in a file, as cat puts them; then each summary line ends
 * one, and no index is twice before it.
 *
 * Invariant: what the totals count are the records of the results; of the
 * summary lines they take only what no record tells.
 */
#include "summarize/merge_inside.h"

#include "async/core/error.h"
#include "async/net/reader.h"
#include "output/buffer.h"
#include "report/order.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The largest record is that of 16 addresses with a head of 256 KiB each, at
 * the end of a redirect, each behind interim heads of the same size: there are
 * 68 such heads in it, for the hops have theirs once more, and so has the
 * record itself.  A byte of a head is up to 22/3 in JSON (\u0080 and base64),
 * which makes 124 MiB.  The rest is for URLs, times and certificates. */
enum { LINE_MAX_MIB = 160 };

#define MIB ((size_t)1024 * 1024)
#define NS_PER_SECOND INT64_C(1000000000)

/* --- faults --- */

void merge_tell(
    const struct reading *reading, size_t line, const char *format, ...)
{
    char what[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    reading->to->fault(reading->to->fault_arg, reading->file, line, what);
}

static void line_fault(struct reading *reading, const char *what)
{
    reading->to->faults++;
    if (reading->wrong_lines++ < MERGE_FAULTS_TOLD)
        merge_tell(reading, reading->line, "%s", what);
}

static void check_file(const struct reading *reading)
{
    if (reading->wrong_lines > MERGE_FAULTS_TOLD)
        merge_tell(reading, 0, "and %" PRIu64 " more invalid lines",
            reading->wrong_lines - MERGE_FAULTS_TOLD);
    if (reading->found == reading->told)
        return;
    reading->to->faults++;
    if (reading->found < reading->told)
        merge_tell(reading, 0, "%" PRIu64 " of %" PRIu64 " records are missing",
            reading->told - reading->found, reading->told);
    else
        merge_tell(reading, 0,
            "%" PRIu64 " of %" PRIu64
            " records have no summary line: a run was cut off",
            reading->found - reading->told, reading->found);
}

/* Of runs that went on with others, which are not there. */
static void check_parts(struct reading *reading)
{
    uint64_t all, missing = parts_missing(reading->parts, &all);

    reading->file = NULL;
    if (!missing)
        return;
    reading->to->faults++;
    merge_tell(reading, 0,
        "%" PRIu64 " of %" PRIu64
        " records are missing: of runs that were resumed",
        missing, all);
}

/* Runs that were all forgotten, or whose output went elsewhere. */
static void check_any(struct reading *reading)
{
    reading->file = NULL;
    if (reading->any)
        return;
    reading->to->faults++;
    merge_tell(reading, 0, "no records");
}

/* --- lines --- */

static int64_t known_count(int64_t ns)
{
    return ns == PHASE_NONE ? 0 : ns;
}

/* A bad target, for example, was never started. */
static void take_time(struct reading *reading, const struct result *result)
{
    const struct timespec *at = &result->started_at;
    int64_t started = at->tv_sec * NS_PER_SECOND + at->tv_nsec;
    int64_t first = started - known_count(result->timings[PHASE_QUEUED]);
    int64_t last = started + known_count(result->timings[PHASE_TOTAL]);

    if (started == 0)
        return;
    if (reading->first == 0 || first < reading->first)
        reading->first = first;
    if (last > reading->last)
        reading->last = last;
}

static void flush_full(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (output_is_full(outputs->items[i]))
            output_flush(outputs->items[i]);
}

static void count_result(struct reading *reading, const struct result *result)
{
    struct merge *to = reading->to;

    totals_add(to->totals, result);
    take_time(reading, result);
    if (to->rows)
        order_report(to->rows, result);
    flush_full(&to->outputs);
}

static void take_result(struct reading *reading, struct record *record)
{
    const struct merge *to = reading->to;
    bool is_own = reading->role == PART_OWN;
    const char *wrong = NULL;

    if (reading->round != record->result.round)
        seen_new_run(reading->seen);
    reading->round = record->result.round;
    if (is_own && seen_index(reading->seen, record->result.index)) {
        line_fault(reading, "duplicate record: index already seen");
        return;
    }
    reading->found += is_own;
    if (to->judge)
        wrong = to->judge(to->judge_arg, record);
    if (wrong)
        line_fault(reading, wrong);
    else
        count_result(reading, &record->result);
}

static int take_summary(
    struct reading *reading, const struct record_summary *summary)
{
    struct run_totals *totals = reading->to->totals;
    int error;

    if (reading->role == PART_OWN)
        reading->told += merge_count_done(summary);
    totals->read_back = reading->any_summary = true;
    totals->not_begun += summary->not_begun;
    totals->concurrency += summary->concurrency;
    totals->drift.any |= summary->has_drift;
    totals->drift.removed += summary->removed;
    if (summary->groups > totals->groups)
        totals->groups = summary->groups;
    if (summary->signal)
        totals->signal = summary->signal;
    seen_new_run(reading->seen);
    error = merge_take_list(reading, summary);
    if (error != -EINVAL)
        return error;
    line_fault(reading, "shard count differs from earlier records");
    return 0;
}

static int merge_line(struct reading *reading, const struct reader_line *line)
{
    static struct record record; /* large */
    const char *wrong = "longer than 160 MiB";
    int error = 0;

    reading->role = parts_role(reading->parts, reading->lines);
    if (reading->role == PART_SUPERSEDED)
        return 0;
    if (!line->too_long)
        wrong = record_parse(line->bytes, line->len, &record);
    if (wrong) {
        line_fault(reading, wrong);
        return 0;
    }
    reading->any = true;
    if (record.is_summary)
        error = take_summary(reading, &record.summary);
    else if (record.is_result)
        take_result(reading, &record);
    record_fini(&record);
    return error;
}

/* --- files --- */

static bool is_stdin(const char *file)
{
    return strcmp(file, "-") == 0;
}

static int merge_lines(struct reading *reading, struct reader *reader)
{
    struct reader_line line;
    int error = 0;

    while (!error) {
        error = reader_readline_blocking(reader, &line);
        if (error)
            break;
        reading->line++;
        error = merge_line(reading, &line);
        reading->lines++;
    }
    return error == ASYNC_EOF ? 0 : error;
}

static int take_descriptor(struct reading *reading, int fd)
{
    struct reader *reader;
    int error = reader_create(&reader, fd, LINE_MAX_MIB * MIB);

    if (error)
        return error;
    error = merge_lines(reading, reader);
    reader_destroy(reader);
    return error;
}

static int merge_file(struct reading *reading, const char *file)
{
    int fd = is_stdin(file) ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    int error;

    if (fd < 0)
        return -errno;
    reading->file = file;
    reading->line = 0;
    reading->wrong_lines = reading->found = reading->told = 0;
    seen_new_run(reading->seen);
    error = take_descriptor(reading, fd);
    if (!is_stdin(file))
        close(fd);
    if (!error)
        check_file(reading);
    return error;
}

static int take_files(struct reading *reading, const char **failed)
{
    const struct merge *from = reading->to;

    for (size_t i = 0; i < from->file_count; i++) {
        int error = merge_file(reading, from->files[i]);
        if (error) {
            *failed = error == -ENOMEM ? NULL : from->files[i];
            return error;
        }
    }
    return 0;
}

static int merge_all(struct reading *reading, const char **failed)
{
    struct merge *to = reading->to;
    int error = parts_open(&reading->parts, to->files, to->file_count);

    if (!error)
        error = seen_create(&reading->seen);
    if (!error)
        error = take_files(reading, failed);
    if (error)
        return error;
    check_any(reading);
    check_parts(reading);
    merge_check_lists(reading);
    return 0;
}

int merge_records(struct merge *to, const char **failed)
{
    struct reading reading = {.to = to, .shards.listed = -1};

    *failed = NULL;
    to->faults = 0;
    int error = merge_all(&reading, failed);
    to->totals->wall = reading.last - reading.first;
    to->totals->insecure = to->totals->unverified > 0;
    seen_destroy(reading.seen);
    parts_close(reading.parts);
    return error;
}
