/*
 * options_value - arguments that are one value, or one of many.
 *
 * Nothing is stored unless the whole argument is right.
 */
#include "options/options_value.h"

#include "options/options.h"
#include "text/span.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 1000000, THREADS_MAX = 1024 };
enum { BYTES_MAX = 1 << 30 };
enum { SECONDS_MAX = 1000000 };

#define NS_PER_SECOND INT64_C(1000000000)

static void *row_field(struct options *options, const struct option_row *row)
{
    return (char *)options + row->field;
}

/* Reads digits up to something else; what is too large is UINT64_MAX. */
static uint64_t digits_read(const char **text)
{
    uint64_t n = 0;

    for (; byte_is_digit(**text); ++*text) {
        unsigned digit = (unsigned)(**text - '0');
        n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
    }
    return n;
}

/* Reads the digits behind a decimal point, as ns; what is finer is cut. */
static int64_t fraction_read(const char **text)
{
    int64_t ns = 0;

    for (int64_t unit = NS_PER_SECOND / 10; byte_is_digit(**text); ++*text) {
        ns += (**text - '0') * unit;
        unit /= 10;
    }
    return ns;
}

bool whole_parse(const char *text, uint64_t *out)
{
    const char *end = text;
    uint64_t n = digits_read(&end);

    if (end == text || *end)
        return false;
    *out = n;
    return true;
}

int option_take_flag(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)argument;
    (void)why;
    *(bool *)row_field(options, row) = true;
    return 0;
}

int option_take_count(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    uint64_t n = 0;

    *why = row->mismatch;
    if (!whole_parse(argument, &n) || n < row->least)
        return -EINVAL;
    *why = "is more than 1000000";
    if (n > COUNT_MAX)
        return -EINVAL;
    *(unsigned *)row_field(options, row) = (unsigned)n;
    return 0;
}

int option_take_threads(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    uint64_t n = 0;

    *why = row->mismatch;
    if (strcmp(argument, "auto") && (!whole_parse(argument, &n) || n < 1))
        return -EINVAL;
    *why = "is more than 1024";
    if (n > THREADS_MAX)
        return -EINVAL;
    *(unsigned *)row_field(options, row) = (unsigned)n;
    return 0;
}

static int seconds_read(const struct option_row *row, const char *text,
    int64_t *out, const char **why)
{
    const char *end = text;
    uint64_t seconds = digits_read(&end);
    bool digits = end > text;
    int64_t ns = 0;

    if (*end == '.') {
        const char *fraction = ++end;
        ns = fraction_read(&end);
        digits = digits || end > fraction;
    }
    *why = row->mismatch;
    if (!digits || *end)
        return -EINVAL;
    *why = "is more than 1000000 seconds";
    if (seconds > SECONDS_MAX || (seconds == SECONDS_MAX && ns > 0))
        return -EINVAL;
    *out = (int64_t)seconds * NS_PER_SECOND + ns;
    return 0;
}

int option_take_seconds(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    int64_t ns;
    int error = seconds_read(row, argument, &ns, why);

    if (error)
        return error;
    *why = row->mismatch;
    if (ns == 0)
        return -EINVAL;
    *(int64_t *)row_field(options, row) = ns;
    return 0;
}

int option_take_interval(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    int error =
        seconds_read(row, argument, (int64_t *)row_field(options, row), why);

    options->has_interval |= !error;
    return error;
}

/* Seconds of the time that a rate is of. */
static int64_t unit_seconds(const char *unit)
{
    if (!*unit || strcmp(unit, "/s") == 0)
        return 1;
    if (strcmp(unit, "/m") == 0)
        return 60;
    return strcmp(unit, "/h") == 0 ? 3600 : 0;
}

int option_take_rate(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    const char *end = argument;
    uint64_t n = digits_read(&end);
    int64_t seconds = unit_seconds(end);

    *why = row->mismatch;
    if (end == argument || n < 1 || !seconds)
        return -EINVAL;
    *why = "is more than 1000000";
    if (n > COUNT_MAX)
        return -EINVAL;
    *(int64_t *)row_field(options, row) = seconds * NS_PER_SECOND / (int64_t)n;
    return 0;
}

/* 'K' and 'M' in either case, as curl's sizes; 0 for anything else. */
static unsigned unit_bytes(const char *unit)
{
    if (!*unit)
        return 1;
    if (unit[1])
        return 0;
    switch (*unit) {
    case 'k':
    case 'K':
        return 1024;
    case 'm':
    case 'M':
        return 1024 * 1024;
    default:
        return 0;
    }
}

int option_take_bytes(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    const char *end = argument;
    uint64_t n = digits_read(&end);
    unsigned unit = unit_bytes(end);

    *why = row->mismatch;
    if (end == argument || n == 0 || unit == 0)
        return -EINVAL;
    *why = "is more than 1024M";
    if (n > BYTES_MAX / unit)
        return -EINVAL;
    *(size_t *)row_field(options, row) = (size_t)n * unit;
    return 0;
}

int option_take_choice(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    const struct option_choice *choice = row->choices;

    while (choice->name && strcmp(choice->name, argument) != 0)
        choice++;
    *why = choice->name ? choice->unavailable : row->mismatch;
    if (*why)
        return -EINVAL;
    memcpy(row_field(options, row), &choice->value, sizeof choice->value);
    return 0;
}

int option_take_text(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    *why = "is empty";
    if (!*argument)
        return -EINVAL;
    *(const char **)row_field(options, row) = argument;
    return 0;
}

int option_take_texts(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    *why = "is empty";
    if (!*argument)
        return -EINVAL;
    return option_list_append(row_field(options, row), argument);
}

/* The file is not to be overwritten by the output. */
static int note_file(struct options *options, const char *name)
{
    return option_list_append(&options->files_read, name);
}

int option_take_expect(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    *why = *argument ? "names no file" : "is empty";
    if (!*argument || !strcmp(argument, "@"))
        return -EINVAL;
    int error = option_list_append(&options->expect, argument);
    return error || *argument != '@' ? error : note_file(options, argument + 1);
}

int option_take_rules(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    *why = "is empty";
    if (!*argument)
        return -EINVAL;
    int error = option_list_append(&options->rules, argument);
    return error ? error : note_file(options, argument);
}

int option_take_baseline(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    *why = "is empty";
    if (!*argument)
        return -EINVAL;
    options->baseline = argument;
    return note_file(options, argument);
}

int option_take_shard(struct options *options, const struct option_row *row,
    const char *argument, const char **why)
{
    (void)row;
    *why = shard_parse(argument, getenv, &options->shard);
    return *why ? -EINVAL : 0;
}

int option_list_append(struct option_list *list, const char *item)
{
    const char **items =
        reallocarray(list->items, list->count + 1, sizeof *items);

    if (!items)
        return -ENOMEM;
    list->items = items;
    items[list->count++] = item;
    return 0;
}
