/*
 * Fields by their grammars, and the facts of caches: the first line of the
 * input is a field's name, the second one a member's, the third one a value to
 * compare with; the rest is a stored head's, after the status line.
 */
#include "fuzz.h"

#include "fields/cache.h"
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
                  value->len <= 2);
    if (value->type == FIELD_BOOL)
        fuzz_must(value->number == 0 || value->number == 1);
    if (value->type == FIELD_DURATION)
        fuzz_must(value->number >= 0 &&
                  value->number <= CACHE_SECONDS_MAX * INT64_C(1000000000));
}

static void check_facts(const struct field_head *head)
{
    struct field_value stored = {0}, lifetime = {0}, shared = {0};
    cache_get_stored(head, &stored);
    cache_get_lifetime(head, &lifetime);
    cache_get_shared_lifetime(head, &shared);
    check_value(&stored, head);
    check_value(&lifetime, head);
    check_value(&shared, head);
    fuzz_must(stored.type == FIELD_BOOL);
    fuzz_must(lifetime.type == FIELD_DURATION || lifetime.why);
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
    check_field(&whole, name, member);
    check_equality(name, value, &whole);
    free(copy);
    free(head);
    return 0;
}
