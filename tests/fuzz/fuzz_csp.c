/*
 * Two policies, a line each: together they allow no more than each does; two
 * lines are one with a comma; neither the case of letters nor what is only
 * reported matters.
 */
#include "fuzz.h"
#include "stored.h"

#include "fields/csp.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 4096 };

#define CSP "Content-Security-Policy"

struct allowed {
    int64_t inline_script, eval;
    bool has_framing;
    enum audience framing;
};

static struct allowed allowed_by(struct stored *stored)
{
    struct allowed by = {stored_number(stored, "csp.inline-script"),
        stored_number(stored, "csp.eval"), false, AUDIENCE_ANYONE};
    by.has_framing = csp_find_framing(stored_head(stored), &by.framing);
    stored_fini(stored);
    fuzz_must(by.inline_script >= 0 && by.eval >= 0);
    return by;
}

static struct allowed allowed_by_lines(struct span first, struct span second)
{
    struct stored stored = {.text = NULL};
    stored_add(&stored, CSP, first);
    if (second.at)
        stored_add(&stored, CSP, second);
    return allowed_by(&stored);
}

static struct allowed allowed_by_one_line(struct span first, struct span second)
{
    struct stored stored = {.text = NULL};
    stored_add_both(&stored, CSP, first, second);
    stored_add(&stored, CSP "-Report-Only", second);
    return allowed_by(&stored);
}

static void check_same(const struct allowed *a, const struct allowed *b)
{
    fuzz_must(a->inline_script == b->inline_script);
    fuzz_must(a->eval == b->eval);
    fuzz_must(a->has_framing == b->has_framing);
    fuzz_must(!a->has_framing || a->framing == b->framing);
}

static void check_no_more(const struct allowed *both, const struct allowed *one)
{
    fuzz_must(both->inline_script <= one->inline_script);
    fuzz_must(both->eval <= one->eval);
    fuzz_must(both->has_framing || !one->has_framing);
    fuzz_must(!one->has_framing || both->framing <= one->framing);
}

static void make_upper(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
}

static void check_case(struct span first, const struct allowed *same)
{
    char *upper = fuzz_copy(first);
    make_upper(upper, first.len);
    struct allowed by = allowed_by_lines(
        (struct span){upper, first.len}, (struct span){NULL, 0});
    check_same(&by, same);
    free(upper);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span second = {(const char *)bytes, size}, none = {NULL, 0};
    if (size > BYTES_MAX)
        return 0;
    struct span first = fuzz_take(&second, '\n');
    if (!second.at || memchr(second.at, '\n', second.len))
        return 0;
    struct allowed one = allowed_by_lines(first, none);
    struct allowed other = allowed_by_lines(second, none);
    struct allowed both = allowed_by_lines(first, second);
    struct allowed joined = allowed_by_one_line(first, second);
    check_same(&both, &joined);
    check_no_more(&both, &one);
    check_no_more(&both, &other);
    check_case(first, &one);
    return 0;
}
