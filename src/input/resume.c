/*
 * resume - see resume.h.
 *
 * Invariant: entries are sorted by text, then by place; none is there twice.
 */
#include "input/resume.h"

#include "input/target.h"
#include "text/array.h"
#include "text/hash.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Flags beside the rest of a text's hash. */
#define AGAIN (UINT32_C(1) << 31)
#define IN_PLACE (UINT32_C(1) << 30) /* its line is there, by the survey */
#define CLAIMED (UINT32_C(1) << 29) /* its line was read */
#define TEXT_BITS (CLAIMED - 1)

/* A place is the number of a line below a hash of its file's name: files that
 * have the same one differ by their texts, or change places. */
enum { NUMBER_BITS = 40 };
#define NUMBER_MAX ((UINT64_C(1) << NUMBER_BITS) - 1)

struct entry {
    uint64_t text;
    uint64_t place;
    uint32_t text_more; /* and flags */
    union {
        uint32_t order; /* of the records, while they are added */
        uint32_t cursor; /* of the first one with a text: behind it all are
                            claimed or in place up to this one */
    };
};

struct resume {
    struct hash_key key;
    struct entry *entries;
    size_t count, room;
    struct resume_counts counts;
    bool surveyed; /* what is in place is known */
    const char *source; /* whose hash is in source_hash; NULL: none */
    uint64_t source_hash;
};

/* --- records --- */

int resume_create(struct resume **out)
{
    struct resume *resume = calloc(1, sizeof *resume);
    if (!resume)
        return -ENOMEM;
    /* Without it the key is zero, as good as any that nobody aims at. */
    (void)!getrandom(&resume->key, sizeof resume->key, GRND_NONBLOCK);
    *out = resume;
    return 0;
}

void resume_destroy(struct resume *resume)
{
    if (!resume)
        return;
    free(resume->entries);
    free(resume);
}

static uint64_t hash_file(const struct resume *resume, struct span name)
{
    return hash_text(&resume->key, name.at, name.len).words[0] << NUMBER_BITS;
}

static struct entry make_entry(
    const struct resume *resume, struct span text, uint64_t number)
{
    struct hash hash = hash_text(&resume->key, text.at, text.len);
    return (struct entry){
        .text = hash.words[0],
        .text_more = (uint32_t)hash.words[1] & TEXT_BITS,
        .place = number < NUMBER_MAX ? number : NUMBER_MAX,
    };
}

