/*
 * facts: how they are found, and what they need beside the fields; what each
 * is of which lines is in test_cases.c.
 */
#include "fields/facts.h"

#include "fields/fields.h"
#include "fields/lines.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* "true", "nobody", "300s" of a duration, "none". */
static void print(const struct field_value *value, char *out, size_t size)
{
    if (value->type == FIELD_TEXT)
        snprintf(out, size, "%.*s", (int)value->len, value->text);
    else if (value->type == FIELD_BOOL)
        snprintf(out, size, "%s", value->number ? "true" : "false");
    else if (value->type == FIELD_DURATION)
        snprintf(out, size, "%" PRId64 "s", value->number / 1000000000);
    else if (value->type == FIELD_NUMBER)
        snprintf(out, size, "%" PRId64, value->number);
    else
        snprintf(out, size, "none");
}

/* The head with these lines behind the status line. */
static struct field_head head_of(char *text, size_t size, const char *lines)
{
    int len = snprintf(text, size, "HTTP/1.1 200 OK\nA: b\n%s\nC: d\n", lines);
    ck_assert_uint_lt((size_t)len, size);
    return (struct field_head){.head = text,
        .head_len = (size_t)len,
        .is_secure = true,
        .host = "www.a.example",
        .received_at = 1796083200};
}

struct row {
    const char *fact, *lines, *want;
};

static void check(const struct row *row, const struct field_head *head)
{
    struct fact fact;
    struct field_value value = {0};
    char got[256];
    ck_assert_int_eq(fact_find(span_of_string(row->fact), &fact), 0);
    fact_get(&fact, head, &value);
    print(&value, got, sizeof got);
    ck_assert_msg(strcmp(got, row->want) == 0, "%s of\n%s\nis %s (%s), not %s",
        row->fact, row->lines, got, value.why ? value.why : "", row->want);
    if (value.type == FIELD_NONE || (value.type == FIELD_BOOL && !value.number))
        ck_assert_msg(value.why != NULL, "%s of\n%s\nsays not why", row->fact,
            row->lines);
}

#define S "Strict-Transport-Security: "
START_TEST(hsts_only_over_https_and_of_names)
{
    static const struct row row = {"hsts", S "max-age=1", "false"};
    char text[256];
    struct field_head head = head_of(text, sizeof text, row.lines);
    head.is_secure = false;
    check(&row, &head);
    head.is_secure = head.is_literal = true;
    check(&row, &head);
}
END_TEST

#define N "X-Content-Type-Options: "
#define R "Referrer-Policy: "
#define X "X-Frame-Options: "
#define C "Content-Security-Policy: "
#define CR "Content-Security-Policy-Report-Only: "

#define P "Permissions-Policy: "
#define AO "Access-Control-Allow-Origin: "
#define CC "Cache-Control: "

/* A table row each has a name and help, and is found by it. */
START_TEST(table)
{
    struct fact fact;
    for (size_t i = 0; i < fact_count; i++) {
        ck_assert_int_eq(fact_find(span_of_string(fact_name(i)), &fact), 0);
        ck_assert_uint_eq(fact.row, i);
        ck_assert_ptr_nonnull(fact_help(i));
    }
    static const char *const none[] = {"", "hst", "hsts.", "hsts.x",
        "permissions", "permissions.", "cache", "x.hsts"};
    for (size_t i = 0; i < COUNT(none); i++)
        ck_assert_int_ne(fact_find(span_of_string(none[i]), &fact), 0);
}
END_TEST

