/*
 * Two Cache-Control lines: they are one with a comma; Age is taken off; and
 * no-store in front is obeyed.
 */
#include "fuzz.h"
#include "stored.h"

#include "fields/cache.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 4096, AGE = 10 };

#define NAME "Cache-Control"
#define SECOND INT64_C(1000000000)

struct kept {
    int64_t is_stored, lifetime, shared; /* -1: not said */
};

static struct kept kept_by(struct stored *stored)
{
    struct kept by = {stored_number(stored, "cache.stored"),
        stored_number(stored, "cache.lifetime"),
        stored_number(stored, "cache.shared-lifetime")};
    fuzz_must(by.is_stored == 0 || by.is_stored == 1);
    fuzz_must(by.lifetime <= CACHE_SECONDS_MAX * SECOND);
    fuzz_must(by.shared <= CACHE_SECONDS_MAX * SECOND);
    stored_fini(stored);
    return by;
}

static void check_age(int64_t lifetime, int64_t aged)
{
    int64_t left = lifetime - AGE * SECOND;
    fuzz_must(lifetime < 0 ? aged == lifetime : aged == (left > 0 ? left : 0));
}

/* It is not kept, unless the same line asks for more than it says. */
static void check_no_store(struct span first)
{
    struct stored stored = {.text = NULL};
    struct lines lines;
    stored_add_both(
        &stored, NAME, (struct span){"no-store", sizeof "no-store" - 1}, first);
    fuzz_must(lines_init(&lines, stored_head(&stored), span_of_string(NAME)));
    bool is_told = !cache_has_member(&lines, span_of_string("must-understand"));
    struct kept by = kept_by(&stored);
    fuzz_must(!is_told || !by.is_stored);
    fuzz_must(!is_told || by.lifetime <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct stored lines = {.text = NULL}, line = {.text = NULL};
    struct stored aged = {.text = NULL};
    struct span second = {(const char *)bytes, size};
    if (size > BYTES_MAX)
        return 0;
    struct span first = fuzz_take(&second, '\n');
    if (!second.at || memchr(second.at, '\n', second.len))
        return 0;
    stored_add(&lines, NAME, first);
    stored_add(&lines, NAME, second);
    stored_add_both(&line, NAME, first, second);
    stored_add_both(&aged, NAME, first, second);
    stored_add(&aged, "Age", (struct span){"10", 2});
    struct kept by = kept_by(&lines), by_one = kept_by(&line);
    struct kept by_aged = kept_by(&aged);
    fuzz_must(by.is_stored == by_one.is_stored);
    fuzz_must(by.lifetime == by_one.lifetime && by.shared == by_one.shared);
    check_age(by.lifetime, by_aged.lifetime);
    check_age(by.shared, by_aged.shared);
    check_no_store(first);
    return 0;
}
