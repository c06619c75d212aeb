/*
 * cache_control - see cache_control.h.
 *
 * Invariant: a directive has effect only in the form that the RFC gives it; an
 * element that does not conform has none, and takes no other one with it.
 */
#include "fields/cache_control.h"

#include "fields/list_field.h"
#include "fields/structured.h"

enum { FORM = LIST_NAME_TOKEN };

/* RFC 9111 section 5.2.2: those that have no argument, and those whose
 * argument makes them narrower. */
static const char *const bare_names[] = {"must-revalidate", "must-understand",
    "no-store", "no-transform", "proxy-revalidate", "public", "immutable"};
static const char *const narrowed_names[] = {"no-cache", "private"};
static const char *const seconds_names[] = {
    "max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"};

static bool is_one_of(struct span name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_is_like(name, span_of_string(names[i])))
            return true;
    return false;
}

static bool is_bare_name(struct span name)
{
    return is_one_of(name, bare_names, sizeof bare_names / sizeof *bare_names);
}

static bool is_narrowed_name(struct span name)
{
    return is_one_of(
        name, narrowed_names, sizeof narrowed_names / sizeof *narrowed_names);
}

static bool is_seconds_name(struct span name)
{
    return is_one_of(
        name, seconds_names, sizeof seconds_names / sizeof *seconds_names);
}

/* The first directive of a name; of one that may stand without an argument,
 * the first without, since that is the wider one, or the only right one. */
static bool find_member(
    const struct lines *lines, struct span name, struct list_part *out)
{
    struct list_reader after;
    struct list_part part;
    bool found = list_field_find(FORM, lines, name, out, &after);
    bool is_narrowed = is_narrowed_name(name);
    if (!found || !out->has_value || !(is_narrowed || is_bare_name(name)))
        return found;
    while (list_field_next(&after, &part))
        if (part.kind == LIST_ELEMENT && !part.has_value &&
            piece_is_like(&part.name, name)) {
            *out = part;
            return true;
        }
    return is_narrowed;
}

/* Section 4.2.1: two that differ make it stale, as one does that is no
 * number. */
static void note_seconds(
    const struct list_part *part, enum seconds_state *state, int64_t *out)
{
    int64_t seconds;
    if (!part->has_value ||
        !piece_get_number(&part->value, CACHE_SECONDS_MAX, &seconds) ||
        (*state == SECONDS_GOOD && seconds != *out)) {
        *state = SECONDS_WRONG;
    } else if (*state == SECONDS_ABSENT) {
        *state = SECONDS_GOOD;
        *out = seconds;
    }
}

static enum seconds_state get_seconds(
    const struct lines *lines, struct span name, int64_t *out)
{
    struct list_reader reader;
    struct list_part part;
    enum seconds_state state = SECONDS_ABSENT;
    list_field_init(&reader, FORM, lines);
    while (list_field_next(&reader, &part))
        if (part.kind == LIST_ELEMENT && piece_is_like(&part.name, name))
            note_seconds(&part, &state, out);
    return state;
}

bool cache_has_member(const struct lines *lines, struct span member)
{
    struct list_part part;
    return find_member(lines, member, &part) &&
           !(part.has_value && is_narrowed_name(member));
}

static bool is_named(const struct list_part *part, const char *name)
{
    return piece_is_like(&part->name, span_of_string(name));
}

static void note_bare(const struct list_part *part, struct directives *out)
{
    bool *const flags[] = {&out->no_store, &out->no_cache, &out->is_private,
        &out->is_public, &out->must_understand};
    static const char *const names[] = {
        "no-store", "no-cache", "private", "public", "must-understand"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (is_named(part, names[i]))
            *flags[i] = true;
}

void directives_read(const struct field_head *head, struct directives *out)
{
    struct lines lines;
    struct list_reader reader;
    struct list_part part;
    *out = (struct directives){.no_store = false};
    lines_init(&lines, head, span_of_string("cache-control"));
    list_field_init(&reader, FORM, &lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind != LIST_ELEMENT)
            continue;
        if (is_named(&part, "max-age"))
            note_seconds(&part, &out->max_age_state, &out->max_age);
        else if (is_named(&part, "s-maxage"))
            note_seconds(&part, &out->s_maxage_state, &out->s_maxage);
        else if (!part.has_value)
            note_bare(&part, out);
    }
}

