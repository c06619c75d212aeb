/*
 * structured - Structured Field Values (RFC 9651): items, lists and
 * dictionaries, read part by part without a tree.
 *
 * One error voids the whole field (section 4.2): what has been read before
 * STRUCTURED_ERROR does not count either, so read to the end before you
 * believe a part, or ask structured_fault first.
 *
 *     struct structured reader;
 *     struct structured_part part;
 *     structured_init(&reader, STRUCTURED_LIST, &lines);
 *     while (structured_next(&reader, &part))
 *         ...
 *     if (part.kind == STRUCTURED_ERROR)
 *         ...
 */
#ifndef AFETCH_FIELDS_STRUCTURED_H
#define AFETCH_FIELDS_STRUCTURED_H

#include "fields/lines.h"

enum structured_type {
    STRUCTURED_ITEM,
    STRUCTURED_LIST,
    STRUCTURED_DICTIONARY,
};

enum structured_bare { /* section 3.3 */
    BARE_INTEGER,
    BARE_DECIMAL,
    BARE_STRING,
    BARE_TOKEN,
    BARE_BYTES,
    BARE_BOOLEAN,
    BARE_DATE,
    BARE_DISPLAY,
};

struct structured_value {
    enum structured_bare type;
    /* The integer, thousandths of the decimal, seconds since 1970, or 0, 1. */
    int64_t number;
    /* Of the others: what stands between the delimiters, as it came. */
    struct piece text;
};

enum structured_kind {
    STRUCTURED_BARE, /* an item, or a member whose value is one */
    STRUCTURED_INNER, /* an inner list begins */
    STRUCTURED_INNER_END,
    STRUCTURED_PARAMETER, /* of the item, or of the inner list that ended */
    STRUCTURED_END, /* and this was all */
    STRUCTURED_ERROR, /* see `why` of the reader */
};

struct structured_part {
    enum structured_kind kind;
    bool is_inside; /* an item in an inner list, or its parameter */
    struct piece key; /* of a dictionary's member, of a parameter */
    struct structured_value value; /* of an item, of a parameter */
};

struct structured {
    struct lines lines;
    enum structured_type type;
    int state;
    bool is_inside;
    const char *why; /* what is wrong, a static text; NULL: nothing yet */
};

void structured_init(struct structured *reader, enum structured_type type,
    const struct lines *lines);
/* The next part; false: `out` is STRUCTURED_END or STRUCTURED_ERROR. */
bool structured_next(struct structured *reader, struct structured_part *out);

/* What is wrong with the field, NULL: nothing. */
const char *structured_fault(
    enum structured_type type, const struct lines *lines);

/* Does a list's or a dictionary's member begin here? */
bool structured_is_member(const struct structured_part *part);

/* The member of a dictionary, of equal keys the last; false: there is none,
 * or the field is void.  `out` is a BARE or an INNER; `after` reads on behind
 * it, first its inner items and parameters. */
bool structured_find(const struct lines *lines, struct span key,
    struct structured_part *out, struct structured *after);
bool structured_find_key(const struct lines *lines, const struct piece *key,
    struct structured_part *out, struct structured *after);

/* A bare item as a value: numbers, dates and booleans as such, String, Token,
 * Display String and Byte Sequence (in base64) as text. */
void structured_get_value(
    const struct structured_value *value, struct field_value *out);

/* Are both conforming fields of this type that say the same?  Dictionaries
 * in any order of keys.  The time is that of the one's length times the
 * other's: `other` is meant to be a text of the user. */
bool structured_is_equal(enum structured_type type, const struct lines *lines,
    const struct lines *other);

#endif
