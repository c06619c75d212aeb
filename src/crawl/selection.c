/*
 * selection - see selection.h.
 *
 * Invariant: a list that can be read twice has been read once before the run
 * begins, so that a line never gets the record of another that is there, too.
 */
#include "crawl/selection.h"
#include "crawl/rounds.h"

#include "exit.h"
#include "input/list.h"
#include "input/list_size.h"
#include "input/resume.h"
#include "options/options.h"
#include "record/totals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_list(struct list **out, const struct list_sources *sources)
{
    const char *failed = NULL;
    int error = list_open(out, sources, &failed);
    if (error && failed)
        return fatal(
            EXIT_USAGE, "cannot read %s: %s", failed, strerror(-error));
    return error ? fatal(EXIT_CANNOT_GO_ON, "%s", strerror(-error)) : 0;
}

/* --- what is told --- */

static const char *plural_are(uint64_t count)
{
    return count == 1 ? " is" : "s are";
}

static void tell_changes(const struct resume_counts *counts)
{
    uint64_t gone = counts->records - counts->in_place - counts->moved;
    if (counts->moved)
        warn("--resume: the list has changed: %" PRIu64
             " record%s of lines that have moved",
            counts->moved, plural_are(counts->moved));
    if (gone)
        warn("--resume: the list has changed: %" PRIu64
             " record%s of lines that are not in the list",
            gone, plural_are(gone));
}

static void tell_done(
    const struct options *options, const struct resume_counts *counts)
{
    if (!options->silent && options->summary != SUMMARY_NONE)
        warn("--resume: %" PRIu64 " target%s already done", counts->skipped,
            plural_are(counts->skipped));
}

/* --- the survey --- */

static bool is_regular(const char *file)
{
    struct stat status;
    int error =
        strcmp(file, "-") ? stat(file, &status) : fstat(STDIN_FILENO, &status);
    return !error && S_ISREG(status.st_mode);
}

/* Those of the sources that can be read twice.  -ENOMEM, or how many. */
static int choose_files(const struct list_sources *sources, const char ***files)
{
    int count = 0;
    *files = calloc(sources->file_count + 1, sizeof **files);
    if (!*files)
        return -ENOMEM;
    for (size_t i = 0; i < sources->file_count; i++)
        if (is_regular(sources->files[i]))
            (*files)[count++] = sources->files[i];
    return count;
}

/* Restores the position of standard input. */
static int skim_list(const struct list_sources *sources)
{
    struct list *list;
    off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
    int code = open_list(&list, sources);
    if (code)
        return code;
    int error = list_skim(list);
    const char *source = list_source(list);
    if (error)
        code = fatal(EXIT_CANNOT_GO_ON, "cannot read %s: %s",
            source ? source : "the list", strerror(-error));
    list_close(list);
    if (at >= 0)
        lseek(STDIN_FILENO, at, SEEK_SET);
    return code;
}

/* Reads the list as a run would, then rewinds. */
static int count_done(
    struct selection *selection, const struct list_sources *sources)
{
    struct resume *lines = selection->resuming.lines;
    int code = skim_list(sources);
    struct resume_counts counts = resume_count(lines);
    if (!code)
        tell_changes(&counts);
    if (!code)
        tell_done(selection->options, &counts);
    resume_rewind(lines);
    return code;
}

static int survey_files(
    struct selection *selection, const struct list_sources *sources)
{
    struct filter filters[] = {selection->filters[0],
        resume_survey(selection->resuming.lines, selection->surveyed)};
    struct list_sources surveyed = *sources;
    surveyed.filters = (struct filters){filters, 2};
    int code = skim_list(&surveyed);
    return code || !selection->surveyed ? code : count_done(selection, sources);
}

static int survey_lists(
    struct selection *selection, const struct list_sources *sources)
{
    struct list_sources twice = *sources;
    const char **files;
    int count = choose_files(sources, &files);
    if (count < 0)
        return fatal(EXIT_CANNOT_GO_ON, "out of memory");
    selection->surveyed = (size_t)count == sources->file_count;
    twice.files = files;
    twice.file_count = (size_t)count;
    int code = survey_files(selection, &twice);
    free(files);
    return code;
}

/* --- all of it --- */

static struct list_sources list_sources(
    const struct selection *selection, bool columns)
{
    const struct options *o = selection->options;
    return (struct list_sources){
        .arguments = o->targets.items,
        .argument_count = o->targets.count,
        .files = o->input_files.items,
        .file_count = o->input_files.count,
        .filters = {selection->filters, selection->resuming.lines ? 2 : 1},
        .columns = columns,
    };
}

int selection_open(struct selection *selection, const struct options *options,
    bool columns, struct list **out)
{
    *selection = (struct selection){
        .options = options, .shard = options->shard, .resuming.fd = -1};
    selection->filters[0] = shard_filter(&selection->shard);
    int code = resuming_open(&selection->resuming, options);
    if (code)
        return code;
    if (selection->resuming.lines)
        selection->filters[1] = resume_filter(selection->resuming.lines);
    struct list_sources sources = list_sources(selection, columns);
    code = selection->resuming.lines ? survey_lists(selection, &sources) : 0;
    if (!code)
        code = open_list(out, &sources);
    if (!code && (options->versus_serial || rounds_asked(options)))
        list_keep(*out);
    return code;
}

int64_t selection_size(const struct selection *selection)
{
    struct list_sources all = list_sources(selection, false);
    bool is_whole = !selection->shard.count && !selection->resuming.lines;
    return is_whole ? list_size(&all) : -1;
}

void selection_close(struct selection *selection)
{
    resuming_close(&selection->resuming);
}

int selection_begin(const struct selection *selection)
{
    return resuming_cut(&selection->resuming);
}

bool selection_count(
    const struct selection *selection, struct resume_counts *counts)
{
    if (!selection->resuming.lines)
        return false;
    *counts = resume_count(selection->resuming.lines);
    return true;
}

void selection_end(const struct selection *selection, const struct list *list,
    struct run_totals *totals)
{
    struct resume_counts counts;
    if (!selection_count(selection, &counts))
        return;
    totals->resumed = (int64_t)counts.skipped;
    if (selection->surveyed)
        return;
    if (list_length(list) >= 0)
        tell_changes(&counts);
    tell_done(selection->options, &counts);
}
