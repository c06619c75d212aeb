/*
 * target_shown - what may be shown of a line that is perhaps no target.
 *
 * Invariant: what may be a password is taken for one, however broken the
 * line is.
 */
#include "input/target.h"

#include "text/span.h"

#include <stdlib.h>
#include <string.h>

static bool is_slash(char c)
{
    return c == '/';
}

/*
 * The length of "scheme://", or of what may have been meant as such: no good
 * target has one or three slashes there, and who miscounts them shall not
 * have the password shown.
 */
static size_t prefix_len(struct span column)
{
    struct span rest = column;
    struct span scheme = span_take(&rest, span_of(rest, byte_is_scheme));
    if (rest.len > 0 && *rest.at == ':')
        span_take(&rest, 1);
    else if (scheme.len > 0)
        return 0;
    size_t slashes = span_of(rest, is_slash);
    return slashes > 0 ? column.len - rest.len + slashes : 0;
}

/* Writes as much of it as there is room for. */
static char *write_cut(char *out, const char *end, struct span span)
{
    size_t room = (size_t)(end - out);
    size_t len = span.len < room ? span.len : room;
    memcpy(out, span.at, len);
    return out + len;
}

/* Where to cut a text of more than `len` bytes: not inside a character. */
static size_t cut_len(const char *text, size_t len)
{
    size_t cut = len;
    while (cut > len - 3 && (text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}

static char *join_shown(const struct span parts[3], size_t *len)
{
    size_t room = parts[0].len + parts[1].len + parts[2].len;
    bool cut = room > TARGET_SHOWN_MAX;
    if (cut)
        room = TARGET_SHOWN_MAX + 1; /* cut_len looks at what is left out */
    char *text = malloc(room + 1);
    if (!text)
        return NULL;
    char *out = text;
    for (int i = 0; i < 3; i++)
        out = write_cut(out, text + room, parts[i]);
    if (cut)
        out = text + cut_len(text, TARGET_SHOWN_MAX);
    *out = '\0';
    *len = (size_t)(out - text);
    return text;
}

/* What stands after a colon and is no port may be a password with any byte
 * in it, blanks and slashes too. */
static bool is_maybe_password(struct span authority)
{
    const char *colon = memchr(authority.at, ':', authority.len);
    if (!colon || *authority.at == '[')
        return false;
    span_take(&authority, (size_t)(colon + 1 - authority.at));
    return !span_is(authority, byte_is_digit);
}

char *target_shown(const char *line, size_t len, size_t *shown_len)
{
    struct span rest = {line, len}, mask = {"***", 0};
    span_take(&rest, span_of(rest, byte_is_blank));
    struct span prefix = span_take(&rest, prefix_len(rest));
    struct span authority = {rest.at, span_until(rest, "/?# \t")};
    const char *at = memrchr(authority.at, '@', authority.len);
    if (!at && is_maybe_password(authority))
        at = memrchr(rest.at, '@', rest.len);
    if (at) {
        mask.len = 3;
        span_take(&rest, (size_t)(at - rest.at));
    }
    struct span parts[] = {prefix, mask, span_take_column(&rest)};
    return join_shown(parts, shown_len);
}
