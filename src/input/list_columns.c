/* list_columns - see list_columns.h. */
#include "input/list_columns.h"

#include "input/literal.h"
#include "text/span.h"

#include <errno.h>
#include <string.h>

static bool is_address(struct span column)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    return literal_ipv4(column, &in) || !literal_ipv6(column, false, &in6);
}

bool list_columns_any(const char *line, size_t len)
{
    struct span rest = {line, len};
    span_take_column(&rest);
    return span_take_column(&rest).len > 0;
}

int list_columns_take(const char *line, size_t *len, char **out)
{
    struct span rest = {line, *len};
    span_take_column(&rest);
    struct span behind = rest;
    if (is_address(span_take_column(&behind)))
        rest = behind;
    size_t kept = *len - rest.len;
    span_take(&rest, span_of(rest, byte_is_blank));
    char *text = rest.len ? strndup(rest.at, rest.len) : NULL;
    if (rest.len && !text)
        return -ENOMEM;
    *len = kept;
    *out = text;
    return 0;
}
