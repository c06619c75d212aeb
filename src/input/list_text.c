/*
 * list_text - see list_text.h.
 */
#include "input/list_text.h"

#include <string.h>

static size_t find_comment(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == '#' && (i == 0 || byte_is_blank(line.at[i - 1])))
            return i;
    return line.len;
}

struct span list_text(struct span line)
{
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    span_take(&line, span_of(line, byte_is_blank));
    line.len = find_comment(line);
    while (line.len && byte_is_blank(line.at[line.len - 1]))
        line.len--;
    return line;
}

struct span list_text_first(struct span line)
{
    if (span_has_prefix(line, "\xef\xbb\xbf"))
        span_take(&line, 3);
    return line;
}
