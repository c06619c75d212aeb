/*
 * parts_read - the records of all files, and the runs that they are of.
 *
 * Invariant: lines are counted as by those who read the files again, what is no
 * record included.
 */
#include "summarize/parts_inside.h"

#include "record/record_lines.h"
#include "text/array.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* --- records --- */

static int add_entry(struct parts *parts, const struct entry *entry)
{
    void *entries =
        array_grow(parts->entries, &parts->room, parts->count, sizeof *entry);
    if (!entries)
        return -ENOMEM;
    parts->entries = entries;
    parts->entries[parts->count++] = *entry;
    return 0;
}

/* By its place in a list, or among the arguments. */
static int hash_target(
    const struct parts *parts, const struct result *result, struct hash *out)
{
    const char *file = result->list_file ? result->list_file : "";
    uint64_t number = result->list_file ? result->list_line : result->index;
    size_t file_len = strlen(file),
           len = sizeof number + file_len + 1 + result->input_size;
    char *text = malloc(len), *end = text;
    if (!text)
        return -ENOMEM;
    end = mempcpy(end, &number, sizeof number);
    end = mempcpy(end, file, file_len + 1);
    memcpy(end, result->input, result->input_size);
    *out = hash_text(&parts->key, text, len);
    free(text);
    return 0;
}

static int take_result(struct parts *parts, const struct result *result)
{
    struct entry entry = {.line = parts->line};
    int error = hash_target(parts, result, &entry.target);
    return error ? error : add_entry(parts, &entry);
}

/* `end` is the line behind it; NULL: it has no summary. */
static int end_segment(
    struct parts *parts, uint64_t end, const struct record_summary *summary)
{
    struct segment segment = {.end = end,
        .records = parts->count - parts->first,
        .has_summary = summary != NULL};
    if (summary)
        segment.summary = *summary;
    void *segments = array_grow(parts->segments, &parts->segment_room,
        parts->segment_count, sizeof segment);
    if (!segments)
        return -ENOMEM;
    parts->segments = segments;
    parts->segments[parts->segment_count++] = segment;
    parts->first = parts->count;
    return 0;
}

static int take_record(struct parts *parts, const struct record *record)
{
    if (record->is_summary)
        return end_segment(parts, parts->line + 1, &record->summary);
    return record->is_result ? take_result(parts, &record->result) : 0;
}

/* What is no record is told by those who read again; but half a line at the
 * end is of a target that was fetched again, if the run was gone on with. */
static int take_line(struct parts *parts, struct span line, bool is_rest)
{
    static struct record record; /* large */
    int error = 0;
    if (!record_parse(line.at, line.len, &record)) {
        error = take_record(parts, &record);
        record_fini(&record);
    } else if (is_rest) {
        error = add_entry(
            parts, &(struct entry){.line = parts->line | ENTRY_SUPERSEDED});
    }
    parts->line++;
    return error;
}

/* --- files --- */

typedef int use_lines(struct parts *parts, struct record_lines *lines);

/* 1: a run went on with others. */
static int find_resumed(struct parts *parts, struct record_lines *lines)
{
    static const char word[] = "\"resumed\"";
    static struct record record; /* large */
    struct span line;
    int more;
    (void)parts;
    while ((more = record_lines_next(lines, &line)) > 0) {
        if (!memmem(line.at, line.len, word, sizeof word - 1) ||
            record_parse(line.at, line.len, &record))
            continue;
        bool is_resumed = record.is_summary && record.summary.resumed >= 0;
        record_fini(&record);
        if (is_resumed)
            return 1;
    }
    return more;
}

static int take_rest(struct parts *parts, struct span rest)
{
    int error = rest.len ? take_line(parts, rest, true) : 0;
    bool is_cut = !error && parts->count > parts->first;
    return is_cut ? end_segment(parts, parts->line, NULL) : error;
}

static int read_records(struct parts *parts, struct record_lines *lines)
{
    struct span line;
    int more, error = 0;
    parts->first = parts->count;
    while (!error && (more = record_lines_next(lines, &line)) != 0)
        error = more < 0 ? more : take_line(parts, line, false);
    return error ? error : take_rest(parts, record_lines_rest(lines));
}

static int use_file(struct parts *parts, const char *file, use_lines *use)
{
    bool is_stdin = !strcmp(file, "-");
    off_t at = is_stdin ? lseek(STDIN_FILENO, 0, SEEK_CUR) : 0;
    struct record_lines lines = {.at = (uint64_t)at};
    if (at < 0)
        return -ESPIPE;
    lines.fd = record_lines_open(is_stdin ? "/proc/self/fd/0" : file, O_RDONLY);
    if (lines.fd < 0)
        return lines.fd;
    int error = use(parts, &lines);
    close(lines.fd);
    record_lines_fini(&lines);
    return error;
}

/* As find_resumed, of all of them. */
static int use_files(
    struct parts *parts, const char *const *files, size_t count, use_lines *use)
{
    int found = 0;
    for (size_t i = 0; i < count && found >= 0; i++) {
        int result = use_file(parts, files[i], use);
        found = result < 0 ? result : found | result;
    }
    return found;
}

int parts_read(struct parts *parts, const char *const *files, size_t count)
{
    int found = use_files(parts, files, count, find_resumed);
    if (found <= 0)
        return found ? found : -ENODATA;
    (void)!getrandom(&parts->key, sizeof parts->key, GRND_NONBLOCK);
    return use_files(parts, files, count, read_records);
}
