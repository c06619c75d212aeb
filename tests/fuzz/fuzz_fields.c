/*
 * Fields by their grammars, facts and cookies: the first line of the
 * input is a field's name, the second one a member's, the third one a value to
 * compare with; the rest is a stored head's, after the status line.
 */
#include "fuzz.h"

#include "fields/cache.h"
#include "fields/cookies.h"
#include "fields/facts.h"
#include "fields/fields.h"
#include "fields/lines.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 8192 };

static const char begin[] = "HTTP/1.1 200 OK\n";

/* Whose the text is: the head's, or the value's own. */
static bool is_within(
    const struct field_value *value, const char *at, size_t size)
{
    return value->text >= at && value->text + value->len <= at + size;
}

static void check_value(
    const struct field_value *value, const struct field_head *head)
{
    fuzz_must(value->type <= FIELD_DATE);
    if (value->type == FIELD_TEXT && value->len > 0)
        fuzz_must(is_within(value, head->head, head->head_len) ||
                  is_within(value, value->made, sizeof value->made) ||
                  value->len <= 32); /* a static one */
    if (value->type == FIELD_BOOL)
        fuzz_must(value->number == 0 || value->number == 1);
    if (value->type == FIELD_DURATION)
        fuzz_must(value->number >= 0 &&
                  value->number <= CACHE_SECONDS_MAX * INT64_C(1000000000));
}

/* Every fact is told, or it is said why not. */
static void check_facts(const struct field_head *head)
{
    for (size_t i = 0; i < fact_count; i++) {
        struct fact fact = {.row = i, .name = {"camera", 6}};
        struct field_value value = {0};
        fact_get(&fact, head, &value);
        check_value(&value, head);
        fuzz_must(value.type == fact_type(i) || value.why);
    }
}

static bool is_of_head(struct span span, const struct field_head *head)
{
    return span.at >= head->head &&
           span.at + span.len <= head->head + head->head_len;
}

static void check_cookies(const struct field_head *head)
{
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, head);
    while (cookies_next(&cookies, &cookie)) {
        fuzz_must(is_of_head(cookie.name, head));
        fuzz_must(is_of_head(cookie.value, head));
        fuzz_must(!cookie.path.at || is_of_head(cookie.path, head));
        fuzz_must(!cookie.domain.at || is_of_head(cookie.domain, head));
        fuzz_must(cookie.max_age >= 0 && cookie.max_age <= 34560000);
    }
}

static void check_field(
    const struct field_head *head, struct span name, struct span member)
{
    struct field_value value = {0}, valid = {0}, date = {0};
    struct lines lines;
    field_get_member(head, name, member, &value);
    check_value(&value, head);
    field_get_valid(head, name, &valid);
    check_value(&valid, head);
    field_get_date(head, name, &date);
    check_value(&date, head);
    bool has = field_has_member(head, name, member);
    if (!lines_init(&lines, head, name))
        fuzz_must(!has && !value.type && !valid.type && !date.type);
}

static void check_equality(
    struct span name, struct span value, const struct field_head *head)
{
    struct http_field field;
    struct http_fields fields;
    fuzz_must(!field_is_equal(name, value, (struct span){"\xff", 1}) ||
              (value.len == 1 && *value.at == '\xff'));
    http_fields_init(&fields, head->head, head->head_len);
    while (http_fields_next(&fields, &field)) {
        struct span other = {field.value, field.value_len};
        fuzz_must(field_is_equal(name, value, other) ==
                  field_is_equal(name, other, value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span input = {(const char *)bytes, size};
    if (size > BYTES_MAX)
        return 0;
    struct span name = fuzz_take(&input, '\n');
    struct span member = fuzz_take(&input, '\n');
    struct span value = fuzz_take(&input, '\n');
    char *head = malloc(sizeof begin + input.len);
    fuzz_must(head);
    memcpy(head, begin, sizeof begin - 1);
    memcpy(head + sizeof begin - 1, input.at, input.len);
    struct span exact = {head, sizeof begin - 1 + input.len};
    char *copy = fuzz_copy(exact);
    struct field_head whole = {.head = copy,
        .head_len = exact.len,
        .is_secure = true,
        .host = "a.example",
        .received_at = 1796083200};
    check_facts(&whole);
    check_cookies(&whole);
    check_field(&whole, name, member);
    check_equality(name, value, &whole);
    free(copy);
    free(head);
    return 0;
}
