/*
 * list - lines from several places, one after the other.
 *
 * Invariant: arguments come first, then files; a kept list that was rewound
 * reads `kept` only.  `index` counts every line, `count` those that the
 * filters let pass and that were taken.
 */
#include "input/list.h"

#include "async/core/error.h"
#include "async/net/reader.h"
#include "input/list_columns.h"
#include "input/list_kept.h"
#include "input/list_text.h"
#include "text/span.h"
#include "text/utf16.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct list {
    struct list_sources sources;
    int *fds; /* one per file, -1: stdin or closed */
    size_t argument, file; /* the next of each */
    struct reader *reader; /* of file `file`, or NULL */
    size_t line; /* of that file */
    bool begun; /* there was something in it */
    bool over; /* nothing more of it is read */
    uint64_t index; /* of the next line, fetched or not */
    bool left_unread; /* what came behind was only counted */
    uint64_t count;
    uint64_t left; /* taken, and given back */
    int64_t began_at;
    bool keeping, replaying;
    struct list_kept kept;
};

/* --- opening --- */

static bool is_stdin(const char *file)
{
    return !strcmp(file, "-");
}

/* A FIFO must not wait here for its writer: nothing was said yet. */
static int file_open(const char *file)
{
    int fd = is_stdin(file) ? STDIN_FILENO
                            : open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status))
        return -errno;
    if (!S_ISDIR(status.st_mode))
        return fd;
    if (!is_stdin(file))
        close(fd);
    return -EISDIR;
}

static int list_open_files(struct list *list, const char **failed)
{
    for (size_t i = 0; i < list->sources.file_count; i++) {
        int fd = file_open(list->sources.files[i]);
        if (fd < 0) {
            *failed = list->sources.files[i];
            return fd;
        }
        list->fds[i] = fd;
    }
    return 0;
}

int list_open(
    struct list **out, const struct list_sources *sources, const char **failed)
{
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        return -ENOMEM;
    list->sources = *sources;
    list->began_at = loop_time();
    list->fds = calloc(sources->file_count + 1, sizeof *list->fds);
    if (!list->fds) {
        list_close(list);
        return -ENOMEM;
    }
    memset(list->fds, -1, sources->file_count * sizeof *list->fds);
    int result = list_open_files(list, failed);
    if (result)
        list_close(list);
    else
        *out = list;
    return result;
}

static void file_done(struct list *list)
{
    reader_destroy(list->reader);
    list->reader = NULL;
    if (list->fds[list->file] > STDIN_FILENO)
        close(list->fds[list->file]);
    list->fds[list->file++] = -1;
    list->line = 0;
    list->begun = list->over = false;
}

void list_close(struct list *list)
{
    if (!list)
        return;
    while (list->fds && list->file < list->sources.file_count)
        file_done(list);
    list_kept_fini(&list->kept);
    free(list->fds);
    free(list);
}

void list_begin(struct list *list)
{
    list->began_at = loop_time();
}

const char *list_source(const struct list *list)
{
    return list->file < list->sources.file_count
               ? list->sources.files[list->file]
               : NULL;
}

/* --- lines --- */

static void line_strip(struct list_line *line)
{
    struct span text = {line->bytes, line->len};
    if (line->number == 1)
        text = list_text_first(text);
    text = list_text(text);
    line->bytes = text.at;
    line->len = text.len;
}

/* Said once, for the whole file. */
static bool find_utf16(struct list *list, const struct reader_line *line)
{
    list->over = !list->begun && utf16_begins(line->bytes, line->len);
    list->begun |= line->len > 1;
    return list->over;
}

static bool next_argument(struct list *list, struct list_line *line)
{
    if (list->argument == list->sources.argument_count)
        return false;
    const char *argument = list->sources.arguments[list->argument++];
    *line = (struct list_line){.bytes = argument,
        .len = strlen(argument),
        .number = list->argument,
        .known_at = list->began_at};
    line->too_long = line->len > LIST_LINE_MAX;
    return true;
}

typedef int read_line(struct reader *reader, struct reader_line *line);

static int file_begin(struct list *list)
{
    return list->reader ? 0
                        : reader_create(&list->reader, list->fds[list->file],
                              LIST_LINE_MAX);
}

static void line_take(
    struct list *list, struct list_line *line, const struct reader_line *read)
{
    *line = (struct list_line){.bytes = read->bytes,
        .len = read->too_long ? utf8_cut(read->bytes, read->len) : read->len,
        .too_long = read->too_long,
        .utf16 = find_utf16(list, read),
        .source = list->sources.files[list->file],
        .number = ++list->line,
        .known_at = read->read_at ? read->read_at : list->began_at};
    if (line->utf16)
        return;
    line_strip(line);
}

