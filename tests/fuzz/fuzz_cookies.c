/*
 * Two Set-Cookie lines: each says what it says alone; "Secure" behind it makes
 * it secure, and blanks round it mean nothing.
 */
#include "fuzz.h"
#include "stored.h"

#include "fields/cookies.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 8192 };

#define NAME "Set-Cookie"

static bool is_same(struct span a, struct span b)
{
    return !a.at == !b.at && a.len == b.len &&
           (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static void check_same(const struct cookie *a, const struct cookie *b)
{
    fuzz_must(!a->refused == !b->refused);
    fuzz_must(is_same(a->name, b->name) && is_same(a->value, b->value));
    fuzz_must(a->is_secure == b->is_secure);
    fuzz_must(a->is_http_only == b->is_http_only);
    fuzz_must(is_same(a->same_site, b->same_site));
    fuzz_must(is_same(a->path, b->path) && is_same(a->domain, b->domain));
    fuzz_must(a->has_max_age == b->has_max_age && a->max_age == b->max_age);
}

/* The only cookie. */
static void read_one(struct stored *stored, struct cookie *out)
{
    struct cookies cookies;
    struct cookie more;
    cookies_init(&cookies, stored_head(stored));
    fuzz_must(cookies_next(&cookies, out));
    fuzz_must(!cookies_next(&cookies, &more));
}

static void check_alone(const struct cookie *among, struct span line)
{
    struct stored stored = {.text = NULL};
    struct cookie alone;
    stored_add(&stored, NAME, line);
    read_one(&stored, &alone);
    check_same(among, &alone);
    stored_fini(&stored);
}

/* With these bytes before and behind it. */
static void read_with(struct stored *stored, struct span line,
    const char *before, const char *behind, struct cookie *out)
{
    size_t len = strlen(before) + line.len + strlen(behind);
    char *text = malloc(len + 1);
    fuzz_must(text);
    memcpy(stpcpy(text, before), line.at, line.len);
    strcpy(text + strlen(before) + line.len, behind);
    stored_add(stored, NAME, (struct span){text, len});
    free(text);
    read_one(stored, out);
}

static void check_more(const struct cookie *cookie, struct span line)
{
    struct stored blanks = {.text = NULL}, secure = {.text = NULL};
    struct cookie other;
    read_with(&blanks, line, " \t", "\t ", &other);
    check_same(cookie, &other);
    read_with(&secure, line, "", ";secure", &other);
    fuzz_must(other.is_secure || other.refused);
    fuzz_must(!other.refused || cookie->refused);
    stored_fini(&blanks);
    stored_fini(&secure);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct stored stored = {.text = NULL};
    struct cookies cookies;
    struct cookie first, second, none;
    struct span other = {(const char *)bytes, size};
    if (size > BYTES_MAX)
        return 0;
    struct span line = fuzz_take(&other, '\n');
    if (!other.at || memchr(other.at, '\n', other.len))
        return 0;
    stored_add(&stored, NAME, line);
    stored_add(&stored, NAME, other);
    cookies_init(&cookies, stored_head(&stored));
    fuzz_must(cookies_next(&cookies, &first));
    fuzz_must(cookies_next(&cookies, &second));
    fuzz_must(!cookies_next(&cookies, &none));
    check_alone(&first, line);
    check_alone(&second, other);
    check_more(&first, line);
    stored_fini(&stored);
    return 0;
}
