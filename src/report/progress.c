/*
 * progress - see progress.h.
 *
 * Invariant: what is left out is always the least important; the order is the
 * same.
 */
#include "report/progress.h"

#include "output/buffer.h"
#include "report/shown_time.h"
#include "text/width.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    NAME_LEAST = 8,
    PART_MAX = 64,
    WIDE = 70, /* here which one is the oldest tells more than the rate, */
    OLDEST_WANTS = 30, /* if there is no room for both */
};

enum part { DONE, FAILED, IN_FLIGHT, RATE, ETA, OLDEST, PARTS };

struct parts {
    char texts[PARTS][PART_MAX]; /* "": it is left out */
};

/* --- the parts --- */

__attribute__((format(printf, 3, 4))) static void set_part(
    struct parts *parts, enum part part, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(parts->texts[part], PART_MAX, format, args);
    va_end(args);
}

static void set_done(struct parts *parts, const struct progress *progress)
{
    if (progress->total >= 0)
        set_part(parts, DONE, "%" PRIu64 "/%" PRId64 " done", progress->done,
            progress->total);
    else
        set_part(parts, DONE, "%" PRIu64 " done", progress->done);
}

static void set_failed(struct parts *parts, const struct progress *progress)
{
    double share = 100 * (double)progress->failed / (double)progress->done;
    if (progress->failed)
        set_part(parts, FAILED, "%.*f%% failed", share < 10, share);
}

static void set_rate(struct parts *parts, const struct progress *progress)
{
    if (progress->rate > 0)
        set_part(parts, RATE, "%.*f/s", progress->rate < 9.95, progress->rate);
}

static void set_eta(struct parts *parts, const struct progress *progress)
{
    double left = (double)progress->total - (double)progress->done;
    if (left > 0 && progress->rate > 0 && left / progress->rate < 1e6)
        set_part(parts, ETA, "ETA %s",
            shown_time((int64_t)(left / progress->rate * 1e9)).text);
}

static void set_parts(struct parts *parts, const struct progress *progress)
{
    *parts = (struct parts){0};
    set_done(parts, progress);
    set_failed(parts, progress);
    set_part(parts, IN_FLIGHT, "%u in flight", progress->in_flight);
    set_rate(parts, progress);
    set_eta(parts, progress);
}

/* --- the line --- */

static size_t parts_width(const struct parts *parts)
{
    size_t width = 0;
    for (int i = 0; i < PARTS; i++)
        if (*parts->texts[i])
            width += strlen(parts->texts[i]) + (width > 0 ? 2 : 0);
    return width;
}

static void fit_parts(struct parts *parts, size_t width)
{
    static const enum part least_first[] = {RATE, IN_FLIGHT, FAILED, ETA};
    for (size_t i = 0; i < sizeof least_first / sizeof *least_first; i++)
        if (parts_width(parts) > width)
            *parts->texts[least_first[i]] = '\0';
    if (width >= WIDE && width < parts_width(parts) + OLDEST_WANTS)
        *parts->texts[RATE] = '\0';
}

/* What is left of the line is its name's. */
static size_t add_oldest(
    const struct progress *progress, size_t room, char *text, size_t size)
{
    if (!progress->oldest_count)
        return 0;
    const struct progress_target *oldest = &progress->oldest[0];
    struct shown_time age = shown_time(oldest->age);
    size_t len = strlen(oldest->name), taken,
           around = sizeof ", oldest " - 1 + 1 + strlen(age.text);
    if (room < around + NAME_LEAST)
        return 0;
    bool is_cut = width_of(oldest->name, len) > room - around;
    size_t used =
        width_cut(oldest->name, len, room - around - (is_cut ? 3 : 0), &taken);
    int added = snprintf(text, size, ", oldest %.*s%s %s", (int)used,
        oldest->name, is_cut ? "..." : "", age.text);
    return added > 0 && (size_t)added < size ? (size_t)added : 0;
}

size_t progress_line(
    const struct progress *progress, unsigned width, char *text, size_t size)
{
    struct parts parts;
    size_t len = 0;
    *text = '\0';
    set_parts(&parts, progress);
    fit_parts(&parts, width);
    size_t used = parts_width(&parts);
    if (used > width || used >= size)
        return 0;
    for (int i = 0; i < PARTS; i++)
        if (*parts.texts[i])
            len += (size_t)snprintf(text + len, size - len, "%s%s",
                len ? ", " : "", parts.texts[i]);
    return len + add_oldest(progress, width - used, text + len, size - len);
}

/* --- when somebody asks --- */

static void put_target(struct output *out, const struct progress_target *target)
{
    const char *phase = target->now == PHASE_TOTAL   ? "-"
                        : target->now == PHASE_INPUT ? phase_name(PHASE_QUEUED)
                                                     : phase_name(target->now);
    output_printf(out, "  %s: %s, %s\n", target->name, phase,
        shown_time(target->age).text);
}

void progress_put(struct output *out, const struct progress *progress)
{
    struct parts parts;
    set_parts(&parts, progress);
    output_puts(out, "afetch: ");
    output_puts(out, parts.texts[DONE]);
    output_printf(out, ", %" PRIu64 " failed", progress->failed);
    for (enum part i = IN_FLIGHT; i < PARTS; i++)
        if (*parts.texts[i])
            output_printf(out, ", %s", parts.texts[i]);
    output_printf(out, ", %s so far\n", shown_time(progress->elapsed).text);
    for (size_t i = 0; i < progress->oldest_count; i++)
        put_target(out, &progress->oldest[i]);
}
