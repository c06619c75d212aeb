/*
 * grammar_list - fields that are lists between commas (RFC 9110 section
 * 5.6.1), and the media type, whose parameters are like theirs.
 *
 * Invariant: an element that does not conform is no member.
 */
#include "fields/grammar.h"

#include "fields/cache.h"
#include "fields/list_field.h"

static const char element_fault[] =
    "an element does not conform, and does not count (RFC 9110 section 5.6)";

static void set_true(struct field_value *out)
{
    out->type = FIELD_BOOL;
    out->number = 1;
}

bool tokens_are_equal(const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(LIST_NAME_TOKEN, lines, other);
}

/* Elements of #token have no value. */
static const char *tokens_fault(const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, LIST_NAME_TOKEN, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_FAULT || part.has_value)
            return element_fault;
    return NULL;
}

bool tokens_have(const struct lines *lines, struct span member)
{
    struct list_reader reader;
    struct list_part part;
    return list_field_find(LIST_NAME_TOKEN, lines, member, &part, &reader) &&
           !part.has_value;
}

static void tokens_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    if (tokens_have(lines, member))
        set_true(out);
    else
        out->why = tokens_fault(lines);
}

/* RFC 9110 section 12.5.5: "*" is any field, and more. */
static bool vary_has(const struct lines *lines, struct span member)
{
    return tokens_have(lines, member) ||
           tokens_have(lines, (struct span){"*", 1});
}

static void vary_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    if (vary_has(lines, member))
        set_true(out);
    else
        out->why = tokens_fault(lines);
}

enum { ALT_SVC = LIST_NAME_TOKEN | LIST_PARAMETERS };

/* RFC 7838 section 3: "clear" alone, or protocols with a quoted authority. */
static bool is_clear(const struct list_part *part)
{
    return !part->has_value && piece_is(&part->name, (struct span){"clear", 5});
}

static const char *alt_svc_fault(const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    size_t count = 0;
    bool clears = false;
    list_field_init(&reader, ALT_SVC, lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind == LIST_PARAMETER && part.has_value)
            continue;
        clears = clears || (part.kind == LIST_ELEMENT && is_clear(&part));
        if (part.kind != LIST_ELEMENT || !(part.is_quoted || is_clear(&part)))
            return "an alternative is no protocol with an authority in quotes"
                   " (RFC 7838 section 3)";
        count++;
    }
    if (count == 0 || (clears && count > 1))
        return "neither \"clear\" alone nor alternatives (RFC 7838 section 3)";
    return NULL;
}

static void alt_svc_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, ALT_SVC, lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind != LIST_ELEMENT || !piece_is(&part.name, member))
            continue;
        if (is_clear(&part))
            set_true(out);
        else if (part.is_quoted)
            piece_get_text(&part.value, true, out);
        else
            continue;
        return;
    }
    out->why = alt_svc_fault(lines);
}

static bool alt_svc_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(ALT_SVC, lines, other);
}

enum { SERVER_TIMING = LIST_NAME_TOKEN | LIST_PARAMETERS | LIST_BLANKS };

/* Server Timing, section "The Server-Timing header field": names alone. */
static const char *server_timing_fault(const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, SERVER_TIMING, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_FAULT ||
            (part.kind == LIST_ELEMENT && part.has_value))
            return "a metric is no token with parameters (Server Timing)";
    return NULL;
}

/* Digits, a point and digits as thousandths; false: it is something else. */
static bool get_decimal(const struct piece *piece, int64_t *out)
{
    struct lines lines = piece->from;
    int64_t number = 0;
    int places = -1;
    for (size_t i = 0; i < piece->len; i++, lines_skip(&lines)) {
        if (*lines.at == '.' && places < 0) {
            places = 0;
        } else if (!byte_is_digit(*lines.at)) {
            return false;
        } else if (places < 3 && number < INT64_MAX / 100000) {
            number = number * 10 + (*lines.at - '0');
            places += places >= 0;
        }
    }
    for (places = places < 0 ? 0 : places; places < 3; places++)
        number *= 10;
    *out = number;
    return piece->len > 0;
}

