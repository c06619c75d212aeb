/*
 * fetch_split - see fetch_split.h.
 *
 * Invariant: a field that is there has at least one value, maybe empty.
 */
#include "fields/fetch_split.h"

bool fetch_split_init(
    struct fetch_split *split, const struct field_head *head, const char *name)
{
    split->is_over = false;
    return lines_init(&split->lines, head, span_of_string(name));
}

/* From one quote to the next, or to the end. */
static size_t take_quoted(struct lines *lines)
{
    size_t len = 1;
    lines_skip(lines);
    for (int byte; (byte = lines_peek(lines)) >= 0; len++) {
        lines_skip(lines);
        if (byte == '"')
            return len + 1;
        if (byte == '\\' && lines_peek(lines) >= 0) {
            lines_skip(lines);
            len++;
        }
    }
    return len;
}

bool fetch_split_next(struct fetch_split *split, struct piece *out)
{
    struct lines *lines = &split->lines;
    size_t len = 0;
    if (split->is_over)
        return false;
    lines_take_all(lines, byte_is_blank);
    *out = (struct piece){.from = *lines};
    for (int byte; (byte = lines_peek(lines)) >= 0 && byte != ',';) {
        if (byte == '"') {
            len += take_quoted(lines);
        } else {
            len++;
            lines_skip(lines);
        }
        if (!byte_is_blank((char)byte))
            out->len = len;
    }
    split->is_over = !lines_take(lines, ',');
    return true;
}