/* RFC 9213 section 2.1: true, a Boolean; other types do not count. */
static bool cdn_has(const struct lines *lines, const char *name)
{
    struct structured_part part;
    struct structured after;
    return structured_find(lines, span_of_string(name), &part, &after) &&
           part.kind == STRUCTURED_BARE && part.value.type == BARE_BOOLEAN &&
           part.value.number;
}

static enum seconds_state cdn_get_seconds(
    const struct lines *lines, const char *name, int64_t *out)
{
    struct structured_part part;
    struct structured after;
    if (!structured_find(lines, span_of_string(name), &part, &after) ||
        part.kind != STRUCTURED_BARE || part.value.type != BARE_INTEGER ||
        part.value.number < 0)
        return SECONDS_ABSENT;
    *out = part.value.number < CACHE_SECONDS_MAX ? part.value.number
                                                 : CACHE_SECONDS_MAX;
    return SECONDS_GOOD;
}

bool directives_read_cdn(const struct field_head *head, struct directives *out)
{
    struct lines lines;
    struct structured reader;
    struct structured_part part;
    if (!lines_init(&lines, head, span_of_string("cdn-cache-control")) ||
        structured_fault(STRUCTURED_DICTIONARY, &lines))
        return false;
    structured_init(&reader, STRUCTURED_DICTIONARY, &lines);
    if (!structured_next(&reader, &part))
        return false;
    *out = (struct directives){
        .no_store = cdn_has(&lines, "no-store"),
        .no_cache = cdn_has(&lines, "no-cache"),
        .is_private = cdn_has(&lines, "private"),
        .is_public = cdn_has(&lines, "public"),
        .must_understand = cdn_has(&lines, "must-understand"),
    };
    out->max_age_state = cdn_get_seconds(&lines, "max-age", &out->max_age);
    out->s_maxage_state = cdn_get_seconds(&lines, "s-maxage", &out->s_maxage);
    return true;
}

static const char wrong_seconds[] =
    "a number of seconds is none, or stands twice with different values, so"
    " the response counts as stale (RFC 9111 section 4.2.1)";

/* Has it an argument that none is defined for, so that it does not count? */
static bool is_overloaded(const struct list_part *part)
{
    if (part->kind != LIST_ELEMENT || !part->has_value)
        return false;
    for (size_t i = 0; i < sizeof bare_names / sizeof *bare_names; i++)
        if (is_named(part, bare_names[i]))
            return true;
    return false;
}

static const char *directives_fault(const struct lines *lines)
{
    struct list_reader reader;
    struct list_part part;
    list_field_init(&reader, FORM, lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind == LIST_FAULT)
            return "a directive does not conform, and does not count (RFC 9111"
                   " section 5.2)";
        if (is_overloaded(&part))
            return "a directive has an argument, and none is defined, so it"
                   " does not count (RFC 9111 section 5.2.2)";
    }
    return NULL;
}

const char *cache_fault(const struct lines *lines)
{
    const char *why = directives_fault(lines);
    int64_t seconds;
    for (size_t i = 0; i < sizeof seconds_names / sizeof *seconds_names; i++)
        if (!why && get_seconds(lines, span_of_string(seconds_names[i]),
                        &seconds) == SECONDS_WRONG)
            why = wrong_seconds;
    return why;
}

void cache_get_member(
    const struct lines *lines, struct span member, struct field_value *out)
{
    struct list_part part;
    int64_t seconds;
    if (!find_member(lines, member, &part))
        out->why = directives_fault(lines);
    else if (is_seconds_name(member) &&
             get_seconds(lines, member, &seconds) == SECONDS_WRONG)
        out->why = wrong_seconds;
    else
        list_field_get_value(&part, CACHE_SECONDS_MAX, out);
}
