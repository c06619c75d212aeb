/* span - see span.h. */
#include "text/span.h"

#include <string.h>

struct span span_trim(struct span span, byte_kind *is)
{
    span_take(&span, span_of(span, is));
    while (span.len > 0 && is(span.at[span.len - 1]))
        span.len--;
    return span;
}

size_t span_until(struct span span, const char *stops)
{
    for (; *stops; stops++) {
        const char *stop = memchr(span.at, *stops, span.len);
        if (stop)
            span.len = (size_t)(stop - span.at);
    }
    return span.len;
}

bool span_has(struct span span, char byte)
{
    return memchr(span.at, byte, span.len) != NULL;
}

bool span_has_prefix(struct span span, const char *prefix)
{
    size_t len = strlen(prefix);
    return span.len >= len && memcmp(span.at, prefix, len) == 0;
}

struct span span_take_column(struct span *line)
{
    span_take(line, span_of(*line, byte_is_blank));
    return span_take(line, span_until(*line, " \t"));
}

bool span_copy(struct span span, char *out, size_t size)
{
    if (span.len >= size)
        return false;
    memcpy(out, span.at, span.len);
    out[span.len] = '\0';
    return true;
}

bool span_is_like(struct span span, struct span other)
{
    if (span.len != other.len)
        return false;
    for (size_t i = 0; i < span.len; i++)
        if (byte_lower(span.at[i]) != byte_lower(other.at[i]))
            return false;
    return true;
}
