/*
 * summary_row - see summary_row.h.
 *
 * What has failed has few phases, and a code that is long: it stands where the
 * phases of others are.
 *
 * Invariant: no row is wider than its terminal, if that has room for a short
 * name, the longest code and a time.
 */
#include "report/summary_row.h"

#include "output/buffer.h"
#include "report/paint.h"
#include "report/shown_name.h"
#include "report/shown_time.h"
#include "text/width.h"

#include <stdio.h>
#include <string.h>

enum {
    BETWEEN = 2, /* columns */
    TIME_WIDTH = BETWEEN + SHOWN_TIME_WIDTH,
    NAME_LEAST = 8,
    NARROW = 60,
    OUTCOME_LEAST = sizeof "status" - 1,
    FAILURE_MAX = 40,
};

/* --- rows --- */

void summary_row_set(struct summary_row *row, const struct result *result)
{
    shown_name(row->name, result);
    memcpy(row->timings, result->timings, sizeof row->timings);
    row->index = result->index;
    row->status = result->response.status;
    row->error = result->error;
    row->error_phase = result->error_phase;
}

/* --- columns --- */

void summary_columns_widen(
    struct summary_columns *columns, const struct summary_row *row)
{
    size_t name = width_of(row->name, strlen(row->name));
    const char *code = fetch_error_name(row->error);
    size_t outcome = code ? strlen(code) : 0;
    if (columns->name < name)
        columns->name = name;
    if (columns->outcome < outcome)
        columns->outcome = outcome;
    for (int phase = 0; row->error == FETCH_OK && phase < PHASE_COUNT; phase++)
        columns->seen[phase] |= row->timings[phase] != PHASE_NONE;
}

static size_t phases_width(const struct summary_columns *columns)
{
    size_t width = 0;
    for (int phase = 0; phase < PHASE_TOTAL; phase++)
        width += columns->phases[phase] ? TIME_WIDTH : 0;
    return width;
}

/* Of what stands where the phases are when it has failed. */
static size_t code_room(const struct summary_columns *columns)
{
    return columns->outcome + phases_width(columns) +
           (columns->is_narrow ? TIME_WIDTH : 0);
}

/* As wide as the longest code needs. */
static void fit_outcome(struct summary_columns *columns, size_t code)
{
    columns->outcome = OUTCOME_LEAST;
    if (code_room(columns) < code)
        columns->outcome += code - code_room(columns);
}

static size_t rest_width(const struct summary_columns *columns)
{
    return BETWEEN + columns->outcome + phases_width(columns) + TIME_WIDTH;
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Until the names have a third of the line, or all that they need. */
static void fit_phases(struct summary_columns *columns, size_t width)
{
    static const enum phase least_first[] = {PHASE_QUEUED, PHASE_SEND,
        PHASE_RECEIVE, PHASE_DNS, PHASE_TLS, PHASE_CONNECT, PHASE_WAIT};
    enum { COUNT = sizeof least_first / sizeof *least_first };
    size_t code = columns->outcome,
           wanted = at_most(columns->name, width / 3 > 30 ? width / 3 : 30);
    memcpy(columns->phases, columns->seen, sizeof columns->phases);
    fit_outcome(columns, code);
    for (size_t i = 0; i < COUNT; i++) {
        if (wanted + rest_width(columns) <= width)
            break;
        columns->phases[least_first[i]] = false;
        fit_outcome(columns, code);
    }
}

/* For the phase behind the code, when there is room. */
static void widen_outcome(
    struct summary_columns *columns, size_t code, size_t width)
{
    size_t used = columns->name + rest_width(columns),
           wanted = code + sizeof " in connect" - 1, room = code_room(columns);
    if (used < width && room < wanted && code > 0)
        columns->outcome += at_most(width - used, wanted - room);
}

/* Names are cut only when what tells the least of the times is gone. */
void summary_columns_fit(struct summary_columns *columns, size_t width)
{
    size_t code = columns->outcome;
    columns->is_narrow = width < NARROW;
    fit_phases(columns, width);
    widen_outcome(columns, code, width);
    size_t rest = rest_width(columns);
    size_t left = width > rest + NAME_LEAST ? width - rest : NAME_LEAST;
    columns->name = at_most(columns->name, left);
    if (columns->name < NAME_LEAST)
        columns->name = NAME_LEAST;
}

/* --- writing --- */

static void put_blanks(struct output *out, size_t count)
{
    output_printf(out, "%*s", (int)count, "");
}

/* With dots for what is cut off. */
static void put_name(struct output *out, const struct summary_columns *columns,
    const struct terminal *terminal, const char *name)
{
    size_t len = strlen(name), taken;
    size_t used = width_cut(name, len, columns->name, &taken);
    if (used < len)
        used = width_cut(name, len, columns->name - 3, &taken);
    paint_put(out, PAINT_NAME, name, used, terminal->has_color);
    if (used < len) {
        output_puts(out, "...");
        taken += 3;
    }
    put_blanks(out, columns->name - taken + BETWEEN);
}

static void put_time(struct output *out, int64_t ns)
{
    output_printf(out, "%*s", TIME_WIDTH, shown_time(ns).text);
}

/* "TIMEOUT in connect", or the code alone. */
static void put_failure(struct output *out,
    const struct summary_columns *columns, const struct terminal *terminal,
    const struct summary_row *row)
{
    size_t room = code_room(columns);
    char text[FAILURE_MAX];
    const char *code = fetch_error_name(row->error);
    size_t len = (size_t)snprintf(
        text, sizeof text, "%s in %s", code, phase_name(row->error_phase));
    if (len > room || row->error == FETCH_BAD_TARGET)
        len = strlen(code);
    paint_put(out, PAINT_FAILED, text, len, terminal->has_color);
    if (columns->is_narrow)
        return;
    put_blanks(out, room > len ? room - len : 0);
    put_time(out, row->timings[PHASE_TOTAL]);
}

static void put_success(struct output *out,
    const struct summary_columns *columns, const struct terminal *terminal,
    const struct summary_row *row)
{
    char text[FAILURE_MAX];
    int len = snprintf(text, sizeof text, "%d", row->status);
    paint_put(
        out, paint_status(row->status), text, (size_t)len, terminal->has_color);
    put_blanks(out, columns->outcome - (size_t)len);
    for (int phase = PHASE_QUEUED; phase < PHASE_TOTAL; phase++)
        if (columns->phases[phase])
            put_time(out, row->timings[phase]);
    put_time(out, row->timings[PHASE_TOTAL]);
}

void summary_row_put(struct output *out, const struct summary_columns *columns,
    const struct terminal *terminal, const struct summary_row *row)
{
    put_name(out, columns, terminal, row->name);
    if (row->error == FETCH_OK)
        put_success(out, columns, terminal, row);
    else
        put_failure(out, columns, terminal, row);
    output_puts(out, "\n");
}

void summary_heading_put(struct output *out,
    const struct summary_columns *columns, const struct terminal *terminal)
{
    output_puts(out, paint_code(terminal->has_color, PAINT_FAINT));
    output_printf(out, "%-*s%-*s", (int)columns->name + BETWEEN, "host",
        (int)columns->outcome, "status");
    for (int phase = PHASE_QUEUED; phase < PHASE_TOTAL; phase++)
        if (columns->phases[phase])
            output_printf(
                out, "%*s", TIME_WIDTH, phase_name((enum phase)phase));
    output_printf(out, "%*s", TIME_WIDTH, phase_name(PHASE_TOTAL));
    output_puts(out, paint_code(terminal->has_color, PAINT_OFF));
    output_puts(out, "\n");
}
