/*
 * structured - see structured.h.
 *
 * Invariant: the state says what section 4.2 wants next; a reader that has
 * failed or ended stays where it is.
 */
#include "fields/structured.h"

#include "fields/structured_bare.h"

#include <string.h>

enum {
    WANT_MEMBER, /* an item, a list's or a dictionary's member */
    WANT_MORE, /* after a value: a parameter, or what ends it */
    WANT_INNER, /* within (): an item or the end */
    WANT_NONE,
};

static bool is_space(char c)
{
    return c == ' ';
}

void structured_init(struct structured *reader, enum structured_type type,
    const struct lines *lines)
{
    *reader = (struct structured){.lines = *lines, .type = type};
    lines_take_all(&reader->lines, is_space);
    if (type != STRUCTURED_ITEM && lines_peek(&reader->lines) < 0)
        reader->state = WANT_NONE;
}

static bool fail_reading(
    struct structured *reader, struct structured_part *out, const char *why)
{
    reader->why = why;
    reader->state = WANT_NONE;
    out->kind = STRUCTURED_ERROR;
    return false;
}

static bool end_reading(struct structured *reader, struct structured_part *out)
{
    reader->state = WANT_NONE;
    out->kind = reader->why ? STRUCTURED_ERROR : STRUCTURED_END;
    return false;
}

static bool read_bare(struct structured *reader, struct structured_part *out)
{
    const char *why = structured_take_bare(&reader->lines, &out->value);
    if (why)
        return fail_reading(reader, out, why);
    reader->state = WANT_MORE;
    return true;
}

/* "=" and an item, or the Boolean true. */
static bool read_value(struct structured *reader, struct structured_part *out)
{
    if (lines_take(&reader->lines, '='))
        return read_bare(reader, out);
    out->value = (struct structured_value){.type = BARE_BOOLEAN, .number = 1};
    reader->state = WANT_MORE;
    return true;
}

static bool read_key(struct structured *reader, struct structured_part *out)
{
    const char *why = structured_take_key(&reader->lines, &out->key);
    return why ? fail_reading(reader, out, why) : true;
}

/* Section 4.2.1.1. */
static bool read_item(struct structured *reader, struct structured_part *out)
{
    out->kind = STRUCTURED_BARE;
    if (reader->type == STRUCTURED_ITEM || !lines_take(&reader->lines, '('))
        return read_bare(reader, out);
    out->kind = STRUCTURED_INNER;
    reader->is_inside = true;
    reader->state = WANT_INNER;
    return true;
}

/* Section 4.2.2. */
static bool read_member(struct structured *reader, struct structured_part *out)
{
    if (reader->type != STRUCTURED_DICTIONARY)
        return read_item(reader, out);
    if (!read_key(reader, out))
        return false;
    struct structured before = *reader;
    out->kind = STRUCTURED_BARE;
    if (!lines_take(&reader->lines, '='))
        return read_value(reader, out);
    if (lines_peek(&reader->lines) == '(')
        return read_item(reader, out);
    *reader = before;
    return read_value(reader, out);
}

/* Section 4.2.1.2. */
static bool read_inner(struct structured *reader, struct structured_part *out)
{
    lines_take_all(&reader->lines, is_space);
    if (!lines_take(&reader->lines, ')')) {
        out->kind = STRUCTURED_BARE;
        out->is_inside = true;
        return read_bare(reader, out);
    }
    out->kind = STRUCTURED_INNER_END;
    reader->is_inside = false;
    reader->state = WANT_MORE;
    return true;
}

/* Section 4.2.3.2. */
static bool read_parameter(
    struct structured *reader, struct structured_part *out)
{
    lines_take_all(&reader->lines, is_space);
    out->kind = STRUCTURED_PARAMETER;
    return read_key(reader, out) && read_value(reader, out);
}

/* What may stand behind an item in an inner list. */
static bool read_after_inner(
    struct structured *reader, struct structured_part *out)
{
    int c = lines_peek(&reader->lines);
    if (c != ' ' && c != ')')
        return fail_reading(reader, out,
            "an inner list's items are not parted by spaces, or it has no end"
            " (RFC 9651 section 4.2.1.2)");
    return read_inner(reader, out);
}

static bool read_after_member(
    struct structured *reader, struct structured_part *out)
{
    bool is_item = reader->type == STRUCTURED_ITEM;
    lines_take_all(&reader->lines, is_item ? is_space : byte_is_blank);
    if (lines_peek(&reader->lines) < 0)
        return end_reading(reader, out);
    if (is_item)
        return fail_reading(reader, out,
            "something stands behind the item (RFC 9651 section 4.2)");
    if (!lines_take(&reader->lines, ','))
        return fail_reading(reader, out,
            "members are not parted by commas (RFC 9651 section 4.2)");
    lines_take_all(&reader->lines, byte_is_blank);
    if (lines_peek(&reader->lines) < 0)
        return fail_reading(
            reader, out, "a comma stands at the end (RFC 9651 section 4.2)");
    return read_member(reader, out);
}

bool structured_next(struct structured *reader, struct structured_part *out)
{
    out->is_inside = reader->is_inside;
    switch (reader->state) {
    case WANT_MEMBER:
        return read_member(reader, out);
    case WANT_INNER:
        return read_inner(reader, out);
    case WANT_MORE:
        if (lines_take(&reader->lines, ';'))
            return read_parameter(reader, out);
        return reader->is_inside ? read_after_inner(reader, out)
                                 : read_after_member(reader, out);
    default:
        return end_reading(reader, out);
    }
}

const char *structured_fault(
    enum structured_type type, const struct lines *lines)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, type, lines);
    while (structured_next(&reader, &part))
        continue;
    return reader.why;
}

bool structured_is_member(const struct structured_part *part)
{
    return part->kind == STRUCTURED_INNER ||
           (part->kind == STRUCTURED_BARE && !part->is_inside);
}

bool structured_find_key(const struct lines *lines, const struct piece *key,
    struct structured_part *out, struct structured *after)
{
    struct structured reader;
    struct structured_part part;
    bool found = false;
    structured_init(&reader, STRUCTURED_DICTIONARY, lines);
    while (structured_next(&reader, &part)) {
        if (!structured_is_member(&part) || !piece_is_same(&part.key, key))
            continue;
        found = true;
        *out = part;
        *after = reader;
    }
    return found && !reader.why;
}

bool structured_find(const struct lines *lines, struct span key,
    struct structured_part *out, struct structured *after)
{
    struct piece piece = {.len = key.len};
    lines_init_spans(&piece.from, &key, 1);
    return structured_find_key(lines, &piece, out, after);
}
