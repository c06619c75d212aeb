/*
 * structured_value - what items say, and whether two fields say the same.
 *
 * Invariant: both fields of a comparison are read to their end, since an
 * error at the end voids what is before it.
 */
#include "fields/structured.h"

#include <string.h>

/* The byte of the two digits of an escape. */
static int take_hex(struct lines *lines)
{
    int byte = 0;
    for (int i = 0; i < 2; i++) {
        byte = byte * 16 + byte_hex_value(*lines->at);
        lines_skip(lines);
    }
    return byte;
}

/* The six bits of a digit of base64 (RFC 4648 section 4), 0 of padding. */
static unsigned digit_value(int c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 0;
}

/* The next byte that the base64 stands for; -1: there is none, whatever bits
 * are left. */
struct bytes {
    struct lines lines;
    unsigned bits, have;
};

static int next_byte(struct bytes *bytes)
{
    while (bytes->have < 8) {
        int c = lines_peek(&bytes->lines);
        if (c == '=' || c == ':')
            return -1;
        bytes->bits = (bytes->bits << 6 | digit_value(c)) & 0xffff;
        bytes->have += 6;
        lines_skip(&bytes->lines);
    }
    bytes->have -= 8;
    return bytes->bits >> bytes->have & 0xff;
}

/* The next byte that a Display String stands for; -1: there is none. */
static int next_display(struct bytes *bytes)
{
    int c = lines_peek(&bytes->lines);
    if (c == '"')
        return -1;
    lines_skip(&bytes->lines);
    return c == '%' ? take_hex(&bytes->lines) : c;
}

/* The text of a Display String (section 4.2.10), escapes undone. */
static void get_display(const struct piece *text, struct field_value *out)
{
    struct bytes bytes = {.lines = text->from};
    size_t len = 0;
    for (int byte; (byte = next_display(&bytes)) >= 0;) {
        if (len == sizeof out->made) {
            out->type = FIELD_NONE;
            out->why = "the Display String is longer than 128 bytes";
            return;
        }
        out->made[len++] = (char)byte;
    }
    out->type = FIELD_TEXT;
    out->text = out->made;
    out->len = len;
}

void structured_get_value(
    const struct structured_value *value, struct field_value *out)
{
    static const enum field_type types[] = {
        [BARE_INTEGER] = FIELD_NUMBER,
        [BARE_DECIMAL] = FIELD_DECIMAL,
        [BARE_BOOLEAN] = FIELD_BOOL,
        [BARE_DATE] = FIELD_DATE,
    };
    switch (value->type) {
    case BARE_DISPLAY:
        get_display(&value->text, out);
        break;
    case BARE_STRING:
    case BARE_TOKEN:
    case BARE_BYTES:
        piece_get_text(&value->text, value->type == BARE_STRING, out);
        break;
    default:
        out->type = types[value->type];
        out->number = value->number;
    }
}

static bool is_decoded_equal(const struct structured_value *value,
    const struct structured_value *other, int (*next)(struct bytes *))
{
    struct bytes here = {.lines = value->text.from};
    struct bytes there = {.lines = other->text.from};
    int byte;
    do {
        byte = next(&here);
        if (byte != next(&there))
            return false;
    } while (byte >= 0);
    return true;
}

static bool is_value_equal(
    const struct structured_value *value, const struct structured_value *other)
{
    if (value->type != other->type)
        return false;
    switch (value->type) {
    case BARE_STRING:
    case BARE_TOKEN:
        return piece_is_same(&value->text, &other->text);
    case BARE_BYTES:
        return is_decoded_equal(value, other, next_byte);
    case BARE_DISPLAY:
        return is_decoded_equal(value, other, next_display);
    default:
        return value->number == other->number;
    }
}