/* Whatever a head is cut to, and without one, facts are told or are none. */
START_TEST(cut_at_every_length)
{
    char text[512];
    struct field_head head = head_of(text, sizeof text,
        S "max-age=\"1\"; x\n" C "sandbox 'a\n" X "\"DENY\n" P "a=(\"b\n" CC
          "max-age=\"1");
    size_t len = head.head_len;
    for (size_t cut = 0; cut <= len; cut++) {
        char *copy = malloc(cut + 1);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, text, cut);
        head.head = copy;
        head.head_len = cut;
        for (size_t i = 0; i < fact_count; i++) {
            struct fact fact = {.row = i, .name = {"camera", 6}};
            struct field_value value = {0};
            fact_get(&fact, &head, &value);
        }
        free(copy);
    }
    struct fact fact = {.row = 0};
    struct field_value value = {0};
    fact_get(&fact, &(struct field_head){.is_secure = true}, &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
}
END_TEST

/* --- fields.h of the same fields --- */

static const struct {
    const char *lines, *name, *member, *want;
} members[] = {
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "max-age",
        "1"},
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "x",
        "a b"},
    {S "max-age=1; X=\"a b\"; preload", "strict-transport-security", "preload",
        "true"},
    {S "max-age=1; max-age=1", "strict-transport-security", "max-age", "none"},
    {C "img-src  a  b ; default-src", "content-security-policy", "img-src",
        "a  b"},
    {C "img-src a, Default-Src", "content-security-policy", "default-src",
        "true"},
    {C "img-src a; img-src b", "content-security-policy", "img-src", "a"},
    {C "img-src a", "content-security-policy", "default-src", "none"},
    {"Set-Cookie: a=1; Secure", "set-cookie", "a", "1"},
};

START_TEST(members_of_fields)
{
    char text[512], got[64];
    for (size_t i = 0; i < COUNT(members); i++) {
        struct field_head head = head_of(text, sizeof text, members[i].lines);
        struct field_value value = {0};
        field_get_member(&head, span_of_string(members[i].name),
            span_of_string(members[i].member), &value);
        print(&value, got, sizeof got);
        ck_assert_msg(strcmp(got, members[i].want) == 0, "row %zu: %s", i, got);
    }
}
END_TEST

static const struct {
    const char *lines, *name, *want;
} valid[] = {
    {"", "strict-transport-security", "none"},
    {S "max-age=1", "strict-transport-security", "true"},
    {S "max-age=0", "strict-transport-security", "true"},
    {S "max-age", "strict-transport-security", "false"},
    {C "default-src \xc3\xa9", "content-security-policy", "false"},
    {C "\xc3\xa9 'self'", "content-security-policy", "false"},
    {C "default-src 'self'", "content-security-policy", "true"},
    {X "DENY", "x-frame-options", "true"},
    {X "ALLOW-FROM x", "x-frame-options", "false"},
    {X "DENY, SAMEORIGIN", "x-frame-options", "false"},
    {N "nosniff", "x-content-type-options", "true"},
    {N "sniff", "x-content-type-options", "false"},
    {R "origin, no-referrer", "referrer-policy", "true"},
    {R "origin, x", "referrer-policy", "false"},
    {AO "*", "access-control-allow-origin", "true"},
    {AO "a, b", "access-control-allow-origin", "false"},
    {"Cross-Origin-Resource-Policy: same-site", "cross-origin-resource-policy",
        "true"},
    {"Cross-Origin-Resource-Policy: Same-Site", "cross-origin-resource-policy",
        "false"},
    {"Set-Cookie: a=1", "set-cookie", "true"},
    {"Set-Cookie: a=1; SameSite=None", "set-cookie", "false"},
};

START_TEST(validity_of_fields)
{
    char text[512], got[64];
    for (size_t i = 0; i < COUNT(valid); i++) {
        struct field_head head = head_of(text, sizeof text, valid[i].lines);
        struct field_value value = {0};
        field_get_valid(&head, span_of_string(valid[i].name), &value);
        print(&value, got, sizeof got);
        ck_assert_msg(strcmp(got, valid[i].want) == 0, "row %zu: %s", i, got);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hsts_only_over_https_and_of_names,
        table,
        cut_at_every_length,
        members_of_fields,
        validity_of_fields,
        NULL,
    };
    return run_tests("facts", tests);
}
