/*
 * permissions - see permissions.h.
 *
 * Invariant: a member that is neither *, self nor a String that is an origin
 * allows nobody (a Token that looks like an origin is none), nor does one
 * without self.
 */
#include "fields/permissions.h"

#include "fields/audience.h"
#include "fields/structured.h"
#include "text/span.h"

/* scheme "://" and something; "null" and keywords are none. */
static bool is_origin(const struct piece *text)
{
    struct lines lines = text->from;
    size_t at = 0, scheme = 0;
    for (; at < text->len && byte_is_scheme((char)lines_peek(&lines)); at++)
        lines_skip(&lines);
    scheme = at;
    for (const char *next = "://"; *next; next++, at++)
        if (at >= text->len || !lines_take(&lines, *next))
            return false;
    return scheme > 0 && at < text->len;
}

static enum audience read_member(const struct structured_value *value)
{
    if (value->type == BARE_TOKEN) {
        if (piece_is(&value->text, span_of_string("*")))
            return AUDIENCE_ANYONE;
        if (piece_is(&value->text, span_of_string("self")))
            return AUDIENCE_SELF;
    }
    return value->type == BARE_STRING && is_origin(&value->text)
               ? AUDIENCE_LISTED
               : AUDIENCE_NOBODY;
}

/* The widest of the member, which may be an inner list; without self no frame
 * may what the page itself may not ("define an inherited policy"). */
static enum audience read_all(
    const struct structured_part *first, struct structured *after)
{
    struct structured_part part = *first;
    enum audience allowed = AUDIENCE_NOBODY;
    bool has_self = false;
    do {
        enum audience one = part.kind == STRUCTURED_BARE
                                ? read_member(&part.value)
                                : AUDIENCE_NOBODY;
        has_self = has_self || one == AUDIENCE_SELF;
        allowed = one > allowed ? one : allowed;
    } while (first->kind == STRUCTURED_INNER && structured_next(after, &part) &&
             part.kind != STRUCTURED_INNER_END);
    return allowed == AUDIENCE_LISTED && !has_self ? AUDIENCE_NOBODY : allowed;
}

enum { FEATURE_MAX = 64 };

/* Features are keys, in lower case; what is longer than any is cut, and then
 * is none. */
static struct span lower_feature(struct span feature, char out[FEATURE_MAX])
{
    size_t len = feature.len < FEATURE_MAX ? feature.len : FEATURE_MAX;
    for (size_t i = 0; i < len; i++)
        out[i] = (char)byte_lower(feature.at[i]);
    return (struct span){out, len};
}

static const char *find_obstacle(const struct field_head *head,
    struct span feature, struct structured_part *part, struct structured *after)
{
    struct lines lines;
    if (!lines_init(&lines, head, span_of_string("Permissions-Policy")))
        return "there is no Permissions-Policy, so the feature's default "
               "applies";
    if (structured_fault(STRUCTURED_DICTIONARY, &lines))
        return "Permissions-Policy is no dictionary, so all of it is ignored "
               "(RFC 9651 section 4.2)";
    if (!structured_find(&lines, feature, part, after))
        return "Permissions-Policy does not name it, so the feature's default "
               "applies";
    return NULL;
}

void permissions_get(
    const struct field_head *head, struct span feature, struct field_value *out)
{
    struct structured_part part;
    struct structured after;
    char name[FEATURE_MAX];
    feature = lower_feature(feature, name);
    const char *why = find_obstacle(head, feature, &part, &after);
    if (why)
        field_set_none(out, why);
    else
        field_set_text(out, audience_name(read_all(&part, &after)), NULL);
}
