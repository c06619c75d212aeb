/*
 * resuming - see resuming.h.
 *
 * Invariant: no file is changed before all of them were read.
 */
#include "crawl/resuming.h"

#include "exit.h"
#include "input/resume.h"
#include "input/shard.h"
#include "options/options.h"
#include "record/read.h"
#include "record/record_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAULTS_TOLD = 10 };

/* One file. */
struct reading {
    struct resuming *to;
    const struct options *options;
    const char *file;
    struct record_lines lines;
    size_t line, wrong;
    off_t end; /* of the last record that is kept */
};

/* --- records --- */

static bool is_canceled(const struct result *result)
{
    return result->error == FETCH_CANCELED;
}

/* To be interrupted is no outcome. */
static bool is_again(const struct options *options, const struct result *result)
{
    return is_canceled(result) ||
           (options->only_failed && result_has_failed(result));
}

/* Those of other shards are no news; of a text that a record shows in another
 * way than the list only the list tells the shard. */
static bool is_ours(const struct shard *shard, struct span input)
{
    bool is_plain =
        span_is(input, byte_is_ascii) && !memmem(input.at, input.len, "***", 3);
    return !is_plain || shard_has(shard, input.at, input.len);
}

static int take_result(struct reading *r, const struct result *result)
{
    const struct resume_record record = {
        .input = {result->input, result->input_size},
        .file = span_of_string(result->list_file ? result->list_file : ""),
        .number = result->list_file ? result->list_line : result->index + 1,
        .again = is_again(r->options, result),
    };
    if (!is_canceled(result))
        r->end = (off_t)(r->lines.at + r->lines.len);
    return is_ours(&r->options->shard, record.input)
               ? resume_add(r->to->lines, &record)
               : 0;
}

static int take_line(struct reading *r, struct span line)
{
    struct record record;
    const char *wrong = record_parse(line.at, line.len, &record);
    int error = 0;
    r->line++;
    if (wrong && r->wrong++ < FAULTS_TOLD)
        warn("%s:%zu: %s", r->file, r->line, wrong);
    if (wrong)
        return 0;
    if (record.is_result)
        error = take_result(r, &record.result);
    record_fini(&record);
    return error;
}

/* --- files --- */

static int cannot_read(const char *file, int error)
{
    return error == -ENOMEM ? fatal(EXIT_CANNOT_GO_ON, "out of memory")
                            : fatal(EXIT_USAGE, "--resume: cannot read %s: %s",
                                  file, strerror(-error));
}

static void tell_half(const struct reading *r)
{
    bool is_appended = r->lines.fd == r->to->fd && !r->options->plan;
    if (record_lines_rest(&r->lines).len && !r->options->silent)
        warn("%s: half a line at the end is %s", r->file,
            is_appended ? "cut off" : "ignored");
}

static int read_lines(struct reading *r)
{
    struct span line;
    int more, error = 0;
    while (!error && (more = record_lines_next(&r->lines, &line)) != 0)
        error = more < 0 ? more : take_line(r, line);
    if (error)
        return cannot_read(r->file, error);
    if (r->wrong > FAULTS_TOLD)
        warn("%s: and %zu more invalid lines", r->file, r->wrong - FAULTS_TOLD);
    if (r->wrong)
        return fatal(
            EXIT_USAGE, "--resume: %s is not a file of records", r->file);
    tell_half(r);
    return 0;
}

static int read_file(
    struct resuming *to, const struct options *options, const char *file)
{
    struct reading r = {.to = to, .options = options, .file = file};
    bool is_appended = to->name && !strcmp(to->name, file);
    int fd = is_appended ? to->fd : record_lines_open(file, O_RDONLY);
    if (is_appended && fd < 0)
        return 0; /* it will be new */
    if (fd < 0)
        return cannot_read(file, fd);
    r.lines.fd = fd;
    int error = read_lines(&r);
    record_lines_fini(&r.lines);
    if (is_appended)
        to->end = r.end;
    else
        close(fd);
    return error;
}

/* --- the one that is appended to --- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    if (!strcmp(a, b))
        return true;
    return !stat(a, &of_a) && !stat(b, &of_b) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

/* File systems without locks are accepted. */
static int lock_file(const struct resuming *resuming)
{
    if (flock(resuming->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return fatal(EXIT_CANNOT_GO_ON, "--resume: another run appends to %s",
            resuming->name);
    return 0;
}

/* The first of several runs begins it. */
static int open_appended(
    struct resuming *resuming, const struct options *options, const char *file)
{
    if (!options->json)
        return fatal(
            EXIT_USAGE, "--resume: to append to %s, --json is needed", file);
    int mode = options->plan ? O_RDONLY : O_RDWR | O_CREAT;
    resuming->name = file;
    resuming->fd = record_lines_open(file, mode);
    if (resuming->fd == -ENOENT)
        return 0;
    if (resuming->fd < 0)
        return cannot_read(file, resuming->fd);
    return options->plan ? 0 : lock_file(resuming);
}

static int find_appended(
    struct resuming *resuming, const struct options *options)
{
    const char *output = options->output_file;
    for (size_t i = 0; output && i < options->resume.count; i++)
        if (is_same_file(output, options->resume.items[i]))
            return open_appended(resuming, options, options->resume.items[i]);
    return 0;
}

/* --- all of it --- */

int resuming_open(struct resuming *resuming, const struct options *options)
{
    *resuming = (struct resuming){.fd = -1};
    if (options->resume.count == 0)
        return 0;
    if (resume_create(&resuming->lines))
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    int error = find_appended(resuming, options);
    for (size_t i = 0; i < options->resume.count && !error; i++)
        error = read_file(resuming, options, options->resume.items[i]);
    if (!error)
        resume_index(resuming->lines);
    return error;
}

int resuming_cut(const struct resuming *resuming)
{
    if (resuming->fd >= 0 && ftruncate(resuming->fd, resuming->end))
        return fatal(EXIT_CANNOT_GO_ON, "cannot write %s: %s", resuming->name,
            strerror(errno));
    return 0;
}

void resuming_close(struct resuming *resuming)
{
    resume_destroy(resuming->lines);
    if (resuming->name && resuming->fd >= 0)
        close(resuming->fd);
    *resuming = (struct resuming){.fd = -1};
}
