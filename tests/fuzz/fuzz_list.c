/*
 * A list file: the first line of the input says, a byte each, how it is cut
 * when it comes through a pipe; the rest is the list.
 *
 * Each line that says something is one item, the same from a file and from
 * a pipe, the first time and after list_rewind.
 */
#include "fuzz.h"

#include "async/core/error.h"
#include "input/list.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECES_MAX = 64, LIST_MAX = 32 * 1024 };

struct listing {
    struct span bytes, cuts; /* no cuts: all is there from the beginning */
    int to; /* the writing end of a pipe, or a file's */
    char name[32];
    const char *file; /* name */
    size_t items, bad, numbers; /* of all lines, in sum */
    uint64_t sum; /* of what all items are */
};

static void add_text(struct listing *l, const char *text)
{
    for (; *text; text++)
        l->sum = l->sum * 31 + (unsigned char)*text;
}

static void add_item(struct listing *l, const struct list_item *item)
{
    fuzz_must(item->index == l->items++);
    fuzz_must(!item->target != !item->shown);
    l->bad += !item->target;
    l->numbers += item->line;
    add_text(l, item->target ? item->target->url : item->shown);
    add_text(l, item->target ? "" : item->reason);
}

static void read_all(struct listing *l, struct list *list)
{
    struct list_item item;
    int error;
    l->items = l->bad = l->numbers = l->sum = 0;
    while (!(error = list_next(list, &item))) {
        add_item(l, &item);
        target_destroy(item.target);
        free(item.shown);
    }
    fuzz_must(error == ASYNC_EOF);
    fuzz_must(list_count(list) == l->items);
}

/* How long the i-th piece is: at most PIECES_MAX pieces in all. */
static size_t piece_size(const struct listing *l, size_t i)
{
    if (l->cuts.len == 0)
        return l->bytes.len;
    return (1 + fuzz_byte(l->cuts, i % l->cuts.len)) *
           (1 + l->bytes.len / PIECES_MAX);
}

/* Writes piece by piece, each once the one before may have been read. */
static int write_pieces(void *arg)
{
    struct listing *l = arg;
    struct span rest = l->bytes;
    for (size_t i = 0; rest.len > 0; i++) {
        size_t size = piece_size(l, i);
        struct span piece = span_take(&rest, size < rest.len ? size : rest.len);
        fuzz_must(write(l->to, piece.at, piece.len) == (ssize_t)piece.len);
        if (l->cuts.len > 0)
            task_sleep(0);
    }
    close(l->to);
    return 0;
}

static struct list *open_list(struct listing *l)
{
    struct list_sources sources = {.files = &l->file, .file_count = 1};
    struct list *list;
    const char *failed;
    l->file = l->name;
    fuzz_must(list_open(&list, &sources, &failed) == 0);
    return list;
}

static void check_same(const struct listing *a, const struct listing *b)
{
    fuzz_must(a->items == b->items && a->bad == b->bad);
    fuzz_must(a->numbers == b->numbers && a->sum == b->sum);
}

static int read_file(void *arg)
{
    struct listing *l = arg;
    l->to = memfd_create("list", MFD_CLOEXEC);
    snprintf(l->name, sizeof l->name, "/proc/self/fd/%d", l->to);
    struct list *list = open_list(l);
    list_keep(list);
    write_pieces(l);
    read_all(l, list);
    struct listing again = *l;
    list_rewind(list);
    read_all(&again, list);
    check_same(l, &again);
    list_close(list);
    return 0;
}

static int read_pipe(void *arg)
{
    struct listing *l = arg;
    struct task *writer;
    int ends[2];
    fuzz_must(pipe2(ends, O_CLOEXEC) == 0);
    l->to = ends[1];
    snprintf(l->name, sizeof l->name, "/proc/self/fd/%d", ends[0]);
    struct list *list = open_list(l);
    close(ends[0]);
    fuzz_must(task_spawn(&writer, write_pieces, l) == 0);
    read_all(l, list);
    fuzz_must(task_join(writer) == 0);
    list_close(list);
    return 0;
}

static bool says_something(struct span line)
{
    while (line.len > 0 && byte_is_blank(*line.at))
        span_take(&line, 1);
    return line.len > 0 && *line.at != '#' &&
           !(line.len == 1 && *line.at == '\r');
}

static void check_count(const struct listing *l)
{
    struct span rest = l->bytes;
    size_t items = 0, numbers = 0;
    if (span_has_prefix(rest, "\xef\xbb\xbf"))
        span_take(&rest, 3);
    for (size_t number = 1; rest.len > 0; number++) {
        if (!says_something(fuzz_take(&rest, '\n')))
            continue;
        items++;
        numbers += number;
    }
    fuzz_must(l->items == items && l->numbers == numbers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    struct span cuts = fuzz_take(&input, '\n');
    struct listing file = {.bytes = input};
    struct listing piped = {.bytes = input, .cuts = cuts};
    if (input.len > LIST_MAX) /* it must fit in a pipe */
        return 0;
    fuzz_run(read_file, &file);
    fuzz_run(read_pipe, &piped);
    check_count(&file);
    check_same(&file, &piped);
    return 0;
}
