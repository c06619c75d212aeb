/*
 * lines - the lines of one field, read byte by byte as they count: joined by
 * ", " (RFC 9110 section 5.3), folds one space, nothing copied.
 *
 * A reader is a plain value: a copy of it stays where it was.
 */
#ifndef AFETCH_FIELDS_LINES_H
#define AFETCH_FIELDS_LINES_H

#include "fields/value.h"
#include "http/http.h"

struct lines {
    const char *at, *end; /* what is unread of the present chunk */
    const struct span *more; /* lines to come, when they are the caller's */
    size_t more_count;
    bool is_head; /* else they are a head's */
    struct span name;
    struct http_fields fields;
    struct http_value value;
};

/* The lines of this name (in any case of letters) in a head; false: it has
 * none.  The head may be NULL. */
bool lines_init(
    struct lines *lines, const struct field_head *head, struct span name);
/* The same, but of the first line alone, for fields that are never joined. */
bool lines_init_first(
    struct lines *lines, const struct field_head *head, struct span name);
/* Lines that the caller keeps, blanks at their ends kept, too. */
void lines_init_spans(
    struct lines *lines, const struct span *spans, size_t count);

/* The byte that is next, 0 to 255; -1: that was all. */
static inline int lines_peek(const struct lines *lines)
{
    return lines->at < lines->end ? (unsigned char)*lines->at : -1;
}

/* Takes it; not after the end. */
void lines_skip(struct lines *lines);
/* Takes it if it is this one. */
bool lines_take(struct lines *lines, char byte);
/* Takes all bytes that are of one kind; returns how many. */
size_t lines_take_all(struct lines *lines, byte_kind *is);

/* How many bytes are between a reader and a copy of it that has gone on. */
size_t lines_between(const struct lines *from, const struct lines *to);

/* A piece of them. */
struct piece {
    struct lines from;
    size_t len;
};

/* Is it this text, as it is or in any case of ASCII letters? */
bool piece_is(const struct piece *piece, struct span text);
bool piece_is_like(const struct piece *piece, struct span text);
/* Are both the same bytes, as they are or in any case of ASCII letters? */
bool piece_is_same(const struct piece *piece, const struct piece *other);
bool piece_is_same_like(const struct piece *piece, const struct piece *other);

/* Its text as FIELD_TEXT, where a backslash only stands for the byte behind
 * it when the piece has been in quotes; FIELD_NONE with a reason when it is
 * neither in one piece nor within FIELD_TEXT_MAX. */
void piece_get_text(
    const struct piece *piece, bool is_quoted, struct field_value *out);

#endif
