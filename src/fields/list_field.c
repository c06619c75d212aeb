/*
 * list_field - see list_field.h.
 *
 * Invariant: no part of an element is given before the whole of it has been
 * seen to conform.
 */
#include "fields/list_field.h"

#include <string.h>

/* RFC 9110 section 5.6.2. */
/* Of a value that is not quoted, in a loose one. */
static bool is_loose(char c)
{
    return c != ',' && c != ';' && c != '"';
}

static bool is_in_angles(char c)
{
    return c != '>';
}

void list_field_init(
    struct list_reader *reader, unsigned form, const struct lines *lines)
{
    *reader = (struct list_reader){.lines = *lines, .form = form};
}

static void skip_blanks(struct lines *lines)
{
    lines_take_all(lines, byte_is_blank);
}

static bool take_token(struct lines *lines, struct piece *out)
{
    out->from = *lines;
    out->len = lines_take_all(lines, byte_is_token);
    return out->len > 0;
}

/* RFC 9110 section 5.6.4; without the quotes. */
static bool take_quoted(struct lines *lines, struct piece *out)
{
    if (!lines_take(lines, '"'))
        return false;
    *out = (struct piece){*lines, 0};
    for (int c; (c = lines_peek(lines)) != '"'; out->len++) {
        if (c == '\\') {
            lines_skip(lines);
            out->len++;
            c = lines_peek(lines);
        }
        if (c < 0 || c == 0x7f || (c < ' ' && c != '\t'))
            return false;
        lines_skip(lines);
    }
    lines_skip(lines);
    return true;
}

static bool take_angled(struct lines *lines, struct piece *out)
{
    if (!lines_take(lines, '<'))
        return false;
    out->from = *lines;
    out->len = lines_take_all(lines, is_in_angles);
    return lines_take(lines, '>');
}

static bool take_media(struct lines *lines, struct piece *out)
{
    struct piece subtype;
    if (!take_token(lines, out) || !lines_take(lines, '/') ||
        !take_token(lines, &subtype))
        return false;
    out->len += 1 + subtype.len;
    return true;
}

/* Any text up to a separator, without the blanks at its end. */
static bool take_loose(struct lines *lines, struct piece *out)
{
    out->from = *lines;
    out->len = 0;
    for (size_t len = 1; lines->at < lines->end && is_loose(*lines->at);
         len++) {
        if (!byte_is_blank(*lines->at))
            out->len = len;
        lines_skip(lines);
    }
    return true;
}

/* [ "=" value ] */
static bool take_value(
    struct lines *lines, unsigned form, struct list_part *out)
{
    if (form & LIST_BLANKS)
        skip_blanks(lines);
    out->has_value = lines_take(lines, '=');
    out->is_quoted = false;
    if (!out->has_value)
        return true;
    if (form & LIST_BLANKS)
        skip_blanks(lines);
    out->is_quoted = lines_peek(lines) == '"';
    if (out->is_quoted)
        return take_quoted(lines, &out->value);
    return form & LIST_LOOSE ? take_loose(lines, &out->value)
                             : take_token(lines, &out->value);
}

static bool take_element(
    struct lines *lines, unsigned form, struct list_part *out)
{
    out->kind = LIST_ELEMENT;
    out->has_value = out->is_quoted = false;
    out->is_name_quoted = (form & LIST_NAME) == LIST_NAME_QUOTED;
    switch (form & LIST_NAME) {
    case LIST_NAME_QUOTED:
        return take_quoted(lines, &out->name);
    case LIST_NAME_ANGLED:
        return take_angled(lines, &out->name);
    case LIST_NAME_MEDIA:
        return take_media(lines, &out->name);
    default:
        return take_token(lines, &out->name) && take_value(lines, form, out);
    }
}

/* Semicolons with nothing behind them are none (RFC 9110 section 5.6.6). */
static bool take_semicolons(struct lines *lines)
{
    bool any = false;
    skip_blanks(lines);
    while (lines_take(lines, ';')) {
        any = true;
        skip_blanks(lines);
    }
    return any;
}

static bool is_separator(int c, unsigned form)
{
    return c < 0 || c == ',' || (c == ';' && form & LIST_EITHER);
}

/* A parameter; `ends` when none comes and the element is over. */
static bool take_parameter(
    struct lines *lines, unsigned form, struct list_part *out, bool *ends)
{
    bool any = form & LIST_PARAMETERS && take_semicolons(lines);
    skip_blanks(lines);
    *ends = is_separator(lines_peek(lines), form);
    if (*ends || !any)
        return *ends;
    out->kind = LIST_PARAMETER;
    out->is_name_quoted = false;
    return take_token(lines, &out->name) && take_value(lines, form, out);
}

static bool element_conforms(struct lines lines, unsigned form)
{
    struct list_part part;
    bool ends = false;
    if (!take_element(&lines, form, &part))
        return false;
    while (!ends)
        if (!take_parameter(&lines, form, &part, &ends))
            return false;
    return true;
}

/* Up to the next separator that is not in quotes. */
static void skip_element(struct lines *lines, unsigned form)
{
    bool in_quotes = false;
    for (int c; (c = lines_peek(lines)) >= 0; lines_skip(lines)) {
        if (c == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && is_separator(c, form))
            return;
        else if (in_quotes && c == '\\')
            lines_skip(lines);
        if (lines_peek(lines) < 0)
            return;
    }
}

static bool skip_separators(struct lines *lines, unsigned form)
{
    skip_blanks(lines);
    while (lines_take(lines, ',') ||
           (form & LIST_EITHER && lines_take(lines, ';')))
        skip_blanks(lines);
    return lines_peek(lines) >= 0;
}

bool list_field_next(struct list_reader *reader, struct list_part *out)
{
    bool ends = false;
    if (reader->is_within) {
        take_parameter(&reader->lines, reader->form, out, &ends);
        if (!ends)
            return true;
    }
    reader->is_within = false;
    if (!skip_separators(&reader->lines, reader->form))
        return false;
    reader->is_within = element_conforms(reader->lines, reader->form);
    if (reader->is_within)
        return take_element(&reader->lines, reader->form, out);
    out->kind = LIST_FAULT;
    skip_element(&reader->lines, reader->form);
    return true;
}

bool list_field_has_fault(unsigned form, const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, form, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_FAULT)
            return true;
    return false;
}

bool list_field_find(unsigned form, const struct lines *lines, struct span name,
    struct list_part *out, struct list_reader *after)
{
    list_field_init(after, form, lines);
    while (list_field_next(after, out))
        if (out->kind == LIST_ELEMENT && piece_is_like(&out->name, name))
            return true;
    return false;
}

bool list_field_find_parameter(
    const struct list_reader *after, struct span name, struct list_part *out)
{
    struct list_reader reader = *after;
    while (list_field_next(&reader, out) && out->kind == LIST_PARAMETER)
        if (piece_is_like(&out->name, name))
            return true;
    return false;
}
