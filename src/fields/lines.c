/*
 * lines - see lines.h.
 *
 * Invariant: outside these functions at < end, or there is nothing more.
 */
#include "fields/lines.h"

#include <string.h>

static void use_chunk(struct lines *lines, struct span chunk)
{
    lines->at = chunk.at;
    lines->end = chunk.at + chunk.len;
}

/* Puts the value of the next field of the name where chunks come from. */
static bool find_line(struct lines *lines)
{
    struct http_field field;
    if (!http_fields_next_named(
            &lines->fields, lines->name.at, lines->name.len, &field))
        return false;
    http_value_init(&lines->value, &field);
    return true;
}

static bool head_refill(struct lines *lines)
{
    if (http_value_next(&lines->value)) {
        use_chunk(
            lines, (struct span){lines->value.chunk, lines->value.chunk_len});
        return true;
    }
    if (!find_line(lines))
        return false;
    use_chunk(lines, (struct span){", ", 2});
    return true;
}

/* The caller's lines come with what joins them, in turn: an odd count is a
 * line, after which the separator is due. */
static bool spans_refill(struct lines *lines)
{
    if (lines->more_count == 0)
        return false;
    if (lines->more_count-- % 2)
        use_chunk(lines, *lines->more++);
    else
        use_chunk(lines, (struct span){", ", 2});
    return true;
}

static void refill_lines(struct lines *lines)
{
    while (lines->at == lines->end &&
           (lines->is_head ? head_refill(lines) : spans_refill(lines)))
        continue;
}

static bool find_first(
    struct lines *lines, const struct field_head *head, struct span name)
{
    *lines = (struct lines){.at = "", .is_head = true, .name = name};
    lines->end = lines->at;
    if (!head || !head->head)
        return false;
    http_fields_init(&lines->fields, head->head, head->head_len);
    return find_line(lines);
}

bool lines_init(
    struct lines *lines, const struct field_head *head, struct span name)
{
    if (!find_first(lines, head, name))
        return false;
    refill_lines(lines);
    return true;
}

bool lines_init_first(
    struct lines *lines, const struct field_head *head, struct span name)
{
    if (!find_first(lines, head, name))
        return false;
    lines->fields.next = lines->fields.end;
    refill_lines(lines);
    return true;
}

void lines_init_spans(
    struct lines *lines, const struct span *spans, size_t count)
{
    *lines = (struct lines){.at = "", .more = spans};
    lines->end = lines->at;
    lines->more_count = count ? 2 * count - 1 : 0;
    refill_lines(lines);
}

void lines_skip(struct lines *lines)
{
    if (++lines->at == lines->end)
        refill_lines(lines);
}

bool lines_take(struct lines *lines, char byte)
{
    if (lines_peek(lines) != (unsigned char)byte)
        return false;
    lines_skip(lines);
    return true;
}

size_t lines_take_all(struct lines *lines, byte_kind *is)
{
    size_t len = 0;
    for (; lines->at < lines->end && is(*lines->at); len++)
        lines_skip(lines);
    return len;
}

/* The value's place tells two separators or folds apart. */
static bool is_there(const struct lines *lines, const struct lines *other)
{
    return lines->at == other->at && lines->more == other->more &&
           lines->more_count == other->more_count &&
           lines->value.next == other->value.next;
}

size_t lines_between(const struct lines *from, const struct lines *to)
{
    struct lines lines = *from;
    size_t len = 0;
    for (; lines_peek(&lines) >= 0 && !is_there(&lines, to); len++)
        lines_skip(&lines);
    return len;
}

static bool is_text(
    const struct piece *piece, struct span text, bool in_any_case)
{
    struct lines lines = piece->from;
    if (piece->len != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++, lines_skip(&lines)) {
        char here = *lines.at, there = text.at[i];
        if (in_any_case ? byte_lower(here) != byte_lower(there) : here != there)
            return false;
    }
    return true;
}

bool piece_is(const struct piece *piece, struct span text)
{
    return is_text(piece, text, false);
}

bool piece_is_like(const struct piece *piece, struct span text)
{
    return is_text(piece, text, true);
}

static bool are_same(
    const struct piece *piece, const struct piece *other, bool in_any_case)
{
    struct lines here = piece->from, there = other->from;
    if (piece->len != other->len)
        return false;
    for (size_t i = 0; i < piece->len; i++) {
        char a = (char)lines_peek(&here), b = (char)lines_peek(&there);
        if (in_any_case ? byte_lower(a) != byte_lower(b) : a != b)
            return false;
        lines_skip(&here);
        lines_skip(&there);
    }
    return true;
}

bool piece_is_same(const struct piece *piece, const struct piece *other)
{
    return are_same(piece, other, false);
}

bool piece_is_same_like(const struct piece *piece, const struct piece *other)
{
    return are_same(piece, other, true);
}

static void copy_piece(
    const struct piece *piece, bool is_quoted, struct field_value *out)
{
    struct lines lines = piece->from;
    size_t len = 0;
    for (size_t i = 0; i < piece->len; i++) {
        if (len == sizeof out->made) {
            out->type = FIELD_NONE;
            out->why =
                "the value is longer than 128 bytes and not in one piece";
            return;
        }
        if (is_quoted && *lines.at == '\\' && i + 1 < piece->len) {
            lines_skip(&lines);
            i++;
        }
        out->made[len++] = *lines.at;
        lines_skip(&lines);
    }
    out->text = out->made;
    out->len = len;
}

void piece_get_text(
    const struct piece *piece, bool is_quoted, struct field_value *out)
{
    const char *at = piece->from.at;
    bool whole = piece->len <= (size_t)(piece->from.end - at);
    out->type = FIELD_TEXT;
    if (whole && !(is_quoted && memchr(at, '\\', piece->len))) {
        out->text = at;
        out->len = piece->len;
    } else {
        copy_piece(piece, is_quoted, out);
    }
}
