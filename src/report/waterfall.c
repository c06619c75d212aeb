/*
 * waterfall - a line a target at the end of the run: when it was begun, and
 * its phases, a letter each, on one time axis as wide as the terminal.
 *
 * Invariant: no more bars are kept than are shown: the slowest, and of those
 * that failed the slowest as well.
 */
#include "output/buffer.h"
#include "report/bar.h"
#include "report/paint.h"
#include "report/report.h"
#include "report/shown_time.h"
#include "text/escape.h"
#include "text/width.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOWEST_MAX = 40,
    FAILED_MAX = 20,
    WIDTH_LEAST = 40, /* columns: of the line, */
    NAME_LEAST = 8, /* of a name, */
    TIME = 1 + SHOWN_TIME_WIDTH, /* of " 20.6 ms" */
    TEXT_MAX = 1024,
};

static const char letters[BAR_PHASES + 1] = "dctswr";
static const enum paint colors[BAR_PHASES] = {
    PAINT_FIELD, PAINT_MOVED, PAINT_BAD, PAINT_FAINT, PAINT_GOOD, PAINT_NAME};

struct bars {
    struct bar items[SLOWEST_MAX + FAILED_MAX];
    size_t count;
};

struct waterfall {
    struct report base;
    struct output *out;
    struct terminal terminal;
    struct timespec begun;
    struct bars slowest, failed;
    uint64_t targets; /* that were begun */
    int error; /* -errno */
};

/* --- what is kept --- */

static int64_t length_of(const struct bar *bar)
{
    return bar_begin_of(bar, BAR_PHASES) - bar->at;
}

static struct bar *find_shortest(struct bars *bars)
{
    struct bar *shortest = bars->items;
    for (size_t i = 1; i < bars->count; i++)
        if (length_of(&bars->items[i]) < length_of(shortest))
            shortest = &bars->items[i];
    return shortest;
}

/* Where it is to be kept; NULL: those that are there took longer. */
static struct bar *find_place(
    struct bars *bars, size_t most, const struct bar *bar)
{
    if (bars->count < most)
        return &bars->items[bars->count];
    struct bar *shortest = find_shortest(bars);
    return length_of(shortest) < length_of(bar) ? shortest : NULL;
}

static void waterfall_begin(struct report *report)
{
    struct waterfall *w = (struct waterfall *)report;
    clock_gettime(CLOCK_REALTIME, &w->begun);
}

static void waterfall_result(struct report *report, const struct result *result)
{
    struct waterfall *w = (struct waterfall *)report;
    if (result->attempts == 0)
        return;
    struct bar bar = bar_of(result, &w->begun);
    struct bars *bars = bar.has_failed ? &w->failed : &w->slowest;
    struct bar *place =
        find_place(bars, bar.has_failed ? FAILED_MAX : SLOWEST_MAX, &bar);
    w->targets++;
    if (!place)
        return;
    if (!bar_keep_name(&bar, result)) {
        w->error = -ENOMEM;
        return;
    }
    free(place->name);
    *place = bar;
    if (place == &bars->items[bars->count])
        bars->count++;
}

/* --- the picture --- */

struct scale {
    int64_t end; /* ns */
    size_t name, axis; /* columns */
    bool has_color;
};

/* As much as fits, blanks behind it. */
static void put_name(struct output *out, const char *name, size_t columns)
{
    char text[TEXT_MAX];
    size_t taken;
    escape_write(text, sizeof text, name, strlen(name));
    output_put(out, text, width_cut(text, strlen(text), columns, &taken));
    output_printf(out, "%*s", (int)(columns - taken), "");
}

static size_t column_of(const struct scale *scale, int64_t ns)
{
    double part = scale->end ? (double)ns / (double)scale->end : 0;
    size_t column = (size_t)(part * (double)scale->axis);
    return column < scale->axis ? column : scale->axis - 1;
}

/* The phase that a column's middle is in; the longest has one at least. */
static char letter_at(
    const struct bar *bar, const struct scale *scale, size_t column)
{
    int64_t from = scale->end * (int64_t)column / (int64_t)scale->axis;
    int64_t to = scale->end * (int64_t)(column + 1) / (int64_t)scale->axis;
    int64_t most = 0;
    char letter = ' ';
    for (int i = 0; i < BAR_PHASES; i++) {
        int64_t begin = bar_begin_of(bar, i), end = begin + bar->phases[i];
        int64_t part = (end < to ? end : to) - (begin > from ? begin : from);
        if (part > most) {
            most = part;
            letter = letters[i];
        }
    }
    return letter;
}

static enum paint color_of(char letter)
{
    const char *found = strchr(letters, letter);
    return letter == '!' ? PAINT_FAILED
           : found       ? colors[found - letters]
                         : PAINT_OFF;
}

/* A letter that goes on in the color before it. */
static void put_letter(
    struct output *out, char letter, char before, bool has_color)
{
    if (letter != before)
        output_printf(out, "%s%s", paint_code(has_color, PAINT_OFF),
            paint_code(has_color && letter != ' ', color_of(letter)));
    output_put(out, &letter, 1);
}

