/*
 * list_value - what elements say, and whether two lists say the same.
 *
 * Invariant: texts are compared byte by byte without a copy, however long.
 */
#include "fields/list_field.h"

bool piece_get_number(const struct piece *piece, int64_t most, int64_t *out)
{
    struct lines lines = piece->from;
    int64_t number = 0;
    for (size_t i = 0; i < piece->len; i++, lines_skip(&lines)) {
        if (!byte_is_digit(*lines.at))
            return false;
        if (number <= most)
            number = number * 10 + (*lines.at - '0');
    }
    *out = number < most ? number : most;
    return piece->len > 0;
}

void list_field_get_value(
    const struct list_part *part, int64_t most, struct field_value *out)
{
    if (!part->has_value) {
        out->type = FIELD_BOOL;
        out->number = 1;
    } else if (piece_get_number(&part->value, most, &out->number)) {
        out->type = FIELD_NUMBER;
    } else {
        piece_get_text(&part->value, part->is_quoted, out);
    }
}

/* The next byte of a text, without the backslash of a quoted-pair; -1: it is
 * at its end. */
static int take_byte(struct piece *text, bool is_quoted)
{
    if (text->len == 0)
        return -1;
    if (is_quoted && lines_peek(&text->from) == '\\' && text->len > 1) {
        lines_skip(&text->from);
        text->len--;
    }
    int byte = lines_peek(&text->from);
    lines_skip(&text->from);
    text->len--;
    return byte;
}

static bool is_name_equal(
    const struct list_part *part, const struct list_part *other)
{
    struct piece here = part->name, there = other->name;
    int byte;
    do {
        byte = take_byte(&here, part->is_name_quoted);
        if (byte_lower(byte) !=
            byte_lower(take_byte(&there, other->is_name_quoted)))
            return false;
    } while (byte >= 0);
    return true;
}

static bool is_value_equal(const struct list_part *part,
    const struct list_part *other, bool in_any_case)
{
    struct piece here = part->value, there = other->value;
    int byte;
    if (part->has_value != other->has_value)
        return false;
    if (!part->has_value)
        return true;
    do {
        byte = take_byte(&here, part->is_quoted);
        int twin = take_byte(&there, other->is_quoted);
        if (byte != twin &&
            !(in_any_case && byte_lower(byte) == byte_lower(twin)))
            return false;
    } while (byte >= 0);
    return true;
}

/* RFC 9110 section 8.3.2: a charset in any case. */
static bool is_charset(const struct list_part *part)
{
    return part->kind == LIST_PARAMETER &&
           piece_is_like(&part->name, span_of_string("charset"));
}

static bool is_part_equal(
    const struct list_part *part, const struct list_part *other)
{
    const int64_t most = INT64_MAX / 16;
    int64_t number, twin;
    if (part->kind != other->kind || part->kind == LIST_FAULT ||
        !is_name_equal(part, other))
        return false;
    if (part->has_value && other->has_value &&
        piece_get_number(&part->value, most, &number) &&
        piece_get_number(&other->value, most, &twin) && number < most)
        return number == twin;
    return is_value_equal(part, other, is_charset(part));
}

bool list_field_is_equal(
    unsigned form, const struct lines *lines, const struct lines *other)
{
    struct list_reader here, there;
    struct list_part part, twin;
    list_field_init(&here, form, lines);
    list_field_init(&there, form, other);
    for (;;) {
        bool more = list_field_next(&here, &part);
        if (list_field_next(&there, &twin) != more)
            return false;
        if (!more || !is_part_equal(&part, &twin))
            return !more;
    }
}