/* The next line of the files that is not empty; false in *found at a file's
 * end. */
static int next_of_file(struct list *list, read_line *read_next,
    struct list_line *line, bool *found)
{
    struct reader_line read;
    int result = list->over ? ASYNC_EOF : file_begin(list);
    if (!result)
        result = read_next(list->reader, &read);
    *found = !result;
    if (result == ASYNC_EOF) {
        file_done(list);
        return 0;
    }
    if (result)
        return result;
    line_take(list, line, &read);
    *found = line->len || line->too_long;
    return 0;
}

static int next_fresh(
    struct list *list, read_line *read_next, struct list_line *line)
{
    bool found = next_argument(list, line);
    while (!found) {
        if (list->file == list->sources.file_count)
            return ASYNC_EOF;
        int result = next_of_file(list, read_next, line, &found);
        if (result)
            return result;
    }
    line->index = list->index++;
    return 0;
}

/* The next line that is to be fetched. */
static int next_own(
    struct list *list, read_line *read_next, struct list_line *line)
{
    int taken = 0;
    while (taken == 0) {
        int result = next_fresh(list, read_next, line);
        if (result)
            return result;
        taken = filters_take(
            &list->sources.filters, &(struct filter_line){line->bytes,
                                        line->len, line->source, line->number});
    }
    return taken < 0 ? taken : 0;
}

static int next_kept(struct list *list, struct list_line *line)
{
    if (!list_kept_next(&list->kept, line))
        return ASYNC_EOF;
    line->known_at = list->began_at;
    return 0;
}

static int next_line(
    struct list *list, read_line *read_next, struct list_line *line)
{
    if (list->replaying)
        return next_kept(list, line);
    int result = next_own(list, read_next, line);
    if (!result && list->keeping)
        result = list_kept_add(&list->kept, line);
    return result;
}

/* --- items --- */

static int item_parse(const struct list_line *line, struct list_item *item)
{
    int result = -EINVAL;
    if (line->utf16)
        item->reason =
            "the list is UTF-16, which is not supported; convert it to UTF-8";
    else if (line->too_long)
        item->reason = "longer than 65536 bytes, only the first are shown";
    else if (line->len == 0)
        item->reason = "empty";
    else if (!line->source && line->len == 1 && *line->bytes == '-')
        item->reason = "to read a list from standard input, use -i -";
    else if (!line->source && list_columns_any(line->bytes, line->len))
        item->reason = "blank in the target";
    else
        result =
            target_parse(line->bytes, line->len, &item->target, &item->reason);
    if (result != -EINVAL)
        return result;
    item->shown = target_shown(line->bytes, line->len, &item->shown_len);
    return item->shown ? 0 : -ENOMEM;
}

int list_next(struct list *list, struct list_item *item)
{
    struct list_line line;
    int result = next_line(list, reader_readline, &line);
    if (result)
        return result;
    *item = (struct list_item){
        .index = line.index,
        .source = line.source,
        .line = line.number,
        .known_at = line.known_at,
    };
    if (list->sources.columns && line.source && !line.utf16)
        result = list_columns_take(line.bytes, &line.len, &item->columns);
    if (!result)
        result = item_parse(&line, item);
    if (result)
        free(item->columns);
    if (!result && !list->replaying)
        list->count++;
    return result;
}

int list_skim(struct list *list)
{
    struct list_line line;
    int result;
    do
        result = next_line(list, reader_readline_blocking, &line);
    while (!result);
    return result == ASYNC_EOF ? 0 : result;
}

void list_item_fini(struct list_item *item)
{
    target_destroy(item->target);
    free(item->shown);
    free(item->columns);
}

void list_leave(struct list *list, struct list_item *item)
{
    list_item_fini(item);
    list->left++;
    if (!list->replaying)
        list->count--;
}

uint64_t list_count(const struct list *list)
{
    return list->count;
}

int64_t list_length(const struct list *list)
{
    bool at_end = list->file == list->sources.file_count &&
                  list->argument == list->sources.argument_count;
    return at_end && !list->left_unread ? (int64_t)list->index : -1;
}

uint64_t list_count_rest(struct list *list)
{
    uint64_t count = list->left;
    struct list_line line;
    list->left_unread = list_length(list) < 0; /* a pipe may have more */
    int64_t until = loop_time() + LOOP_SECOND; /* a pipe may never end */
    while (loop_time() < until && !next_line(list, reader_readline_now, &line))
        count++;
    return count;
}

void list_keep(struct list *list)
{
    list->keeping = true;
}

void list_rewind(struct list *list)
{
    list->replaying = true;
    list_kept_rewind(&list->kept);
}
