/*
 * All facts of a response, and its cookies: the first byte of the input says
 * where it came from, the rest are the fields of a stored head.
 */
#include "fuzz.h"

#include "fields/cookies.h"
#include "fields/facts.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 16384, COOKIE_AGE_MAX = 400 * 24 * 60 * 60 };

static const char begin[] = "HTTP/1.1 200 OK\n";

static bool is_in_head(const struct field_head *head, struct span text)
{
    return !text.at || (text.at >= head->head &&
                           text.at + text.len <= head->head + head->head_len);
}

/* Of its row's type, or none; where it does not hold, it says why. */
static void check_fact(const struct field_head *head, size_t row)
{
    struct fact fact = {.row = row, .name = {"camera", 6}};
    struct field_value value = {0};
    fact_get(&fact, head, &value);
    fuzz_must(value.type == fact_type(row) || value.type == FIELD_NONE);
    fuzz_must(value.type != FIELD_NONE || value.why);
    if (value.type == FIELD_BOOL) {
        fuzz_must(value.number == 0 || value.number == 1);
        fuzz_must(value.number == 1 || value.why);
    }
    if (value.type == FIELD_DURATION)
        fuzz_must(value.number >= 0);
    unsigned sum = 0; /* each byte of a text can be read */
    for (size_t i = 0; value.type == FIELD_TEXT && i < value.len; i++)
        sum += (unsigned char)value.text[i];
    fuzz_must(sum > 0 || value.type != FIELD_TEXT || value.len == 0);
}

static void check_cookie(
    const struct field_head *head, const struct cookie *cookie)
{
    fuzz_must(is_in_head(head, cookie->name));
    fuzz_must(is_in_head(head, cookie->value));
    fuzz_must(is_in_head(head, cookie->path));
    fuzz_must(is_in_head(head, cookie->domain));
    if (cookie->has_max_age)
        fuzz_must(cookie->max_age >= 0 && cookie->max_age <= COOKIE_AGE_MAX);
    if (cookie->refused)
        return;
    fuzz_must(cookie->name.len + cookie->value.len > 0);
    fuzz_must(cookie->name.len + cookie->value.len <= 4096);
    fuzz_must(cookie->path.len <= 1024);
    fuzz_must(!cookie->is_secure || head->is_secure);
    fuzz_must(cookie->is_secure || cookie->same_site.len != 4); /* None */
}

static void check_cookies(const struct field_head *head)
{
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie))
        check_cookie(head, &cookie);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    if (size < 1 || size > BYTES_MAX)
        return 0;
    char from = *span_take(&input, 1).at;
    size_t len = sizeof begin - 1 + input.len;
    char *text = malloc(len);
    fuzz_must(text);
    memcpy(text, begin, sizeof begin - 1);
    memcpy(text + sizeof begin - 1, input.at, input.len);
    struct field_head head = {.head = text,
        .head_len = len,
        .is_secure = from != 'p',
        .is_literal = from == 'i',
        .host = from == 'i' ? "192.0.2.7" : "www.a.example",
        .received_at = 1796083200};
    for (size_t row = 0; row < fact_count; row++)
        check_fact(&head, row);
    check_cookies(&head);
    free(text);
    return 0;
}