/* Its duration in milliseconds, or that it is there. */
static void server_timing_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader after;
    struct list_part part, duration;
    if (!list_field_find(SERVER_TIMING, lines, member, &part, &after) ||
        part.has_value) {
        out->why = server_timing_fault(lines);
    } else if (list_field_find_parameter(
                   &after, (struct span){"dur", 3}, &duration) &&
               duration.has_value &&
               get_decimal(&duration.value, &out->number)) {
        out->type = FIELD_DECIMAL;
    } else {
        set_true(out);
    }
}

static bool server_timing_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(SERVER_TIMING, lines, other);
}

/* Clear Site Data section 3.1: types in quotes, unknown ones are ignored. */
static const char *clear_site_data_fault(const struct lines *lines)
{
    return list_field_has_fault(LIST_NAME_QUOTED, lines)
               ? "a type is not in quotes, and does not count (Clear Site Data"
                 " section 3.1)"
               : NULL;
}

static void clear_site_data_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, LIST_NAME_QUOTED, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_ELEMENT &&
            (piece_is(&part.name, member) ||
                piece_is(&part.name, (struct span){"*", 1}))) {
            set_true(out);
            return;
        }
    out->why = clear_site_data_fault(lines);
}

static bool clear_site_data_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(LIST_NAME_QUOTED, lines, other);
}

enum { MEDIA_TYPE = LIST_NAME_MEDIA | LIST_PARAMETERS };

/* RFC 9110 section 8.3: one media type. */
static const char *media_type_fault(const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    size_t count = 0;
    list_field_init(&reader, MEDIA_TYPE, lines);
    while (list_field_next(&reader, &part)) {
        count += part.kind == LIST_ELEMENT;
        if (part.kind == LIST_FAULT ||
            (part.kind == LIST_PARAMETER && !part.has_value))
            return "it is no type/subtype with parameters (RFC 9110 section"
                   " 8.3.1)";
    }
    return count == 1 ? NULL
                      : "it is not one media type (RFC 9110 section 8.3)";
}

static bool media_type_has(const struct lines *lines, struct span member)
{
    struct list_reader reader;
    struct list_part part;
    return list_field_find(MEDIA_TYPE, lines, member, &part, &reader) &&
           !media_type_fault(lines);
}

static void media_type_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_reader reader;
    struct list_part part;
    out->why = media_type_fault(lines);
    if (out->why)
        return;
    list_field_init(&reader, MEDIA_TYPE, lines);
    if (list_field_next(&reader, &part) &&
        list_field_find_parameter(&reader, member, &part))
        piece_get_text(&part.value, part.is_quoted, out);
    else if (media_type_has(lines, member))
        set_true(out);
}

static bool media_type_is_equal(
    const struct lines *lines, const struct lines *other)
{
    return list_field_is_equal(MEDIA_TYPE, lines, other);
}

const struct grammar grammar_cache_control = {
    .get_member = cache_get_member,
    .fault = cache_fault,
    .is_equal = tokens_are_equal,
    .has_member = cache_has_member,
};

const struct grammar grammar_tokens = {
    .get_member = tokens_get_member,
    .fault = tokens_fault,
    .is_equal = tokens_are_equal,
};

const struct grammar grammar_vary = {
    .get_member = vary_get_member,
    .fault = tokens_fault,
    .is_equal = tokens_are_equal,
};

const struct grammar grammar_alt_svc = {
    .get_member = alt_svc_get_member,
    .fault = alt_svc_fault,
    .is_equal = alt_svc_is_equal,
};

const struct grammar grammar_server_timing = {
    .get_member = server_timing_get_member,
    .fault = server_timing_fault,
    .is_equal = server_timing_is_equal,
};

const struct grammar grammar_clear_site_data = {
    .get_member = clear_site_data_get_member,
    .fault = clear_site_data_fault,
    .is_equal = clear_site_data_is_equal,
};

const struct grammar grammar_media_type = {
    .get_member = media_type_get_member,
    .fault = media_type_fault,
    .is_equal = media_type_is_equal,
    .has_member = media_type_has,
};
