/*
 * csp_source - see csp_source.h.
 *
 * Invariant: an expression that is none of the grammar's matches nothing.
 */
#include "fields/csp_source.h"

/* --- tokens --- */

static void drop_first(struct piece *list)
{
    lines_skip(&list->from);
    list->len--;
}

static bool has_space(const struct piece *list)
{
    return byte_is_space((char)lines_peek(&list->from));
}

/* Off the front of the list; false: that was all. */
static bool next_token(struct piece *list, struct piece *out)
{
    while (list->len > 0 && has_space(list))
        drop_first(list);
    *out = (struct piece){.from = list->from};
    for (; list->len > 0 && !has_space(list); out->len++)
        drop_first(list);
    return out->len > 0;
}

void csp_trim(struct piece *list)
{
    struct piece rest, token, all;
    while (list->len > 0 && has_space(list))
        drop_first(list);
    all = rest = *list;
    for (list->len = 0; next_token(&rest, &token);)
        list->len = all.len - rest.len;
}

bool csp_has_token(const struct piece *list, const char *wanted)
{
    struct piece rest = *list, token;
    while (next_token(&rest, &token))
        if (piece_is_like(&token, span_of_string(wanted)))
            return true;
    return false;
}

/* The token without this in front, in any case of letters. */
static bool take_prefix(struct piece *token, const char *prefix)
{
    size_t len = span_of_string(prefix).len;
    struct piece front = {token->from, len};
    if (token->len < len || !piece_is_like(&front, span_of_string(prefix)))
        return false;
    while (len-- > 0)
        drop_first(token);
    return true;
}

/* --- nonces and hashes --- */

static bool byte_is_base64(int byte)
{
    return byte_is_alnum((char)byte) || byte == '+' || byte == '/' ||
           byte == '-' || byte == '_';
}

/* 1*base64 *2"=" and the quote behind it. */
static bool is_base64_quote(struct piece token)
{
    size_t signs = 0, pads = 0;
    for (; token.len > 0 && byte_is_base64(lines_peek(&token.from)); signs++)
        drop_first(&token);
    for (; token.len > 0 && lines_peek(&token.from) == '='; pads++)
        drop_first(&token);
    return signs > 0 && pads <= 2 && token.len == 1 &&
           lines_peek(&token.from) == '\'';
}

/* A nonce-source or a hash-source. */
static bool is_nonce_or_hash(const struct piece *token)
{
    static const char *const prefixes[] = {
        "'nonce-", "'sha256-", "'sha384-", "'sha512-"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct piece rest = *token;
        if (take_prefix(&rest, prefixes[i]))
            return is_base64_quote(rest);
    }
    return false;
}

/* --- scripts --- */

bool csp_allows_inline(const struct piece *list)
{
    struct piece rest = *list, token;
    bool is_allowed = false;
    while (next_token(&rest, &token)) {
        if (is_nonce_or_hash(&token) ||
            piece_is_like(&token, span_of_string("'strict-dynamic'")))
            return false;
        if (piece_is_like(&token, span_of_string("'unsafe-inline'")))
            is_allowed = true;
    }
    return is_allowed;
}

bool csp_allows_eval(const struct piece *list)
{
    return csp_has_token(list, "'unsafe-eval'");
}

/* --- frames --- */

static bool take_byte(struct piece *token, int byte)
{
    if (token->len == 0 || lines_peek(&token->from) != byte)
        return false;
    drop_first(token);
    return true;
}

static size_t take_kind(struct piece *token, byte_kind *is)
{
    size_t taken = 0;
    for (; token->len > 0 && is((char)lines_peek(&token->from)); taken++)
        drop_first(token);
    return taken;
}

/* "_" is none of CSP3's, but all browsers take it. */
static bool byte_is_label(char byte)
{
    return byte_is_alnum(byte) || byte == '-' || byte == '_';
}

/* "*" / [ "*." ] 1*label *( "." 1*label ) [ "." ] */
static bool take_host(struct piece *token)
{
    if (take_byte(token, '*') && !take_byte(token, '.'))
        return true;
    if (!take_kind(token, byte_is_label))
        return false;
    while (take_byte(token, '.') && take_kind(token, byte_is_label))
        ;
    return true;
}

/* ":" ( 1*DIGIT / "*" ), if there is one. */
static bool take_port(struct piece *token)
{
    return !take_byte(token, ':') || take_byte(token, '*') ||
           take_kind(token, byte_is_digit);
}

/* scheme-source or host-source (section 2.3.1); what is none is ignored.  An
 * ancestor is an origin, which no path but "/" matches (section 6.7.2.8). */
static bool is_ancestor_source(struct piece token)
{
    struct piece rest = token;
    if (!byte_is_digit((char)lines_peek(&rest.from)) &&
        take_kind(&rest, byte_is_scheme) && take_byte(&rest, ':')) {
        if (rest.len == 0)
            return true;
        if (take_byte(&rest, '/') && take_byte(&rest, '/'))
            token = rest;
    }
    if (!take_host(&token) || !take_port(&token))
        return false;
    take_byte(&token, '/');
    return token.len == 0;
}

/* "*", "https:", or * as the host behind a scheme: every host. */
static bool is_any_host(const struct piece *token)
{
    struct piece rest = *token;
    if (take_prefix(&rest, "http:") || take_prefix(&rest, "https:"))
        if (rest.len == 0)
            return true;
    if (rest.len < token->len && !take_prefix(&rest, "//"))
        return false;
    return take_prefix(&rest, "*") &&
           (rest.len == 0 || lines_peek(&rest.from) == ':' ||
               (rest.len == 1 && lines_peek(&rest.from) == '/'));
}

static enum audience read_ancestor(const struct piece *token)
{
    if (piece_is_like(token, span_of_string("'self'")))
        return AUDIENCE_SELF;
    if (!is_ancestor_source(*token))
        return AUDIENCE_NOBODY;
    return is_any_host(token) ? AUDIENCE_ANYONE : AUDIENCE_LISTED;
}

enum audience csp_read_ancestors(const struct piece *list)
{
    struct piece rest = *list, token;
    enum audience by = AUDIENCE_NOBODY;
    while (next_token(&rest, &token)) {
        enum audience one = read_ancestor(&token);
        if (one > by)
            by = one;
    }
    return by;
}