int resume_add(struct resume *resume, const struct resume_record *record)
{
    if (resume->count == UINT32_MAX)
        return -EFBIG;
    struct entry *entries = array_grow(
        resume->entries, &resume->room, resume->count, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    resume->entries = entries;
    struct entry entry = make_entry(resume, record->input, record->number);
    entry.place |= hash_file(resume, record->file);
    if (record->again)
        entry.text_more |= AGAIN;
    entry.order = (uint32_t)resume->count;
    resume->entries[resume->count++] = entry;
    return 0;
}

static int compare_text(const struct entry *a, const struct entry *b)
{
    uint32_t more_a = a->text_more & TEXT_BITS,
             more_b = b->text_more & TEXT_BITS;
    if (a->text != b->text)
        return a->text < b->text ? -1 : 1;
    return (more_a > more_b) - (more_a < more_b);
}

static int compare_place(const struct entry *a, const struct entry *b)
{
    int order = compare_text(a, b);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_place(a, b);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

/* Of those of one target the last one is left. */
static void drop_earlier(struct resume *resume)
{
    size_t kept = 0;
    for (size_t i = 0; i < resume->count; i++) {
        if (kept &&
            !compare_place(&resume->entries[kept - 1], &resume->entries[i]))
            kept--;
        resume->entries[kept++] = resume->entries[i];
    }
    resume->count = kept;
}

void resume_index(struct resume *resume)
{
    if (resume->count)
        qsort(resume->entries, resume->count, sizeof *resume->entries,
            compare_entries);
    drop_earlier(resume);
    resume->counts.records = resume->count;
    for (size_t i = 0; i < resume->count; i++) {
        resume->entries[i].cursor = 0;
        resume->counts.again += !!(resume->entries[i].text_more & AGAIN);
    }
}

/* --- lines --- */

/* The first entry that is not before the wanted one. */
static size_t find_first(const struct resume *resume,
    const struct entry *wanted,
    int (*compare)(const struct entry *a, const struct entry *b))
{
    size_t low = 0, high = resume->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&resume->entries[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_text_at(
    const struct resume *resume, size_t i, const struct entry *wanted)
{
    return i < resume->count && !compare_text(&resume->entries[i], wanted);
}

/* As its record would have it. */
static int describe_text(
    struct resume *resume, const struct filter_line *line, struct entry *out)
{
    size_t len;
    char *shown = target_shown(line->bytes, line->len, &len);
    char *text = shown ? utf8_text((struct span){shown, len}, &len) : NULL;
    if (text)
        *out = make_entry(resume, (struct span){text, len}, line->number);
    free(text);
    free(shown);
    return text ? 0 : -ENOMEM;
}

/* Most lines are of the file that the one before was of. */
static int describe_source(struct resume *resume, const char *source)
{
    size_t len = source ? strlen(source) : 0;
    if (source && source == resume->source)
        return 0;
    char *name = utf8_text((struct span){source ? source : "", len}, &len);
    if (!name)
        return -ENOMEM;
    resume->source_hash = hash_file(resume, (struct span){name, len});
    resume->source = source;
    free(name);
    return 0;
}

static int describe_line(
    struct resume *resume, const struct filter_line *line, struct entry *out)
{
    int error = describe_text(resume, line, out);
    if (!error)
        error = describe_source(resume, line->source);
    if (!error)
        out->place |= resume->source_hash;
    return error;
}

/* The record that stood there; NULL: there is none. */
static struct entry *find_in_place(
    struct resume *resume, const struct entry *line)
{
    size_t i = find_first(resume, line, compare_place);
    return i < resume->count && !compare_place(&resume->entries[i], line)
               ? &resume->entries[i]
               : NULL;
}

/* Behind those that stood further down in the line's file. */
static size_t skip_file(const struct resume *resume, const struct entry *line)
{
    struct entry last = *line;
    last.place |= NUMBER_MAX;
    size_t i = find_first(resume, &last, compare_place);
    return i < resume->count && !compare_place(&resume->entries[i], &last)
               ? i + 1
               : i;
}

static bool is_later(const struct entry *entry, const struct entry *line)
{
    return entry->place >> NUMBER_BITS == line->place >> NUMBER_BITS &&
           entry->place > line->place;
}

static bool is_taken(const struct entry *entry)
{
    return entry->text_more & (CLAIMED | IN_PLACE);
}

/* A record with the line's text, of a line that is gone. */
static struct entry *find_moved(struct resume *resume, const struct entry *line)
{
    size_t first = find_first(resume, line, compare_text);
    if (!is_text_at(resume, first, line))
        return NULL;
    size_t i = first + resume->entries[first].cursor;
    while (is_text_at(resume, i, line) && is_taken(&resume->entries[i]))
        i++;
    resume->entries[first].cursor = (uint32_t)(i - first);
    while (is_text_at(resume, i, line)) {
        struct entry *entry = &resume->entries[i];
        if (!resume->surveyed && is_later(entry, line))
            i = skip_file(resume, line);
        else if (is_taken(entry))
            i++;
        else
            return entry;
    }
    return NULL;
}

/* --- filters --- */

static int survey_line(void *arg, const struct filter_line *line)
{
    struct resume *resume = arg;
    struct entry wanted, *found;
    int error = describe_line(resume, line, &wanted);
    found = error ? NULL : find_in_place(resume, &wanted);
    if (found)
        found->text_more |= IN_PLACE;
    return error;
}

struct filter resume_survey(struct resume *resume, bool whole)
{
    resume->surveyed = whole;
    return (struct filter){survey_line, resume};
}

/* The record of a line, which is claimed; NULL: it has none. */
static struct entry *claim_record(
    struct resume *resume, const struct entry *line)
{
    struct entry *found = find_in_place(resume, line);
    if (found && !(found->text_more & CLAIMED)) {
        resume->counts.in_place++;
    } else {
        found = find_moved(resume, line);
        resume->counts.moved += found != NULL;
    }
    if (found)
        found->text_more |= CLAIMED;
    return found;
}

static int take_line(void *arg, const struct filter_line *line)
{
    struct resume *resume = arg;
    struct entry wanted;
    int error = describe_line(resume, line, &wanted);
    if (error)
        return error;
    const struct entry *found = claim_record(resume, &wanted);
    if (!found || found->text_more & AGAIN)
        return 1;
    resume->counts.skipped++;
    return 0;
}

struct filter resume_filter(struct resume *resume)
{
    return (struct filter){take_line, resume};
}

void resume_rewind(struct resume *resume)
{
    struct resume_counts *counts = &resume->counts;
    counts->in_place = counts->moved = counts->skipped = 0;
    for (size_t i = 0; i < resume->count; i++) {
        resume->entries[i].text_more &= ~CLAIMED;
        resume->entries[i].cursor = 0;
    }
}

struct resume_counts resume_count(const struct resume *resume)
{
    return resume->counts;
}
