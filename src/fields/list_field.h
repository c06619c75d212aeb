/*
 * list_field - fields that are lists between commas (#list of RFC 9110 section
 * 5.6.1) of elements with values and parameters, read part by part.
 *
 * Empty elements are none.  One that does not conform is one part, LIST_FAULT,
 * whatever it began with; the others still count.
 */
#ifndef AFETCH_FIELDS_LIST_FIELD_H
#define AFETCH_FIELDS_LIST_FIELD_H

#include "fields/lines.h"

/* What an element is, and what may stand in it. */
enum list_form {
    LIST_NAME_TOKEN = 0, /* token [ "=" value ] */
    LIST_NAME_QUOTED = 1, /* quoted-string */
    LIST_NAME_ANGLED = 2, /* "<" anything ">" */
    LIST_NAME_MEDIA = 3, /* token "/" token */
    LIST_NAME = 3,
    LIST_PARAMETERS = 4, /* *( ";" [ name [ "=" value ] ] ) behind it */
    LIST_LOOSE = 8, /* a value that is not quoted is any text */
    LIST_EITHER = 16, /* a semicolon ends an element, too */
    LIST_BLANKS = 32, /* blanks may stand round "=" (RFC 9110 section 5.6.3) */
};

enum list_kind {
    LIST_ELEMENT,
    LIST_PARAMETER, /* of the element before it */
    LIST_FAULT,
};

struct list_part {
    enum list_kind kind;
    struct piece name; /* without quotes and angle brackets */
    bool is_name_quoted;
    bool has_value, is_quoted;
    struct piece value; /* without quotes, backslashes still there */
};

struct list_reader {
    struct lines lines;
    unsigned form; /* of enum list_form */
    bool is_within; /* an element, so parameters may come */
};

void list_field_init(
    struct list_reader *reader, unsigned form, const struct lines *lines);
/* The next part; false: that was all. */
bool list_field_next(struct list_reader *reader, struct list_part *out);

/* Has it an element that does not conform? */
bool list_field_has_fault(unsigned form, const struct lines *lines);

/* The first element of this name, in any case of letters; `after` reads on
 * behind it, first its parameters. */
bool list_field_find(unsigned form, const struct lines *lines, struct span name,
    struct list_part *out, struct list_reader *after);
/* The first parameter of this name of the element that was read. */
bool list_field_find_parameter(
    const struct list_reader *after, struct span name, struct list_part *out);

/* Have both the same elements, in the same order, where neither the case of
 * names nor quotes matter? */
bool list_field_is_equal(
    unsigned form, const struct lines *lines, const struct lines *other);

/* A value as FIELD_NUMBER when it is digits, at most `most`; else FIELD_TEXT;
 * without one FIELD_BOOL, true. */
void list_field_get_value(
    const struct list_part *part, int64_t most, struct field_value *out);
/* Is it digits?  What they say, at most `most`. */
bool piece_get_number(const struct piece *piece, int64_t most, int64_t *out);

#endif