/* Of equal keys the last counts. */
static bool find_parameter(struct structured reader, const struct piece *key,
    struct structured_value *out)
{
    struct structured_part part;
    bool found = false;
    while (structured_next(&reader, &part) && part.kind == STRUCTURED_PARAMETER)
        if (piece_is_same(&part.key, key)) {
            found = true;
            *out = part.value;
        }
    return found;
}

/* Have both readers the same parameters before them, in any order? */
static bool have_equal_parameters(
    const struct structured *reader, const struct structured *other)
{
    struct structured here = *reader, there = *other;
    struct structured_part part;
    struct structured_value mine, twin;
    while (structured_next(&there, &part) && part.kind == STRUCTURED_PARAMETER)
        if (!find_parameter(*reader, &part.key, &mine) ||
            !find_parameter(*other, &part.key, &twin) ||
            !is_value_equal(&mine, &twin))
            return false;
    while (structured_next(&here, &part) && part.kind == STRUCTURED_PARAMETER)
        if (!find_parameter(*other, &part.key, &twin))
            return false;
    return true;
}

static bool is_part_equal(
    const struct structured_part *part, const struct structured_part *other)
{
    if (part->kind != other->kind || part->is_inside != other->is_inside)
        return false;
    return part->kind != STRUCTURED_BARE ||
           is_value_equal(&part->value, &other->value);
}

/* Does a member of a dictionary end before this part? */
static bool is_beyond(const struct structured_part *part)
{
    return part->kind >= STRUCTURED_END || structured_is_member(part);
}

/* The next part that is no parameter. */
static void next_part(struct structured *reader, struct structured_part *out)
{
    while (structured_next(reader, out) && out->kind == STRUCTURED_PARAMETER)
        continue;
}

/* A part and what is behind it, where it was got from. */
struct place {
    struct structured_part part;
    struct structured after;
};

/* Are both equal from here on, to their end or that of the member? */
static bool is_rest_equal(
    struct place *here, struct place *there, bool is_one_member)
{
    while (is_part_equal(&here->part, &there->part)) {
        if (here->part.kind >= STRUCTURED_END)
            return true;
        if (!have_equal_parameters(&here->after, &there->after))
            return false;
        next_part(&here->after, &here->part);
        next_part(&there->after, &there->part);
        if (is_one_member && is_beyond(&here->part))
            return true; /* and so is the other's, which has equal parts */
    }
    return false;
}

/* Of equal keys the last counts, on both sides. */
static bool is_member_equal(const struct lines *lines,
    const struct lines *other, const struct piece *key)
{
    struct place here, there;
    return structured_find_key(lines, key, &here.part, &here.after) &&
           structured_find_key(other, key, &there.part, &there.after) &&
           is_rest_equal(&here, &there, true);
}

/* Has the first dictionary all that the second one has, with these values? */
static bool has_members(const struct lines *lines, const struct lines *other)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, STRUCTURED_DICTIONARY, other);
    while (structured_next(&reader, &part))
        if (structured_is_member(&part) &&
            !is_member_equal(lines, other, &part.key))
            return false;
    return true;
}

/* Has the first dictionary no key that the second one has not? */
static bool has_no_more(const struct lines *lines, const struct lines *other)
{
    struct structured reader, after;
    struct structured_part part, twin;
    structured_init(&reader, STRUCTURED_DICTIONARY, lines);
    while (structured_next(&reader, &part))
        if (structured_is_member(&part) &&
            !structured_find_key(other, &part.key, &twin, &after))
            return false;
    return true;
}

bool structured_is_equal(enum structured_type type, const struct lines *lines,
    const struct lines *other)
{
    struct place here, there;
    if (structured_fault(type, lines) || structured_fault(type, other))
        return false;
    if (type == STRUCTURED_DICTIONARY)
        return has_members(lines, other) && has_no_more(lines, other);
    structured_init(&here.after, type, lines);
    structured_init(&there.after, type, other);
    structured_next(&here.after, &here.part);
    structured_next(&there.after, &there.part);
    return is_rest_equal(&here, &there, false);
}