static void put_bar(
    struct output *out, const struct bar *bar, const struct scale *scale)
{
    size_t end = column_of(scale, bar_begin_of(bar, BAR_PHASES));
    char before = ' ';
    for (size_t i = 0; i < scale->axis; i++) {
        bool is_end = bar->has_failed && i == end;
        char letter = is_end ? '!' : letter_at(bar, scale, i);
        put_letter(out, letter, before, scale->has_color);
        before = letter;
    }
    output_puts(out, paint_code(scale->has_color, PAINT_OFF));
}

static void put_line(struct output *out, const struct bar *bar,
    const struct scale *scale, bool is_slowest)
{
    output_puts(out, paint_code(scale->has_color, PAINT_NAME));
    put_name(out, bar->name, scale->name);
    output_puts(out, paint_code(scale->has_color, PAINT_OFF));
    output_puts(out, is_slowest ? " *" : "  ");
    put_bar(out, bar, scale);
    output_printf(
        out, " %*s\n", SHOWN_TIME_WIDTH, shown_time(length_of(bar)).text);
}

/* "name  0                 1.2 s" */
static void put_axis(struct output *out, const struct scale *scale)
{
    output_printf(out, "%*s  0%*s\n", (int)scale->name, "",
        (int)scale->axis - 1, shown_time(scale->end).text);
}

static void put_key_letter(struct output *out, char letter, bool has_color)
{
    put_letter(out, letter, '\0', has_color);
    output_puts(out, paint_code(has_color, PAINT_OFF));
}

static void put_key(struct output *out, const struct waterfall *w, size_t shown)
{
    for (int i = 0; i < BAR_PHASES; i++) {
        put_key_letter(out, letters[i], w->terminal.has_color);
        output_printf(out, " %s, ", phase_name((enum phase)(BAR_FIRST + i)));
    }
    put_key_letter(out, '!', w->terminal.has_color);
    output_puts(out, " failed, * slowest\n");
    if (shown < w->targets)
        output_printf(out,
            "waterfall: the slowest %zu of %" PRIu64 " targets\n", shown,
            w->targets);
}

/* All bars in `slowest`, by when they were begun. */
static void join_bars(struct waterfall *w)
{
    for (size_t i = 0; i < w->failed.count; i++)
        w->slowest.items[w->slowest.count++] = w->failed.items[i];
    w->failed.count = 0;
    qsort(w->slowest.items, w->slowest.count, sizeof *w->slowest.items,
        bar_compare);
}

/* The name has a third of the line at most. */
static struct scale scale_of(const struct waterfall *w)
{
    struct scale scale = {
        .name = NAME_LEAST, .has_color = w->terminal.has_color};
    char text[TEXT_MAX];
    for (size_t i = 0; i < w->slowest.count; i++) {
        const struct bar *bar = &w->slowest.items[i];
        escape_write(text, sizeof text, bar->name, strlen(bar->name));
        size_t name = width_of(text, strlen(text));
        if (name > scale.name)
            scale.name = name;
        if (bar_begin_of(bar, BAR_PHASES) > scale.end)
            scale.end = bar_begin_of(bar, BAR_PHASES);
    }
    size_t width =
        w->terminal.width > WIDTH_LEAST ? w->terminal.width : WIDTH_LEAST;
    if (scale.name > width / 3)
        scale.name = width / 3;
    scale.axis = width - scale.name - 2 - TIME;
    return scale;
}

static const struct bar *find_slowest(const struct bars *bars)
{
    const struct bar *slowest = bars->items;
    for (size_t i = 1; i < bars->count; i++)
        if (length_of(&bars->items[i]) > length_of(slowest))
            slowest = &bars->items[i];
    return slowest;
}

static int waterfall_finish(
    struct report *report, const struct run_totals *totals)
{
    struct waterfall *w = (struct waterfall *)report;
    const struct bars *bars = &w->slowest;
    (void)totals;
    join_bars(w);
    if (bars->count == 0)
        return w->error;
    terminal_refresh(&w->terminal);
    struct scale scale = scale_of(w);
    const struct bar *slowest = find_slowest(bars);
    put_axis(w->out, &scale);
    for (size_t i = 0; i < bars->count; i++)
        put_line(w->out, &bars->items[i], &scale, &bars->items[i] == slowest);
    put_key(w->out, w, bars->count);
    return w->error;
}

static void waterfall_destroy(struct report *report)
{
    struct waterfall *w = (struct waterfall *)report;
    join_bars(w);
    for (size_t i = 0; i < w->slowest.count; i++)
        free(w->slowest.items[i].name);
    free(w);
}

static const struct report_ops waterfall_ops = {
    .begin = waterfall_begin,
    .result = waterfall_result,
    .finish = waterfall_finish,
    .destroy = waterfall_destroy,
};

struct report *report_waterfall_create(
    struct output *err, const struct terminal *terminal)
{
    struct waterfall *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->base.ops = &waterfall_ops;
    w->out = err;
    w->terminal = *terminal;
    return &w->base;
}
