/*
 * csp - see csp.h.
 *
 * Invariant: a policy that has no directive for a thing allows it, and what
 * one policy forbids no other one allows.
 */
#include "fields/csp.h"

#include "fields/csp_source.h"
#include "fields/lines.h"

#define NAME span_of_string("Content-Security-Policy")

/* --- policies and directives --- */

static bool byte_is_inside(char c)
{
    return c != ';' && c != ',';
}

static bool byte_is_name(char c)
{
    return byte_is_inside(c) && !byte_is_space(c);
}

static bool byte_is_policy(char c)
{
    return c != ',';
}

/* To the next policy; false: that was the last. */
static bool skip_policy(struct lines *lines)
{
    lines_take_all(lines, byte_is_policy);
    return lines_take(lines, ',');
}

struct directive {
    struct piece name, value;
};

static bool piece_is_ascii(const struct piece *piece)
{
    struct lines lines = piece->from;
    for (size_t i = 0; i < piece->len; i++, lines_skip(&lines))
        if (lines_peek(&lines) >= 0x80)
            return false;
    return true;
}

/* The next one of the policy, empty ones too; false: that was all. */
static bool next_directive(struct lines *lines, struct directive *out)
{
    lines_take_all(lines, byte_is_space);
    if (lines_peek(lines) < 0 || lines_peek(lines) == ',')
        return false;
    out->name.from = *lines;
    out->name.len = lines_take_all(lines, byte_is_name);
    out->value.from = *lines;
    out->value.len = lines_take_all(lines, byte_is_inside);
    lines_take(lines, ';');
    return true;
}

/* Not ASCII, and it is none (section 2.2.1). */
static bool is_directive(const struct directive *directive)
{
    return directive->name.len > 0 && piece_is_ascii(&directive->name) &&
           piece_is_ascii(&directive->value);
}

/* The first of this name in the policy. */
static bool find_directive(
    struct lines policy, struct span name, struct piece *out)
{
    struct directive directive;
    while (next_directive(&policy, &directive))
        if (is_directive(&directive) && piece_is_like(&directive.name, name)) {
            *out = directive.value;
            return true;
        }
    return false;
}

/* The first that is there, of names from the most particular one to that which
 * stands in for it; NULL ends them. */
static bool find_first(
    const struct lines *policy, const char *const *names, struct piece *out)
{
    for (; *names; names++)
        if (find_directive(*policy, span_of_string(*names), out))
            return true;
    return false;
}

/* --- scripts --- */

static const char *const elements[] = {
    "script-src-elem", "script-src", "default-src", NULL};
static const char *const attributes[] = {
    "script-src-attr", "script-src", "default-src", NULL};
static const char *const strings[] = {"script-src", "default-src", NULL};

/* A sandbox without allow-scripts runs none at all. */
static bool has_sandbox(const struct lines *policy)
{
    struct piece value;
    return find_directive(*policy, span_of_string("sandbox"), &value) &&
           !csp_has_token(&value, "allow-scripts");
}

typedef bool list_test(const struct piece *list);

static bool is_allowed(
    const struct lines *policy, const char *const *names, list_test *allows)
{
    struct piece list;
    return !find_first(policy, names, &list) || allows(&list);
}

static bool allows_inline(const struct lines *policy)
{
    return is_allowed(policy, elements, csp_allows_inline) ||
           is_allowed(policy, attributes, csp_allows_inline);
}

static bool allows_eval(const struct lines *policy)
{
    return is_allowed(policy, strings, csp_allows_eval);
}

/* Does each policy allow it? */
static void get_allowed(const struct field_head *head,
    bool (*allows)(const struct lines *policy), struct field_value *out)
{
    struct lines lines;
    if (!lines_init(&lines, head, NAME)) {
        field_set_bool(out, true, "there is no Content-Security-Policy");
        return;
    }
    do {
        if (has_sandbox(&lines)) {
            field_set_bool(out, false, "a sandbox runs no scripts");
            return;
        }
        if (!allows(&lines)) {
            field_set_bool(
                out, false, "a policy forbids it (CSP3 section 6.8)");
            return;
        }
    } while (skip_policy(&lines));
    field_set_bool(out, true, "no policy forbids it (CSP3 section 6.8)");
}

void csp_get_inline_script(
    const struct field_head *head, struct field_value *out)
{
    get_allowed(head, allows_inline, out);
}

void csp_get_eval(const struct field_head *head, struct field_value *out)
{
    get_allowed(head, allows_eval, out);
}

/* --- frames --- */

bool csp_find_framing(const struct field_head *head, enum audience *out)
{
    struct lines lines;
    struct piece list;
    bool found = false;
    if (!lines_init(&lines, head, NAME))
        return false;
    *out = AUDIENCE_ANYONE;
    do {
        if (!find_directive(lines, span_of_string("frame-ancestors"), &list))
            continue;
        enum audience one = csp_read_ancestors(&list);
        *out = one < *out ? one : *out;
        found = true;
    } while (skip_policy(&lines));
    return found;
}

/* --- the field --- */

void csp_get_member(
    const struct field_head *head, struct span member, struct field_value *out)
{
    struct lines lines;
    struct piece list;
    field_set_none(out, NULL);
    if (!lines_init(&lines, head, NAME))
        return;
    do {
        if (!find_directive(lines, member, &list))
            continue;
        csp_trim(&list);
        if (list.len > 0)
            piece_get_text(&list, false, out);
        else
            field_set_bool(out, true, NULL);
        return;
    } while (skip_policy(&lines));
}

void csp_get_valid(const struct field_head *head, struct field_value *out)
{
    struct lines lines;
    struct directive directive;
    field_set_none(out, NULL);
    if (!lines_init(&lines, head, NAME))
        return;
    do {
        while (next_directive(&lines, &directive))
            if (directive.name.len > 0 && !is_directive(&directive)) {
                field_set_bool(out, false,
                    "a directive is not ASCII, so it is skipped (CSP3 "
                    "section 2.2.1)");
                return;
            }
    } while (skip_policy(&lines));
    field_set_bool(out, true, NULL);
}
