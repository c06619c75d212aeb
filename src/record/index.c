/*
 * index - see index.h.
 *
 * Invariant: entries are sorted by hash, then by the order of that run's list;
 * of those of one hash the claimed ones come first.
 */
#include "record/index.h"

#include "record/record_lines.h"
#include "text/array.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAULTS_TOLD = 10 };
#define CLAIMED (UINT64_C(1) << 63)

struct entry {
    uint64_t hash; /* of the input */
    uint64_t index; /* in that run's list */
    uint64_t place; /* its offset in the file plus 1; CLAIMED */
};

struct record_index {
    int fd;
    struct entry *entries;
    size_t count, room;
};

/* --- building --- */

static uint64_t hash_name(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static int add_entry(struct record_index *index, const struct entry *entry)
{
    struct entry *entries =
        array_grow(index->entries, &index->room, index->count, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    index->entries = entries;
    index->entries[index->count++] = *entry;
    return 0;
}

struct building {
    struct record_index *index;
    struct record_lines lines;
    const char *file;
    record_index_fault_fn *fault;
    size_t line, wrong;
    uint64_t told, not_begun; /* by summaries */
};

static int take_record(struct building *b, const struct record *record)
{
    const struct result *result = &record->result;
    if (record->is_summary) {
        b->told += record->summary.targets;
        b->not_begun += record->summary.not_begun;
        return 0;
    }
    if (!record->is_result)
        return 0;
    return add_entry(
        b->index, &(struct entry){hash_name(result->input, result->input_size),
                      result->index, b->lines.at + 1});
}

static int take_line(struct building *b, struct span line)
{
    struct record record;
    const char *wrong = record_parse(line.at, line.len, &record);
    b->line++;
    if (!wrong) {
        int error = take_record(b, &record);
        record_fini(&record);
        return error;
    }
    if (b->wrong++ < FAULTS_TOLD)
        b->fault(b->file, b->line, wrong);
    return 0;
}

__attribute__((format(printf, 2, 3))) static int refuse_file(
    const struct building *b, const char *format, ...)
{
    char what[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    b->fault(b->file, 0, what);
    return -EINVAL;
}

/* What is behind the last LF is half a record. */
static int check_whole(const struct building *b)
{
    uint64_t found = b->index->count;
    if (b->wrong > FAULTS_TOLD)
        refuse_file(b, "and %zu more invalid lines", b->wrong - FAULTS_TOLD);
    if (b->wrong)
        return -EINVAL;
    if (record_lines_rest(&b->lines).len)
        return refuse_file(b, "the last line has no end");
    if (!b->line)
        return refuse_file(b, "no records");
    if (found < b->told)
        return refuse_file(b, "%" PRIu64 " of %" PRIu64 " records are missing",
            b->told - found, b->told);
    if (found > b->told)
        return refuse_file(b,
            "%" PRIu64 " of %" PRIu64
            " records have no summary line: a run was cut off",
            found - b->told, found);
    return b->not_begun ? refuse_file(b,
                              "%" PRIu64 " targets were not begun: a run was"
                              " cut off",
                              b->not_begun)
                        : 0;
}

static int entry_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->index != b->index)
        return a->index < b->index ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static int read_all(struct building *b)
{
    struct span line;
    int more = 1, error = 0;
    while (!error && (more = record_lines_next(&b->lines, &line)) > 0)
        error = take_line(b, line);
    if (!error)
        error = more;
    if (!error)
        error = check_whole(b);
    if (!error && b->index->count)
        qsort(b->index->entries, b->index->count, sizeof *b->index->entries,
            entry_order);
    return error;
}

int record_index_open(
    struct record_index **out, const char *file, record_index_fault_fn *fault)
{
    int fd = record_lines_open(file, O_RDONLY);
    if (fd < 0)
        return fd;
    struct record_index *index = calloc(1, sizeof *index);
    if (!index) {
        close(fd);
        return -ENOMEM;
    }
    index->fd = fd;
    struct building building = {
        .index = index, .lines.fd = fd, .file = file, .fault = fault};
    int error = read_all(&building);
    record_lines_fini(&building.lines);
    if (error)
        record_index_close(index);
    else
        *out = index;
    return error;
}

void record_index_close(struct record_index *index)
{
    if (!index)
        return;
    close(index->fd);
    free(index->entries);
    free(index);
}

/* --- looking up --- */

int record_index_read(
    const struct record_index *index, uint64_t place, struct record *out)
{
    struct record_lines lines = {.fd = index->fd, .at = place - 1};
    struct span line;
    int more = record_lines_next(&lines, &line);
    int error = more < 0 ? more : more ? 0 : -EINVAL;
    if (!error && record_parse(line.at, line.len, out))
        error = -EINVAL;
    if (!error && !out->is_result) {
        record_fini(out);
        error = -EINVAL;
    }
    record_lines_fini(&lines);
    return error;
}

/* The first entry that is not before: of a lower hash, or claimed with it. */
static size_t find_first(const struct record_index *index, uint64_t hash)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct entry *entry = &index->entries[middle];
        if (entry->hash < hash ||
            (entry->hash == hash && entry->place & CLAIMED))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Two inputs may have one hash.  What cannot be read is taken to be of this
 * one: record_index_read tells of it. */
static bool is_of_input(
    const struct record_index *index, uint64_t place, struct span input)
{
    struct record record;
    if (record_index_read(index, place, &record))
        return true;
    bool is = record.result.input_size == input.len &&
              memcmp(record.result.input, input.at, input.len) == 0;
    record_fini(&record);
    return is;
}

/* Those before it, which are not claimed, stay behind it. */
static void move_to(struct entry *entries, size_t from, size_t to)
{
    struct entry entry = entries[from];
    memmove(entries + to + 1, entries + to, (from - to) * sizeof *entries);
    entries[to] = entry;
}

uint64_t record_index_claim(
    struct record_index *index, const char *input, size_t len)
{
    uint64_t hash = hash_name(input, len);
    size_t first = find_first(index, hash);
    for (size_t i = first; i < index->count; i++) {
        uint64_t place = index->entries[i].place;
        if (index->entries[i].hash != hash)
            break;
        if (!is_of_input(index, place, (struct span){input, len}))
            continue;
        move_to(index->entries, i, first);
        index->entries[first].place |= CLAIMED;
        return place;
    }
    return RECORD_INDEX_NONE;
}

uint64_t record_index_rest(const struct record_index *index, size_t *from)
{
    while (*from < index->count) {
        uint64_t place = index->entries[(*from)++].place;
        if (!(place & CLAIMED))
            return place;
    }
    return RECORD_INDEX_NONE;
}
