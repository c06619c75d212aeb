/*
 * stand_in - until the rooms of fields/ are there.
 */
#include "fields/cookies.h"
#include "fields/facts.h"
#include "fields/fields.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum field_type type;
} facts[] = {
    {"hsts", FIELD_BOOL},
    {"hsts.max-age", FIELD_DURATION},
    {"nosniff", FIELD_BOOL},
    {"framing", FIELD_TEXT},
    {"csp.inline-script", FIELD_BOOL},
    {"permissions.FEATURE", FIELD_TEXT},
    {"cache.stored", FIELD_BOOL},
    {"csp.eval", FIELD_BOOL},
    {"hsts.include-subdomains", FIELD_BOOL},
    {"hsts.preload", FIELD_BOOL},
    {"referrer", FIELD_TEXT},
    {"isolated", FIELD_BOOL},
    {"cache.lifetime", FIELD_DURATION},
    {"cache.shared-lifetime", FIELD_DURATION},
    {"cors.origin", FIELD_TEXT},
};
const size_t fact_count = sizeof facts / sizeof *facts;

const char *fact_name(size_t row)
{
    return facts[row].name;
}
enum field_type fact_type(size_t row)
{
    return facts[row].type;
}
const char *fact_unit(size_t row)
{
    (void)row;
    return NULL;
}
const char *fact_help(size_t row)
{
    return facts[row].name;
}

int fact_find(struct span name, struct fact *out)
{
    for (size_t i = 0; i < fact_count; i++)
        if (strlen(facts[i].name) == name.len &&
            strncasecmp(facts[i].name, name.at, name.len) == 0) {
            out->row = i;
            return 0;
        }
    if (name.len > 12 && strncasecmp(name.at, "permissions.", 12) == 0) {
        out->row = 5;
        out->name = (struct span){name.at + 12, name.len - 12};
        return 0;
    }
    return -EINVAL;
}

static void set_bool(struct field_value *out, bool is, const char *why)
{
    out->type = FIELD_BOOL;
    out->number = is;
    out->why = is ? NULL : why;
}

static void set_text(struct field_value *out, const char *text)
{
    out->type = FIELD_TEXT;
    out->text = text;
    out->len = strlen(text);
}

static bool member(const struct field_head *head, const char *name,
    const char *key, int64_t *number)
{
    struct http_field field;
    if (!http_field_find(head->head, head->head_len, name, &field))
        return false;
    struct span rest = {field.value, field.value_len};
    while (rest.len) {
        struct span one = span_take(&rest, span_until(rest, ",;"));
        span_take(&one, span_of(one, byte_is_blank));
        if (rest.len)
            span_take(&rest, 1);
        size_t len = strlen(key);
        if (one.len < len || strncasecmp(one.at, key, len) != 0)
            continue;
        if (one.len == len) {
            *number = -1;
            return true;
        }
        if (one.at[len] != '=')
            continue;
        *number = 0;
        for (size_t i = len + 1; i < one.len && byte_is_digit(one.at[i]); i++)
            *number = *number * 10 + (one.at[i] - '0');
        return true;
    }
    return false;
}

static const char hsts[] = "Strict-Transport-Security";

void fact_get(const struct fact *fact, const struct field_head *head,
    struct field_value *out)
{
    int64_t number = 0;
    struct http_field field;
    *out = (struct field_value){0};
    if (!head->head)
        return;
    switch (fact->row) {
    case 0:
        set_bool(out,
            head->is_secure && member(head, hsts, "max-age", &number) &&
                number > 0,
            head->is_secure ? "no max-age (RFC 6797 section 6.1.1)"
                            : "void over http (RFC 6797 section 8.1)");
        break;
    case 1:
        if (member(head, hsts, "max-age", &number)) {
            out->type = FIELD_DURATION;
            out->number = number * 1000000000;
        }
        break;
    case 2:
        set_bool(out,
            http_field_find(head->head, head->head_len,
                "X-Content-Type-Options", &field),
            "no such field");
        break;
    case 3:
        set_text(out, http_field_find(head->head, head->head_len,
                          "X-Frame-Options", &field)
                          ? "nobody"
                          : "anyone");
        break;
    default:
        set_bool(out, false, "stand-in");
    }
}

void field_get_member(const struct field_head *head, struct span name,
    struct span key, struct field_value *out)
{
    char field[100], wanted[100];
    int64_t number;
    *out = (struct field_value){0};
    if (!span_copy(name, field, 100) || !span_copy(key, wanted, 100) ||
        !member(head, field, wanted, &number))
        return;
    out->type = number < 0 ? FIELD_BOOL : FIELD_NUMBER;
    out->number = number < 0 ? 1 : number;
}

void field_get_valid(const struct field_head *head, struct span name,
    struct field_value *out)
{
    char field[100];
    struct http_field found;
    *out = (struct field_value){0};
    if (span_copy(name, field, 100) &&
        http_field_find(head->head, head->head_len, field, &found))
        set_bool(out, true, NULL);
}

bool field_is_equal(struct span name, struct span value, struct span text)
{
    (void)name;
    return value.len == text.len &&
           strncasecmp(value.at, text.at, text.len) == 0;
}

bool field_has_member(
    const struct field_head *head, struct span name, struct span key)
{
    char field[100], wanted[100];
    int64_t number;
    return span_copy(name, field, 100) && span_copy(key, wanted, 100) &&
           member(head, field, wanted, &number);
}

void field_get_date(const struct field_head *head, struct span name,
    struct field_value *out)
{
    char field[100];
    struct http_field found;
    *out = (struct field_value){0};
    if (span_copy(name, field, 100) &&
        http_field_find(head->head, head->head_len, field, &found)) {
        out->type = FIELD_DATE;
        out->number = head->received_at - 10;
    }
}

void cookies_init(struct cookies *cookies, const struct field_head *head)
{
    cookies->head = head;
    http_fields_init(&cookies->fields, head->head, head->head_len);
}

bool cookies_next(struct cookies *cookies, struct cookie *out)
{
    struct http_field field;
    while (http_fields_next(&cookies->fields, &field)) {
        if (!http_field_is(&field, "Set-Cookie"))
            continue;
        *out = (struct cookie){0};
        struct span rest = {field.value, field.value_len};
        out->name = span_take(&rest, span_until(rest, "=;"));
        if (rest.len && *rest.at == '=')
            span_take(&rest, 1);
        out->value = span_take(&rest, span_until(rest, ";"));
        out->is_secure = memmem(rest.at, rest.len, "Secure", 6) != NULL;
        out->is_http_only = memmem(rest.at, rest.len, "HttpOnly", 8) != NULL;
        return true;
    }
    return false;
}
