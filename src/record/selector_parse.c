/*
 * selector_parse - the notation of selectors, read from left to right.
 *
 * Invariant: what a name means is decided here alone: a row of the table, a
 * fact, a part of cookies or of the location, else a field or its member.
 */
#include "record/selector.h"

#include "http/http.h"
#include "record/selector_table.h"
#include "text/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum selector_kind kind;
    const char *shown, *help;
} functions[] = {
    {"header", SELECTS_FIELD, "header('NAME')",
        "the field whose name means something else here"},
    {"raw", SELECTS_RAW, "raw(NAME)",
        "the lines of the field as they came, a list"},
    {"count", SELECTS_COUNT, "count(NAME)", "number of these lines"},
    {"valid", SELECTS_VALID, "valid(NAME)",
        "whether the field conforms to its grammar"},
    {"age", SELECTS_AGE, "age(NAME)", "time since the date in the field"},
    {"skew", SELECTS_SKEW, "skew(date)",
        "difference of the server's clock and this one, never negative"},
};

static const struct {
    const char *name;
    enum selector_kind kind;
    unsigned part;
} parts[] = {
    {"cookie.secure", SELECTS_COOKIES, COOKIE_SECURE},
    {"cookie.httponly", SELECTS_COOKIES, COOKIE_HTTPONLY},
    {"cookie.samesite", SELECTS_COOKIES, COOKIE_SAMESITE},
    {"cookie.path", SELECTS_COOKIES, COOKIE_PATH},
    {"cookie.domain", SELECTS_COOKIES, COOKIE_DOMAIN},
    {"cookie.max-age", SELECTS_COOKIES, COOKIE_MAX_AGE},
    {"location.scheme", SELECTS_LOCATION, LOCATION_SCHEME},
    {"location.host", SELECTS_LOCATION, LOCATION_HOST},
    {"location.path", SELECTS_LOCATION, LOCATION_PATH},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The text being read; `from` is where it began. */
struct reading {
    const char *from;
    struct span rest;
    struct selector_fault *fault;
};

static bool byte_is_name(char c)
{
    return byte_is_alnum(c) || c == '-' || c == '_';
}

static bool byte_is_dotted(char c)
{
    return byte_is_name(c) || c == '.';
}

static bool is_word(struct span word, const char *name)
{
    return strlen(name) == word.len &&
           strncasecmp(word.at, name, word.len) == 0;
}

/* --- faults --- */

static int fault_at(
    struct reading *r, const char *at, const char *what, struct span word)
{
    r->fault->at = (size_t)(at - r->from);
    snprintf(
        r->fault->text, sizeof r->fault->text, what, (int)word.len, word.at);
    return -EINVAL;
}

static int fault_expected(struct reading *r, const char *what)
{
    r->fault->at = (size_t)(r->rest.at - r->from);
    snprintf(r->fault->text, sizeof r->fault->text, "expected %s", what);
    return -EINVAL;
}

static void try_names(struct nearest *nearest)
{
    for (unsigned id = 0; id < SELECTOR_COUNT; id++)
        nearest_try(nearest, selector_rows[id].name);
    for (size_t row = 0; row < fact_count; row++)
        nearest_try(nearest, fact_name(row));
    for (size_t i = 0; i < COUNT(parts); i++)
        nearest_try(nearest, parts[i].name);
}

static int fault_nearest(
    struct reading *r, const char *what, const struct nearest *nearest)
{
    int shown = nearest->word.len < 60 ? (int)nearest->word.len : 60;
    r->fault->at = (size_t)(nearest->word.at - r->from);
    if (nearest->best)
        snprintf(r->fault->text, sizeof r->fault->text,
            "unknown %s \"%.*s\"; did you mean \"%s\"?", what, shown,
            nearest->word.at, nearest->best);
    else
        snprintf(r->fault->text, sizeof r->fault->text, "unknown %s \"%.*s\"",
            what, shown, nearest->word.at);
    return -EINVAL;
}

/* --- pieces --- */

static bool take_byte(struct reading *r, char byte)
{
    if (!r->rest.len || *r->rest.at != byte)
        return false;
    span_take(&r->rest, 1);
    return true;
}

static void skip_blanks(struct reading *r)
{
    span_take(&r->rest, span_of(r->rest, byte_is_blank));
}

/* What is between the quotes, as it stands there. */
static int read_quoted(struct reading *r, struct span *out)
{
    const char *begin = r->rest.at;
    if (!span_is_quoted(r->rest))
        return fault_expected(r, "a text in quotes");
    struct span after = r->rest;
    char quote = *span_take(&after, 1).at;
    const char *end = memchr(after.at, quote, after.len);
    if (!end)
        return fault_at(
            r, begin, "this quote has no end", (struct span){"", 0});
    *out = span_take(&after, (size_t)(end - after.at));
    span_take(&after, 1);
    r->rest = after;
    return 0;
}

static int read_member(struct reading *r, struct span *out)
{
    int error = read_quoted(r, out);
    if (error)
        return error;
    return take_byte(r, ']') ? 0 : fault_expected(r, "\"]\"");
}

static int read_field_name(struct reading *r, struct span *out)
{
    const char *begin = r->rest.at;
    if (span_is_quoted(r->rest)) {
        int error = read_quoted(r, out);
        if (error)
            return error;
        if (!http_token_valid(out->at, out->len))
            return fault_at(r, begin, "not a field name", (struct span){"", 0});
        return 0;
    }
    *out = span_take(&r->rest, span_of(r->rest, byte_is_name));
    return out->len ? 0 : fault_expected(r, "a field name");
}

/* --- functions --- */

static int find_function(
    struct reading *r, struct span word, enum selector_kind *kind)
{
    struct nearest nearest = {.word = word};
    for (size_t i = 0; i < COUNT(functions); i++) {
        if (is_word(word, functions[i].name)) {
            *kind = functions[i].kind;
            return 0;
        }
        nearest_try(&nearest, functions[i].name);
    }
    nearest_try(&nearest, "exists");
    nearest_try(&nearest, "absent");
    return fault_nearest(r, "function", &nearest);
}

/* A member behind header('NAME'). */
static int read_header_member(struct reading *r, struct selector *out)
{
    if (take_byte(r, '[')) {
        out->kind = SELECTS_MEMBER;
        return read_member(r, &out->member);
    }
    if (!take_byte(r, '.'))
        return 0;
    out->kind = SELECTS_MEMBER;
    out->member = span_take(&r->rest, span_of(r->rest, byte_is_name));
    return out->member.len ? 0 : fault_expected(r, "the name of a member");
}

static int read_function(
    struct reading *r, struct span word, struct selector *out)
{
    int error = find_function(r, word, &out->kind);
    if (error)
        return error;
    span_take(&r->rest, 1);
    skip_blanks(r);
    error = read_field_name(r, &out->field);
    if (error)
        return error;
    skip_blanks(r);
    if (!take_byte(r, ')'))
        return fault_expected(r, "\")\"");
    return out->kind == SELECTS_FIELD ? read_header_member(r, out) : 0;
}

/* --- names --- */

static bool find_known(struct span word, struct selector *out)
{
    for (unsigned id = 0; id < SELECTOR_COUNT; id++)
        if (is_word(word, selector_rows[id].name)) {
            out->kind = SELECTS_KNOWN;
            out->id = (enum selector_id)id;
            return true;
        }
    return false;
}

static bool find_part(struct span word, struct selector *out)
{
    for (size_t i = 0; i < COUNT(parts); i++)
        if (is_word(word, parts[i].name)) {
            out->kind = parts[i].kind;
            out->part = parts[i].part;
            return true;
        }
    if (word.len <= 7 || strncasecmp(word.at, "cookie.", 7) != 0)
        return false;
    out->kind = SELECTS_COOKIE;
    out->member = (struct span){word.at + 7, word.len - 7};
    return true;
}

static bool find_name(struct span word, struct selector *out)
{
    if (find_known(word, out))
        return true;
    if (fact_find(word, &out->fact) == 0) {
        out->kind = SELECTS_FACT;
        return true;
    }
    return find_part(word, out);
}

/* Is it what stands before the dot of a known name? */
static bool is_group_of(struct span word, const char *name)
{
    const char *dot = strchr(name, '.');
    return dot && (size_t)(dot - name) == word.len &&
           strncasecmp(word.at, name, word.len) == 0;
}

static bool is_group(struct span word)
{
    for (unsigned id = 0; id < SELECTOR_COUNT; id++)
        if (is_group_of(word, selector_rows[id].name))
            return true;
    for (size_t row = 0; row < fact_count; row++)
        if (is_group_of(word, fact_name(row)))
            return true;
    return is_word(word, "location") || is_word(word, "cookie");
}

static int take_dotted(
    struct reading *r, struct span word, struct selector *out)
{
    struct nearest nearest = {.word = word};
    size_t dot = span_until(word, ".");
    struct span field = {word.at, dot};
    if (is_group(field)) {
        try_names(&nearest);
        return fault_nearest(r, "name", &nearest);
    }
    out->kind = SELECTS_MEMBER;
    out->field = field;
    out->member = (struct span){word.at + dot + 1, word.len - dot - 1};
    return 0;
}

static int take_field(struct reading *r, struct span word, struct selector *out)
{
    struct nearest nearest = {.word = word};
    try_names(&nearest);
    if (nearest_is_slip(&nearest)) {
        fault_nearest(r, "name", &nearest);
        size_t used = strlen(r->fault->text);
        snprintf(r->fault->text + used, sizeof r->fault->text - used,
            " (a field of this name is header('%.*s'))", (int)word.len,
            word.at);
        return -EINVAL;
    }
    out->kind = SELECTS_FIELD;
    out->field = word;
    return 0;
}

static int read_index(struct reading *r, struct span word, struct selector *out)
{
    if (span_has(word, '.'))
        return fault_expected(r, "no \"[\" here");
    out->kind = is_word(word, "cookie") ? SELECTS_COOKIE : SELECTS_MEMBER;
    out->field = word;
    span_take(&r->rest, 1);
    return read_member(r, &out->member);
}

static int read_name(struct reading *r, struct span word, struct selector *out)
{
    if (find_name(word, out))
        return 0;
    return span_has(word, '.') ? take_dotted(r, word, out)
                               : take_field(r, word, out);
}

static int read_selector(struct reading *r, struct selector *out)
{
    struct span word = {r->rest.at, span_of(r->rest, byte_is_dotted)};
    if (!word.len || !byte_is_alnum(*word.at))
        return fault_expected(r, "a selector");
    span_take(&r->rest, word.len);
    if (word.at[word.len - 1] == '.')
        return fault_expected(r, "a name after the dot");
    if (r->rest.len && *r->rest.at == '(')
        return read_function(r, word, out);
    if (r->rest.len && *r->rest.at == '[')
        return read_index(r, word, out);
    return read_name(r, word, out);
}

int selector_read(
    struct span *rest, struct selector *out, struct selector_fault *fault)
{
    struct selector read = {.id = SELECTOR_COUNT};
    struct reading r = {.from = rest->at, .rest = *rest, .fault = fault};
    int error = read_selector(&r, &read);
    if (error)
        return error;
    *rest = r.rest;
    *out = read;
    return 0;
}

int selector_find(const char *name, struct selector *out)
{
    struct selector_fault fault;
    struct selector read;
    struct span rest = {name, strlen(name)};
    if (selector_read(&rest, &read, &fault) == 0 && rest.len == 0) {
        *out = read;
        return 0;
    }
    struct span field = {name, strlen(name)};
    if (span_is(field, byte_is_name) || strchr(name, '.') ||
        !http_token_valid(name, field.len))
        return -EINVAL;
    *out = (struct selector){
        .kind = SELECTS_FIELD, .id = SELECTOR_COUNT, .field = field};
    return 0;
}

const char *selector_function(size_t i, const char **help)
{
    if (i >= COUNT(functions))
        return NULL;
    *help = functions[i].help;
    return functions[i].shown;
}
