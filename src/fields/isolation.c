/*
 * isolation - see isolation.h.
 */
#include "fields/isolation.h"

#include "fields/structured.h"

/* The Token that the field is; false: it is absent or void. */
static bool read_token(
    const struct field_head *head, const char *name, struct piece *out)
{
    struct lines lines;
    struct structured reader;
    struct structured_part part;
    if (!lines_init(&lines, head, span_of_string(name)) ||
        structured_fault(STRUCTURED_ITEM, &lines))
        return false;
    structured_init(&reader, STRUCTURED_ITEM, &lines);
    if (!structured_next(&reader, &part) || part.kind != STRUCTURED_BARE ||
        part.value.type != BARE_TOKEN)
        return false;
    *out = part.value.text;
    return true;
}

static const char *find_obstacle(const struct field_head *head)
{
    struct piece token;
    if (!head->is_secure)
        return "over http neither field counts (HTML, secure contexts)";
    if (!read_token(head, "Cross-Origin-Opener-Policy", &token) ||
        !piece_is(&token, span_of_string("same-origin")))
        return "Cross-Origin-Opener-Policy is not the token same-origin (HTML, "
               "obtain an opener policy)";
    if (!read_token(head, "Cross-Origin-Embedder-Policy", &token) ||
        (!piece_is(&token, span_of_string("require-corp")) &&
            !piece_is(&token, span_of_string("credentialless"))))
        return "Cross-Origin-Embedder-Policy is neither of the tokens "
               "require-corp and credentialless (HTML, obtain an embedder "
               "policy)";
    return NULL;
}

void isolation_get(const struct field_head *head, struct field_value *out)
{
    const char *why = find_obstacle(head);
    field_set_bool(out, !why, why);
}
