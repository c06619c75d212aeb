/*
 * nosniff - see nosniff.h.
 */
#include "fields/nosniff.h"

#include "fields/fetch_split.h"

/* Why it has no effect; NULL: it has. */
static const char *find_obstacle(const struct field_head *head)
{
    struct fetch_split split;
    struct piece first;
    if (!fetch_split_init(&split, head, "X-Content-Type-Options"))
        return "there is no X-Content-Type-Options";
    fetch_split_next(&split, &first);
    return piece_is_like(&first, span_of_string("nosniff"))
               ? NULL
               : "the first value is not nosniff (Fetch, determine nosniff)";
}

void nosniff_get(const struct field_head *head, struct field_value *out)
{
    const char *why = find_obstacle(head);
    field_set_bool(out, !why, why);
}

void nosniff_get_valid(const struct field_head *head, struct field_value *out)
{
    struct fetch_split split;
    if (fetch_split_init(&split, head, "X-Content-Type-Options"))
        nosniff_get(head, out);
    else
        field_set_none(out, NULL);
}
