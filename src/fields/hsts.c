/*
 * hsts - see hsts.h.
 *
 * Invariant: a field that does not conform to the grammar of RFC 6797 section
 * 6.1 has no effect at all, whatever stands in it.
 */
#include "fields/hsts.h"

#include "fields/lines.h"

#define NAME span_of_string("Strict-Transport-Security")
#define S61 " (RFC 6797 section 6.1)"

/* One directive, without the semicolon behind it. */
struct directive {
    struct piece name;
    bool has_value, is_quoted;
    struct piece value; /* between the quotes */
};

enum { NAMES_MAX = 32 };

/* Unknown ones that have been there: beyond the bound none is remembered. */
struct seen {
    size_t count;
    bool max_age, include_subdomains;
    uint64_t names[NAMES_MAX]; /* digests in lower case */
};

/* --- pieces --- */

static void skip_blanks(struct lines *lines)
{
    lines_take_all(lines, byte_is_blank);
}

static struct piece take_token(struct lines *lines)
{
    struct piece token = {.from = *lines};
    token.len = lines_take_all(lines, byte_is_token);
    return token;
}

/* Behind the opening quote; false: it is not closed. */
static bool take_quoted(struct lines *lines, struct piece *out)
{
    *out = (struct piece){.from = *lines};
    for (int byte; (byte = lines_peek(lines)) >= 0; out->len++) {
        lines_skip(lines);
        if (byte == '"')
            return true;
        if (byte == '\\' && lines_peek(lines) >= 0) {
            lines_skip(lines);
            out->len++;
        }
    }
    return false;
}

static const char *take_value(struct lines *lines, struct directive *out)
{
    out->has_value = true;
    skip_blanks(lines);
    if (lines_take(lines, '"')) {
        out->is_quoted = true;
        return take_quoted(lines, &out->value)
                   ? NULL
                   : "a quote is not closed, so the field is ignored" S61;
    }
    out->value = take_token(lines);
    return out->value.len
               ? NULL
               : "a directive has no value behind its =, so the field is "
                 "ignored" S61;
}

/* [name [= value]] and what ends it; what is wrong, or NULL. */
static const char *take_directive(struct lines *lines, struct directive *out)
{
    const char *why = NULL;
    *out = (struct directive){.has_value = false};
    skip_blanks(lines);
    out->name = take_token(lines);
    skip_blanks(lines);
    if (out->name.len > 0 && lines_take(lines, '='))
        why = take_value(lines, out);
    skip_blanks(lines);
    if (why || lines_peek(lines) < 0 || lines_take(lines, ';'))
        return why;
    return "something other than a semicolon stands between directives, so "
           "the field is ignored" S61;
}

/* --- what they say --- */

static uint64_t digest_name(const struct piece *name)
{
    struct lines lines = name->from;
    uint64_t digest = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < name->len; i++, lines_skip(&lines))
        digest = (digest ^ (uint64_t)byte_lower(lines_peek(&lines))) *
                 UINT64_C(1099511628211);
    return digest;
}

/* Whether it is set already; sets it. */
static bool was_set(bool *is_set)
{
    bool was = *is_set;
    *is_set = true;
    return was;
}

/* The known ones count however many come before them. */
static bool was_there(struct seen *seen, const struct piece *name)
{
    uint64_t digest = digest_name(name);
    if (piece_is_like(name, span_of_string("max-age")))
        return was_set(&seen->max_age);
    if (piece_is_like(name, span_of_string("includeSubDomains")))
        return was_set(&seen->include_subdomains);
    for (size_t i = 0; i < seen->count; i++)
        if (seen->names[i] == digest)
            return true;
    if (seen->count < NAMES_MAX)
        seen->names[seen->count++] = digest;
    return false;
}

/* 1*DIGIT, after a quoted-string is unescaped (section 6.1.1), as far as is
 * counted. */
static bool read_seconds(const struct directive *directive, int64_t *out)
{
    const struct piece *value = &directive->value;
    struct lines lines = value->from;
    int64_t seconds = 0;
    for (size_t i = 0; i < value->len; i++, lines_skip(&lines)) {
        if (directive->is_quoted && i + 1 < value->len &&
            lines_take(&lines, '\\'))
            i++;
        if (!byte_is_digit((char)lines_peek(&lines)))
            return false;
        seconds = seconds * 10 + (lines_peek(&lines) - '0');
        if (seconds > HSTS_SECONDS_MAX)
            seconds = HSTS_SECONDS_MAX;
    }
    *out = seconds;
    return value->len > 0;
}

static bool is_named(const struct directive *directive, const char *name)
{
    return piece_is_like(&directive->name, span_of_string(name));
}

