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

static struct framing judge_options(const struct options *options)
{
    bool is_known = options->deny || options->same_origin || options->allow_all;
    if (!options->is_there)
        return (struct framing){FRAMING_ANYONE,
            "there is neither frame-ancestors nor X-Frame-Options"};
    if (options->differ && is_known)
        return (struct framing){FRAMING_NOBODY,
            "values of X-Frame-Options differ, so it is refused (HTML, check "
            "X-Frame-Options)"};
    if (options->deny)
        return (struct framing){FRAMING_NOBODY, NULL};
    if (options->same_origin)
        return (struct framing){FRAMING_SELF, NULL};
    return (struct framing){FRAMING_ANYONE,
        "X-Frame-Options is neither DENY nor SAMEORIGIN (HTML, check "
        "X-Frame-Options)"};
}

void framing_get(const struct field_head *head, struct field_value *out)
{
    static const char *const names[] = {"nobody", "self", "listed", "anyone"};
    struct framing framing;
    struct options options;
    if (!head->head) {
        field_set_none(out, NULL);
        return;
    }
    if (!csp_find_framing(head, &framing)) {
        read_options(head, &options);
        framing = judge_options(&options);
    }
    field_set_text(out, names[framing.by], framing.why);
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
