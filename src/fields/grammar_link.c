/*
 * grammar_link - Link (RFC 8288 section 3).
 *
 * Invariant: a link has the relations of its first rel, and no others.
 */
#include "fields/grammar.h"

#include "fields/list_field.h"

enum {
    LINK = LIST_NAME_ANGLED | LIST_PARAMETERS | LIST_LOOSE | LIST_BLANKS,
};

static const char *link_fault(const struct lines *lines)
{
    return list_field_has_fault(LINK, lines)
               ? "a link does not conform, and does "
                 "not count (RFC 8288 section 3)"
               : NULL;
}

static bool is_no_blank(char c)
{
    return !byte_is_blank(c);
}

/* Is it one of the words between blanks, in any case (section 2.1.1)? */
static bool has_word(const struct piece *piece, struct span word)
{
    struct lines lines = piece->from;
    for (size_t left = piece->len; left > 0;) {
        struct piece here = {lines, 0};
        while (here.len < left && is_no_blank(*lines.at)) {
            lines_skip(&lines);
            here.len++;
        }
        left -= here.len;
        if (here.len > 0 && piece_is_like(&here, word))
            return true;
        if (left > 0) {
            lines_skip(&lines);
            left--;
        }
    }
    return false;
}

/* Section 3.3: rel more than once, the first. */
static void link_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader reader;
    struct list_part part, rel;
    list_field_init(&reader, LINK, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_ELEMENT &&
            list_field_find_parameter(&reader, (struct span){"rel", 3}, &rel) &&
            rel.has_value && has_word(&rel.value, member)) {
            piece_get_text(&part.name, false, out);
            return;
        }
    out->why = link_fault(lines);
}

static bool links_are_equal(
    const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(LINK, lines, other);
}

const struct grammar grammar_link = {
    .get_member = link_get_member,
    .fault = link_fault,
    .is_equal = links_are_equal,
};
