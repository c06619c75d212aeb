/*
 * framing - see framing.h.
 *
 * Invariant: an enforced frame-ancestors decides alone.
 */
#include "fields/framing.h"

#include "fields/csp.h"
#include "fields/fetch_split.h"

/* What the values of X-Frame-Options are as a set, in lower case. */
struct options {
    bool is_there;
    bool differ; /* more than one in the set */
    bool deny, same_origin, allow_all;
};

static void read_options(const struct field_head *head, struct options *out)
{
    struct fetch_split split;
    struct piece first, value;
    *out = (struct options){
        .is_there = fetch_split_init(&split, head, "X-Frame-Options")};
    for (bool is_first = true;
         out->is_there && fetch_split_next(&split, &value); is_first = false) {
        if (is_first)
            first = value;
        out->differ |= !piece_is_same_like(&first, &value);
        out->deny |= piece_is_like(&value, span_of_string("deny"));
        out->same_origin |= piece_is_like(&value, span_of_string("sameorigin"));
        out->allow_all |= piece_is_like(&value, span_of_string("allowall"));
    }
}

/* By X-Frame-Options alone. */
static enum audience judge_options(
    const struct options *options, const char **why)
{
    bool is_known = options->deny || options->same_origin || options->allow_all;
    *why = NULL;
    if (options->differ && is_known) {
        *why = "values of X-Frame-Options differ, so it is refused (HTML, "
               "check X-Frame-Options)";
        return AUDIENCE_NOBODY;
    }
    if (options->deny)
        return AUDIENCE_NOBODY;
    if (options->same_origin)
        return AUDIENCE_SELF;
    *why = options->is_there
               ? "X-Frame-Options is neither DENY nor SAMEORIGIN (HTML, check "
                 "X-Frame-Options)"
               : "there is neither frame-ancestors nor X-Frame-Options";
    return AUDIENCE_ANYONE;
}

void framing_get(const struct field_head *head, struct field_value *out)
{
    struct options options;
    const char *why = "by frame-ancestors (CSP3 section 6.4.2)";
    enum audience audience;
    if (!csp_find_framing(head, &audience)) {
        read_options(head, &options);
        audience = judge_options(&options, &why);
    }
    field_set_text(out, audience_name(audience), why);
}

void framing_get_valid(const struct field_head *head, struct field_value *out)
{
    struct options options;
    read_options(head, &options);
    if (!options.is_there)
        field_set_none(out, NULL);
    else if (options.differ)
        field_set_bool(
            out, false, "there is more than one value (HTML, X-Frame-Options)");
    else
        field_set_bool(out, options.deny || options.same_origin,
            options.deny || options.same_origin
                ? NULL
                : "it is neither DENY nor SAMEORIGIN (HTML, X-Frame-Options)");
}
