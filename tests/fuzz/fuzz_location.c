/*
 * A Location field: the first line of the input is the URL that sent it, the
 * rest its value, and by itself a stored head, in which LF begins new lines.
 *
 * Where it leads is a target like any other, and leads to itself.
 */
#include "fuzz.h"
#include "wellformed.h"

#include "fetch/failure.h"
#include "fetch/redirect.h"
#include "http/location.h"
#include "record/result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Absolute or empty, it must come to the same place. */
static void check_fixed(const struct target *target, const char *value)
{
    struct target *again = NULL;
    const char *reason;
    struct span span = {value, strlen(value)};
    fuzz_must(location_resolve(target, span, &again, &reason) == 0);
    check_same_target(target, again);
    target_destroy(again);
}

/* Without a scheme or a host of its own, it stays where it was. */
static void check_site(
    const struct target *base, const struct target *next, struct span value)
{
    struct span head = {value.at, span_until(value, "/?#")};
    if (span_has(head, ':'))
        return;
    fuzz_must(next->scheme == base->scheme);
    if (!span_has_prefix(value, "//"))
        fuzz_must(!redirect_is_foreign(base, next));
}

/* RFC 3986 section 5.2.4: no segment is "." or "..". */
static void check_no_dots(const char *path)
{
    size_t len = strcspn(path, "?");
    for (size_t at = 0; at < len;) {
        size_t size = strcspn(path + at + 1, "/?");
        fuzz_must(size != 1 || path[at + 1] != '.');
        fuzz_must(size != 2 || memcmp(path + at + 1, "..", 2) != 0);
        at += 1 + size;
    }
}

static void check_resolve(const struct target *base, struct span value)
{
    struct target *next = NULL;
    const char *reason = NULL;
    int error = location_resolve(base, value, &next, &reason);
    fuzz_must(error == 0 || error == -EINVAL);
    if (error) {
        check_message(reason);
        return;
    }
    check_target(next);
    check_site(base, next, value);
    check_fixed(next, "");
    if (value.len > 0 && *value.at != '?' && *value.at != '#') {
        check_no_dots(next->path);
        check_fixed(next, next->url);
    }
    target_destroy(next);
}

static void check_redirect(const struct target *base, struct span value)
{
    static const char begin[] = "HTTP/1.1 302 Found\nLocation: ";
    struct result result;
    struct target *next = NULL;
    result_init(&result);
    result.target = base;
    result.input = base->input;
    result.response.status = 302;
    result.response.head_len = strlen(begin) + value.len + 1;
    result.response.head = malloc(result.response.head_len + 1);
    fuzz_must(result.response.head);
    snprintf(result.response.head, result.response.head_len, "%s", begin);
    memcpy(result.response.head + strlen(begin), value.at, value.len);
    result.response.head[result.response.head_len - 1] = '\n';
    int error = redirect_find(&result, 10, 0, &next);
    fuzz_must(error == 0 || error == RESULT_FAILED);
    if (error)
        check_message(result_message(&result));
    else if (next)
        check_target(next);
    target_destroy(next);
    result_fini(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    struct span line = fuzz_take(&input, '\n');
    struct target *base;
    const char *reason;
    if (target_parse(line.at, line.len, &base, &reason))
        return 0;
    char *value = fuzz_copy(input);
    check_resolve(base, (struct span){value, input.len});
    check_redirect(base, (struct span){value, input.len});
    free(value);
    target_destroy(base);
    return 0;
}