static const char *say_twice(const struct directive *directive)
{
    if (is_named(directive, "max-age"))
        return "max-age stands twice, so the field is ignored" S61;
    if (is_named(directive, "includeSubDomains"))
        return "includeSubDomains stands twice, so the field is ignored" S61;
    return "a directive stands twice, so the field is ignored" S61;
}

/* What is wrong with it, or NULL. */
static const char *take_effect(
    const struct directive *directive, struct hsts *out)
{
    if (is_named(directive, "max-age"))
        return read_seconds(directive, &out->max_age)
                   ? NULL
                   : "max-age is no number of seconds, so the field is "
                     "ignored (RFC 6797 section 6.1.1)";
    if (is_named(directive, "includeSubDomains")) {
        out->include_subdomains = true;
        return directive->has_value
                   ? "includeSubDomains has a value, so the field is ignored "
                     "(RFC 6797 section 6.1.2)"
                   : NULL;
    }
    out->preload |= is_named(directive, "preload") && !directive->has_value;
    return NULL;
}

static const char *read_directives(struct lines *lines, struct hsts *out)
{
    struct seen seen = {0};
    const char *why = NULL;
    out->max_age = -1;
    while (!why && lines_peek(lines) >= 0) {
        struct directive directive;
        why = take_directive(lines, &directive);
        if (why || directive.name.len == 0)
            continue;
        why = was_there(&seen, &directive.name) ? say_twice(&directive)
                                                : take_effect(&directive, out);
    }
    if (!why && out->max_age < 0)
        why = "max-age is missing, so the field is ignored (RFC 6797 section "
              "6.1.1)";
    return why;
}

/* What the first line says, wherever it came from; false: there is none. */
static bool hsts_read(const struct field_head *head, struct hsts *out)
{
    struct lines lines;
    *out = (struct hsts){0};
    if (!lines_init_first(&lines, head, NAME))
        return false;
    out->why = read_directives(&lines, out);
    return true;
}

/* --- facts --- */

/* Why it is not in force, NULL: it is. */
static const char *find_obstacle(
    const struct field_head *head, struct hsts *hsts)
{
    if (!hsts_read(head, hsts))
        return "there is no Strict-Transport-Security";
    if (!head->is_secure)
        return "over http the field is ignored (RFC 6797 section 8.1)";
    if (head->is_literal)
        return "from an IP address the field is ignored (RFC 6797 section "
               "8.1.1)";
    if (!hsts->why && hsts->max_age == 0)
        return "max-age is 0, which switches it off (RFC 6797 section 6.1.1)";
    return hsts->why;
}

void hsts_get_force(const struct field_head *head, struct field_value *out)
{
    struct hsts hsts;
    const char *why = find_obstacle(head, &hsts);
    field_set_bool(out, !why, why);
}

void hsts_get_max_age(const struct field_head *head, struct field_value *out)
{
    struct hsts hsts;
    const char *why = find_obstacle(head, &hsts);
    if (why)
        field_set_none(out, why);
    else
        field_set_number(
            out, FIELD_DURATION, hsts.max_age * INT64_C(1000000000));
}

void hsts_get_subdomains(const struct field_head *head, struct field_value *out)
{
    struct hsts hsts;
    const char *why = find_obstacle(head, &hsts);
    if (!why && !hsts.include_subdomains)
        why = "there is no includeSubDomains in the first line";
    field_set_bool(out, !why, why);
}

void hsts_get_preload(const struct field_head *head, struct field_value *out)
{
    struct hsts hsts;
    const char *why = find_obstacle(head, &hsts);
    if (!why && !hsts.preload)
        why = "there is no preload in the first line";
    field_set_bool(out, !why, why);
}

/* --- the field --- */

/* The value of an unknown one, in a field that counts. */
static void find_member(
    struct lines *lines, struct span member, struct field_value *out)
{
    struct directive directive;
    while (lines_peek(lines) >= 0 && !take_directive(lines, &directive)) {
        if (directive.name.len == 0 || !piece_is_like(&directive.name, member))
            continue;
        if (directive.has_value)
            piece_get_text(&directive.value, directive.is_quoted, out);
        else
            field_set_bool(out, true, NULL);
        return;
    }
}

void hsts_get_member(
    const struct field_head *head, struct span member, struct field_value *out)
{
    struct hsts hsts;
    struct lines lines;
    field_set_none(out, NULL);
    if (!hsts_read(head, &hsts))
        return;
    if (hsts.why)
        field_set_none(out, hsts.why);
    else if (span_is_like(member, span_of_string("max-age")))
        field_set_number(out, FIELD_NUMBER, hsts.max_age);
    else if (lines_init_first(&lines, head, NAME))
        find_member(&lines, member, out);
}

void hsts_get_valid(const struct field_head *head, struct field_value *out)
{
    struct hsts hsts;
    if (hsts_read(head, &hsts))
        field_set_bool(out, !hsts.why, hsts.why);
    else
        field_set_none(out, NULL);
}
