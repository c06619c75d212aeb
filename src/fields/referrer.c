/*
 * referrer - see referrer.h.
 */
#include "fields/referrer.h"

#include "fields/fetch_split.h"

#define NAME "Referrer-Policy"

/* The policy of this name, in any case of letters; NULL: it is none. */
static const char *find_policy(const struct piece *token)
{
    static const char *const policies[] = {"no-referrer",
        "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
        "origin-when-cross-origin", "strict-origin-when-cross-origin",
        "unsafe-url"};
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (piece_is_like(token, span_of_string(policies[i])))
            return policies[i];
    return NULL;
}

/* 1*( ALPHA / "-" ), or nothing. */
static bool is_token(struct piece token)
{
    for (; token.len > 0; token.len--) {
        int byte = lines_peek(&token.from);
        if (!(byte_lower(byte) >= 'a' && byte_lower(byte) <= 'z') &&
            byte != '-')
            return false;
        lines_skip(&token.from);
    }
    return true;
}

/* The last known token; NULL: there is none, or the field is no list of tokens,
 * so that none counts (Fetch, extract header list values). */
static const char *find_last(struct fetch_split *split, const char **why)
{
    struct piece token;
    const char *last = NULL;
    *why = "it has no known token (Referrer Policy section 8.1)";
    while (fetch_split_next(split, &token)) {
        const char *policy = find_policy(&token);
        last = policy ? policy : last;
        if (is_token(token))
            continue;
        *why = "it is not a list of tokens, so it is ignored (Referrer Policy "
               "sections 4.1 and 8.1)";
        return NULL;
    }
    return last;
}

void referrer_get(const struct field_head *head, struct field_value *out)
{
    struct fetch_split split;
    const char *why;
    if (!fetch_split_init(&split, head, NAME)) {
        field_set_none(out, "there is no " NAME);
        return;
    }
    const char *last = find_last(&split, &why);
    if (last)
        field_set_text(out, last, NULL);
    else
        field_set_none(out, why);
}

void referrer_get_valid(const struct field_head *head, struct field_value *out)
{
    struct fetch_split split;
    struct piece token;
    if (!fetch_split_init(&split, head, NAME)) {
        field_set_none(out, NULL);
        return;
    }
    bool is_known = true;
    while (is_known && fetch_split_next(&split, &token))
        is_known = token.len == 0 || find_policy(&token);
    field_set_bool(out, is_known,
        is_known ? NULL : "a token is unknown (Referrer Policy section 8.1)");
}
