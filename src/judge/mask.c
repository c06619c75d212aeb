/*
 * mask - see mask.h.
 *
 * Invariant: this is the only list of such fields.
 */
#include "judge/mask.h"

#include <string.h>
#include <strings.h>

static const char *const not_compared[] = {"Date", "Age", "Expires",
    "Request-Id", "X-Request-Id", "X-Correlation-Id", "X-Trace-Id",
    "Traceparent", "X-Amzn-Trace-Id", "X-Amzn-RequestId", "X-Amz-Request-Id",
    "X-Amz-Id-2", "X-Amz-Cf-Id", "CF-Ray", "X-Timer", NULL};

static bool is_named(struct span name, const char *other, size_t len)
{
    return name.len == len && !strncasecmp(name.at, other, len);
}

static bool list_has(const char *list, struct span name)
{
    for (;;) {
        list += strspn(list, ", \t");
        size_t len = strcspn(list, ", \t");
        if (len == 0)
            return false;
        if (is_named(name, list, len))
            return true;
        list += len;
    }
}

static bool table_has(struct span name)
{
    for (size_t i = 0; not_compared[i]; i++)
        if (is_named(name, not_compared[i], strlen(not_compared[i])))
            return true;
    return false;
}

enum mask_kind mask_find(const struct mask *mask, struct span name)
{
    for (size_t i = 0; i < mask->count; i++)
        if (list_has(mask->ignored[i], name))
            return MASK_ALL;
    if (mask->none)
        return MASK_NOTHING;
    if (is_named(name, "Set-Cookie", strlen("Set-Cookie")))
        return MASK_COOKIE;
    return table_has(name) ? MASK_ALL : MASK_NOTHING;
}

const char *mask_name(size_t i)
{
    return i < sizeof not_compared / sizeof *not_compared ? not_compared[i]
                                                          : NULL;
}
