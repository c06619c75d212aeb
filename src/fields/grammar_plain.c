/*
 * grammar_plain - fields that are one date or one number, and those that
 * afetch does not know.
 *
 * Invariant: what is not known is never said to conform, nor not to.
 */
#include "fields/grammar.h"

#include "fields/list_field.h"
#include "fields/structured.h"
#include "http/date.h"

enum { DATE_MAX = 64 }; /* bytes; longer ones are none */

/* Where two dates are compared there is no present time to put two digits of
 * a year into a century; the same one for both is all that it takes: 2038. */
#define CENTURY_OF (INT64_C(1) << 31)

static bool is_any(char c)
{
    (void)c;
    return true;
}

static struct piece whole_value(const struct lines *lines)
{
    struct piece piece = {*lines, 0};
    struct lines rest = *lines;
    piece.len = lines_take_all(&rest, is_any);
    return piece;
}

static bool read_date(const struct lines *lines, int64_t *out)
{
    struct lines rest = *lines;
    char text[DATE_MAX];
    size_t len = 0;
    for (int c; (c = lines_peek(&rest)) >= 0; lines_skip(&rest)) {
        if (len == sizeof text)
            return false;
        text[len++] = (char)c;
    }
    return date_parse((struct span){text, len}, CENTURY_OF, out);
}

static bool read_number(const struct lines *lines, int64_t *out)
{
    struct piece piece = whole_value(lines);
    return piece_get_number(&piece, INT64_MAX / 16, out);
}

static const char *date_fault(const struct lines *lines)
{
    int64_t date;
    return read_date(lines, &date) ? NULL
                                   : "it is no date (RFC 9110 section 5.6.7)";
}

static bool dates_are_equal(
    const struct lines *lines, const struct lines *other)
{
    int64_t date, twin;
    return read_date(lines, &date) && read_date(other, &twin) && date == twin;
}

static const char *number_fault(const struct lines *lines)
{
    int64_t number;
    return read_number(lines, &number) ? NULL : "it is no number, only digits";
}

/* Saturated ones may differ. */
static bool numbers_are_equal(
    const struct lines *lines, const struct lines *other)
{
    int64_t number, twin;
    return read_number(lines, &number) && read_number(other, &twin) &&
           number == twin && number < INT64_MAX / 16;
}

static const char *retry_after_fault(const struct lines *lines)
{
    return number_fault(lines) && date_fault(lines)
               ? "it is neither seconds nor a date (RFC 9110 section 10.2.3)"
               : NULL;
}

static bool retry_afters_are_equal(
    const struct lines *lines, const struct lines *other)
{
    return numbers_are_equal(lines, other) || dates_are_equal(lines, other);
}

enum { GENERAL = LIST_NAME_TOKEN | LIST_LOOSE | LIST_EITHER | LIST_BLANKS };

/* A dictionary of RFC 9651 and, failing that, token[=value] between commas or
 * semicolons. */
static void unknown_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader reader;
    struct list_part part;
    if (!structured_fault(STRUCTURED_DICTIONARY, lines))
        grammar_dictionary.get_member(lines, member, out);
    else if (list_field_find(GENERAL, lines, member, &part, &reader))
        list_field_get_value(&part, INT64_MAX / 16, out);
}

static bool unknown_has(const struct lines *lines, struct span member)
{
    struct list_reader reader;
    struct list_part part;
    return list_field_find(GENERAL, lines, member, &part, &reader);
}

const struct grammar grammar_date = {
    .fault = date_fault,
    .is_equal = dates_are_equal,
};

const struct grammar grammar_number = {
    .fault = number_fault,
    .is_equal = numbers_are_equal,
};

const struct grammar grammar_retry_after = {
    .fault = retry_after_fault,
    .is_equal = retry_afters_are_equal,
};

const struct grammar grammar_unknown = {
    .get_member = unknown_get_member,
    .is_equal = numbers_are_equal,
    .has_member = unknown_has,
};
