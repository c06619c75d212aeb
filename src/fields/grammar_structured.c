/*
 * grammar_structured - fields that are Structured Fields (RFC 9651).
 *
 * Invariant: a field with one error has no member at all.
 */
#include "fields/grammar.h"

#include "fields/structured.h"

static const char *dictionary_fault(const struct lines *lines)
{
    return structured_fault(STRUCTURED_DICTIONARY, lines);
}

static const char *list_fault(const struct lines *lines)
{
    return structured_fault(STRUCTURED_LIST, lines);
}

static const char *item_fault(const struct lines *lines)
{
    return structured_fault(STRUCTURED_ITEM, lines);
}

/* What is wrong with an item that has to be of this type. */
static const char *typed_fault(
    const struct lines *lines, enum structured_bare type, const char *why)
{
    struct structured reader;
    struct structured_part part;
    const char *fault = item_fault(lines);
    structured_init(&reader, STRUCTURED_ITEM, lines);
    if (!fault && structured_next(&reader, &part) && part.value.type != type)
        fault = why;
    return fault;
}

static const char *token_fault(const struct lines *lines)
{
    return typed_fault(
        lines, BARE_TOKEN, "it is no Token (HTML, cross-origin policies)");
}

static const char *boolean_fault(const struct lines *lines)
{
    return typed_fault(
        lines, BARE_BOOLEAN, "it is no Boolean (HTML, Origin-Agent-Cluster)");
}

static const char *date_item_fault(const struct lines *lines)
{
    return typed_fault(lines, BARE_DATE, "it is no Date (RFC 9745 section 2)");
}

static bool dictionary_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return structured_is_equal(STRUCTURED_DICTIONARY, lines, other);
}

static bool list_is_same(const struct lines *lines, const struct lines *other)
{
    return structured_is_equal(STRUCTURED_LIST, lines, other);
}

static bool item_is_equal(const struct lines *lines, const struct lines *other)
{
    return structured_is_equal(STRUCTURED_ITEM, lines, other);
}

/* The inner list that was just begun, as it came, from its "(" on. */
static void get_inner(
    const struct lines *from, struct structured *after, struct field_value *out)
{
    struct structured_part part;
    while (structured_next(after, &part) && part.kind != STRUCTURED_INNER_END)
        continue;
    struct piece piece = {*from, lines_between(from, &after->lines)};
    piece_get_text(&piece, false, out);
}

/* A member's value begins behind its key and "=". */
static struct lines lines_behind(const struct piece *key)
{
    struct lines lines = key->from;
    for (size_t i = 0; i < key->len; i++)
        lines_skip(&lines);
    lines_take(&lines, '=');
    return lines;
}

static void dictionary_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct structured_part part;
    struct structured after;
    if (!structured_find(lines, member, &part, &after)) {
        out->why = dictionary_fault(lines);
    } else if (part.kind == STRUCTURED_INNER) {
        struct lines from = lines_behind(&part.key);
        get_inner(&from, &after, out);
    } else {
        structured_get_value(&part.value, out);
    }
}

/* Any value of a key, "?0" too, is a member. */
static bool dictionary_has_member(const struct lines *lines, struct span member)
{
    struct structured_part part;
    struct structured after;
    return structured_find(lines, member, &part, &after);
}

static bool is_item(const struct structured_part *part, struct span text,
    bool (*is)(const struct piece *, struct span))
{
    return part->kind == STRUCTURED_BARE &&
           (part->value.type == BARE_TOKEN ||
               part->value.type == BARE_STRING) &&
           is(&part->value.text, text);
}

static bool list_has_item(const struct lines *lines, struct span member)
{
    struct structured reader;
    struct structured_part part;
    bool found = false;
    structured_init(&reader, STRUCTURED_LIST, lines);
    while (structured_next(&reader, &part))
        found = found || is_item(&part, member, piece_is);
    return found && !reader.why;
}

/* The parameter of the last member, of equal ones the last; the field must
 * conform. */
static void get_parameter(enum structured_type type, const struct lines *lines,
    struct span member, struct field_value *out)
{
    struct structured reader;
    struct structured_part part;
    struct structured_value value;
    bool found = false;
    structured_init(&reader, type, lines);
    while (structured_next(&reader, &part)) {
        if (structured_is_member(&part)) {
            found = false;
        } else if (part.kind == STRUCTURED_PARAMETER && !part.is_inside &&
                   piece_is(&part.key, member)) {
            found = true;
            value = part.value;
        }
    }
    if (found)
        structured_get_value(&value, out);
}

static void list_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    out->why = list_fault(lines);
    if (out->why)
        return;
    if (list_has_item(lines, member)) {
        out->type = FIELD_BOOL;
        out->number = 1;
    } else {
        get_parameter(STRUCTURED_LIST, lines, member, out);
    }
}

static void item_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    out->why = item_fault(lines);
    if (!out->why)
        get_parameter(STRUCTURED_ITEM, lines, member, out);
}

static void token_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    out->why = token_fault(lines);
    if (!out->why)
        item_get_member(lines, member, out);
}

