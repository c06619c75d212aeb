/*
 * show_table - see show_table.h.
 *
 * Invariant: once the heading is written the widths do not change.
 */
#include "report/show_table.h"

#include "output/buffer.h"
#include "report/columns.h"
#include "report/paint.h"
#include "text/width.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BETWEEN = 2, WIDTH_LEAST = 4, WIDTH_FAIR = 8 };

struct held_rows {
    struct show_row rows[SHOW_ROWS_HELD];
    size_t count;
};

struct show_table {
    struct output *out;
    const struct columns *columns;
    struct terminal terminal;
    size_t *widths; /* of target and the columns */
    size_t count;
    bool begun; /* the heading is written */
    struct held_rows good, failed;
};

/* --- rows --- */

int show_row_add(struct show_row *row, const char *bytes, size_t len)
{
    if (row->size - row->len < len + 1) {
        size_t size = 2 * (row->len + len + 1);
        char *text = realloc(row->text, size);
        if (!text)
            return -ENOMEM;
        row->text = text;
        row->size = size;
    }
    memcpy(row->text + row->len, bytes, len);
    row->len += len;
    return 0;
}

int show_row_end_cell(struct show_row *row)
{
    int error = show_row_add(row, "", 1);
    row->cells += !error;
    return error;
}

void show_row_clear(struct show_row *row)
{
    row->len = row->cells = 0;
}

void show_row_fini(struct show_row *row)
{
    free(row->text);
    *row = (struct show_row){0};
}

/* --- widths --- */

static void widen_column(size_t *width, const char *text)
{
    size_t needed = width_of(text, strlen(text));
    if (*width < needed)
        *width = needed;
}

static void widen_by_row(struct show_table *table, const struct show_row *row)
{
    const char *cell = row->text;
    for (size_t i = 0; i < row->cells; i++) {
        widen_column(&table->widths[i], cell);
        cell += strlen(cell) + 1;
    }
}

static size_t sum_of(const struct show_table *table)
{
    size_t sum = BETWEEN * (table->count - 1);
    for (size_t i = 0; i < table->count; i++)
        sum += table->widths[i];
    return sum;
}

static size_t *find_widest(struct show_table *table, size_t from)
{
    size_t *widest = table->widths + from;
    for (size_t i = from + 1; i < table->count; i++)
        if (table->widths[i] > *widest)
            widest = &table->widths[i];
    return widest;
}

/* The widest one; but targets keep a third of the window as long as others
 * have enough. */
static size_t *find_giver(struct show_table *table)
{
    size_t *widest = find_widest(table, 1);
    bool is_fair = table->widths[0] > table->terminal.width / 3;
    return is_fair || *widest <= WIDTH_FAIR ? find_widest(table, 0) : widest;
}

/* The widest columns give way. */
static void fit_widths(struct show_table *table)
{
    size_t sum = sum_of(table);
    while (sum > table->terminal.width) {
        size_t *widest = find_giver(table);
        if (*widest <= WIDTH_LEAST)
            return;
        --*widest;
        sum--;
    }
}

/* --- writing --- */

/* Of the cell of a row; the first is the name. */
static enum paint color_of(
    const struct show_table *table, const struct show_row *row, size_t i)
{
    const char *cell = row->text;
    if (!table->begun)
        return PAINT_FAINT;
    if (row->has_failed)
        return PAINT_FAILED;
    if (i == 0)
        return PAINT_NAME;
    struct span name = table->columns->items[i - 1].name;
    if (name.len != strlen("status") || !span_has_prefix(name, "status"))
        return PAINT_OFF;
    while (i-- > 0)
        cell += strlen(cell) + 1;
    return paint_status(atoi(cell));
}

/* As many characters as fit, and blanks for the rest, but at the end. */
static void put_cell(
    struct show_table *table, const char *text, size_t i, enum paint color)
{
    size_t width, len = width_cut(text, strlen(text), table->widths[i], &width);
    bool has_color = table->terminal.has_color && color != PAINT_OFF;
    output_puts(table->out, paint_code(has_color, color));
    output_put(table->out, text, len);
    output_puts(table->out, paint_code(has_color, PAINT_OFF));
    if (i + 1 < table->count)
        output_printf(
            table->out, "%*s", (int)(table->widths[i] - width + BETWEEN), "");
}

static void put_row(struct show_table *table, const struct show_row *row)
{
    const char *cell = row->text;
    for (size_t i = 0; i < row->cells; i++) {
        put_cell(table, cell, i, color_of(table, row, i));
        cell += strlen(cell) + 1;
    }
    output_puts(table->out, "\n");
}

static void put_rows(struct show_table *table, struct held_rows *held)
{
    for (size_t i = 0; i < held->count; i++) {
        put_row(table, &held->rows[i]);
        show_row_fini(&held->rows[i]);
    }
    held->count = 0;
}

/* The names of the columns; 0 or -ENOMEM. */
static int make_heading(const struct show_table *table, struct show_row *row)
{
    const struct columns *columns = table->columns;
    int error = show_row_add(row, "target", sizeof "target");
    row->cells = 1;
    for (size_t i = 0; i < columns->count && !error; i++) {
        struct span name = columns->items[i].name;
        error = show_row_add(row, name.at, name.len);
        if (!error)
            error = show_row_end_cell(row);
    }
    return error;
}

/* The widths are known by now. */
static int begin_table(struct show_table *table)
{
    struct show_row heading = {0};
    int error = make_heading(table, &heading);
    if (!error) {
        widen_by_row(table, &heading);
        terminal_refresh(&table->terminal);
        fit_widths(table);
        put_row(table, &heading);
        table->begun = true;
    }
    show_row_fini(&heading);
    return error;
}

/* --- the table --- */

struct show_table *show_table_create(struct output *out,
    const struct columns *columns, const struct terminal *terminal)
{
    struct show_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->out = out;
    table->columns = columns;
    table->terminal = *terminal;
    table->count = columns->count + 1;
    table->widths = calloc(table->count, sizeof *table->widths);
    if (!table->widths) {
        free(table);
        return NULL;
    }
    return table;
}

static void hold_row(struct held_rows *held, struct show_row *row)
{
    held->rows[held->count++] = *row;
    *row = (struct show_row){0};
}

static int release_rows(struct show_table *table)
{
    int error = table->begun ? 0 : begin_table(table);
    if (!error)
        put_rows(table, &table->good);
    return error;
}

int show_table_add(struct show_table *table, struct show_row *row)
{
    struct held_rows *held = row->has_failed ? &table->failed : &table->good;
    int error = 0;
    if (!table->begun)
        widen_by_row(table, row);
    if (held->count == SHOW_ROWS_HELD) {
        error = release_rows(table);
        put_rows(table, held);
    }
    if (!error && table->begun && !row->has_failed)
        put_row(table, row);
    else if (!error)
        hold_row(held, row);
    return error;
}

void show_table_end(struct show_table *table)
{
    if (table->good.count + table->failed.count > 0 && !release_rows(table))
        put_rows(table, &table->failed);
}

static void drop_rows(struct held_rows *held)
{
    for (size_t i = 0; i < held->count; i++)
        show_row_fini(&held->rows[i]);
}

void show_table_destroy(struct show_table *table)
{
    if (!table)
        return;
    drop_rows(&table->good);
    drop_rows(&table->failed);
    free(table->widths);
    free(table);
}