static bool item_has_member(const struct lines *lines, struct span member)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, STRUCTURED_ITEM, lines);
    return structured_next(&reader, &part) &&
           is_item(&part, member, piece_is) && !item_fault(lines);
}

/* RFC 9218 section 4: parameters out of range or of another type are
 * ignored. */
static void priority_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    dictionary_get_member(lines, member, out);
    bool is_urgency = span_is_like(member, (struct span){"u", 1});
    bool is_incremental = span_is_like(member, (struct span){"i", 1});
    if (out->type == FIELD_NONE ||
        !((is_urgency && (out->type != FIELD_NUMBER || out->number < 0 ||
                             out->number > 7)) ||
            (is_incremental && out->type != FIELD_BOOL)))
        return;
    out->type = FIELD_NONE;
    out->why = is_urgency
                   ? "u is no integer from 0 to 7, so it is ignored (RFC 9218 "
                     "section 4)"
                   : "i is no boolean, so it is ignored (RFC 9218 section 4)";
}

/* A list of Strings since the eighth draft of it, a dictionary before; no
 * field is both. */
static const struct grammar *find_ratelimit(const struct lines *lines)
{
    return dictionary_fault(lines) ? &grammar_structured_list
                                   : &grammar_dictionary;
}

static const char *ratelimit_fault(const struct lines *lines)
{
    return find_ratelimit(lines)->fault(lines);
}

static void ratelimit_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    find_ratelimit(lines)->get_member(lines, member, out);
}

static bool ratelimit_has(const struct lines *lines, struct span member)
{
    return find_ratelimit(lines)->has_member(lines, member);
}

static bool ratelimit_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return find_ratelimit(lines)->is_equal(lines, other);
}

/* RFC 8942 section 3.1: Tokens, which are field names. */
static const char *accept_ch_fault(const struct lines *lines)
{
    struct structured reader;
    struct structured_part part;
    structured_init(&reader, STRUCTURED_LIST, lines);
    while (structured_next(&reader, &part))
        if (structured_is_member(&part) &&
            (part.kind != STRUCTURED_BARE || part.value.type != BARE_TOKEN))
            return "a member is no token (RFC 8942 section 3.1)";
    return reader.why;
}

static bool accept_ch_has(const struct lines *lines, struct span member)
{
    struct structured reader;
    struct structured_part part;
    bool found = false;
    structured_init(&reader, STRUCTURED_LIST, lines);
    while (structured_next(&reader, &part))
        found = found || is_item(&part, member, piece_is_like);
    return found && !accept_ch_fault(lines);
}

static void accept_ch_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    out->why = accept_ch_fault(lines);
    if (accept_ch_has(lines, member)) {
        out->type = FIELD_BOOL;
        out->number = 1;
    }
}

/* The Token that a conforming Item is. */
static bool find_token(const struct lines *lines, struct piece *out)
{
    struct structured reader;
    struct structured_part part;
    if (structured_fault(STRUCTURED_ITEM, lines))
        return false;
    structured_init(&reader, STRUCTURED_ITEM, lines);
    structured_next(&reader, &part);
    *out = part.value.text;
    return part.value.type == BARE_TOKEN;
}

/* Parameters, such as report-to, do not matter (HTML, obtain a policy). */
static bool token_is_equal(const struct lines *lines, const struct lines *other)
{
    struct piece here, there;
    return find_token(lines, &here) && find_token(other, &there) &&
           piece_is_same(&here, &there);
}

const struct grammar grammar_dictionary = {
    .get_member = dictionary_get_member,
    .fault = dictionary_fault,
    .is_equal = dictionary_is_equal,
    .has_member = dictionary_has_member,
    .is_void_unequal = true,
};

const struct grammar grammar_structured_list = {
    .get_member = list_get_member,
    .fault = list_fault,
    .is_equal = list_is_same,
    .has_member = list_has_item,
    .is_void_unequal = true,
};

const struct grammar grammar_boolean_item = {
    .get_member = item_get_member,
    .fault = boolean_fault,
    .is_equal = item_is_equal,
    .has_member = item_has_member,
    .is_void_unequal = true,
};

const struct grammar grammar_date_item = {
    .get_member = item_get_member,
    .fault = date_item_fault,
    .is_equal = item_is_equal,
    .has_member = item_has_member,
    .is_void_unequal = true,
};

const struct grammar grammar_token_item = {
    .get_member = token_get_member,
    .fault = token_fault,
    .is_equal = token_is_equal,
    .has_member = item_has_member,
    .is_void_unequal = true,
};

const struct grammar grammar_priority = {
    .get_member = priority_get_member,
    .fault = dictionary_fault,
    .is_equal = dictionary_is_equal,
    .is_void_unequal = true,
};

const struct grammar grammar_accept_ch = {
    .get_member = accept_ch_get_member,
    .fault = accept_ch_fault,
    .is_equal = list_is_same,
    .has_member = accept_ch_has,
    .is_void_unequal = true,
};

const struct grammar grammar_ratelimit = {
    .get_member = ratelimit_get_member,
    .fault = ratelimit_fault,
    .is_equal = ratelimit_is_equal,
    .has_member = ratelimit_has,
    .is_void_unequal = true,
};
