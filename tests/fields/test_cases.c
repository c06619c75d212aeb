/*
 * cases: facts and cookies by tests/fields/cases, whose head tells its form;
 * what holds for a response where a glance at the text says otherwise.
 */
#include "fields/cookies.h"
#include "fields/facts.h"
#include "fields/lines.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOW 1796083200 /* Tue, 01 Dec 2026 00:00:00 GMT */

enum { TEXT_MAX = 4096, CASES_LEAST = 500 };

/* --- a line of the file --- */

struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

static void put_byte(struct text *text, char byte)
{
    ck_assert_uint_lt(text->len + 1, sizeof text->bytes);
    text->bytes[text->len++] = byte;
    text->bytes[text->len] = '\0';
}

static void put_text(struct text *text, const char *bytes)
{
    while (*bytes)
        put_byte(text, *bytes++);
}

/* What is behind a backslash; returns how many bytes that were. */
static size_t put_escaped(struct text *text, const char *at)
{
    char digits[3] = {0};
    switch (*at) {
    case 'n':
        put_byte(text, '\n');
        return 1;
    case 't':
        put_byte(text, '\t');
        return 1;
    case '\\':
        put_byte(text, '\\');
        return 1;
    default:
        ck_assert_msg(*at == 'x', "an escape: %s", at);
        memcpy(digits, at + 1, 2);
        put_byte(text, (char)strtoul(digits, NULL, 16));
        return 3;
    }
}

/* {now+60}, {850 now}; returns its length, 0: it is none. */
static size_t put_date(struct text *text, const char *at)
{
    static const char *const forms[][2] = {
        {"{now", "%a, %d %b %Y %H:%M:%S GMT"},
        {"{850 now", "%A, %d-%b-%y %H:%M:%S GMT"},
        {"{asctime now", "%a %b %e %H:%M:%S %Y"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t len = strlen(forms[i][0]);
        if (strncmp(at, forms[i][0], len) != 0)
            continue;
        char *end, date[64];
        time_t when = NOW + strtol(at + len, &end, 10);
        strftime(date, sizeof date, forms[i][1], gmtime(&when));
        put_text(text, date);
        ck_assert_int_eq(*end, '}');
        return (size_t)(end + 1 - at);
    }
    return 0;
}

static void put_lines(struct text *text, const char *at)
{
    while (*at) {
        size_t len = *at == '{' ? put_date(text, at) : 0;
        if (len) {
            at += len;
        } else if (*at == '\\') {
            at += 1 + put_escaped(text, at + 1);
        } else {
            put_byte(text, *at++);
        }
    }
}

/* The head with these lines in its middle. */
static struct field_head head_of(struct text *text, const char *lines)
{
    int status = 200;
    text->len = 0;
    if (sscanf(lines, ":status %d", &status) == 1) {
        const char *next = strstr(lines, "\\n");
        lines = next ? next + 2 : "";
    }
    char first[64];
    snprintf(first, sizeof first, "HTTP/1.1 %d X\nA: b\n", status);
    put_text(text, first);
    put_lines(text, lines);
    put_text(text, "\nC: d\n");
    return (struct field_head){.head = text->bytes,
        .head_len = text->len,
        .is_secure = true,
        .host = "www.a.example",
        .received_at = NOW};
}

/* --- facts --- */

/* "true", "nobody", "300s" of a duration, "none". */
static void print_value(const struct field_value *value, char *out, size_t size)
{
    if (value->type == FIELD_TEXT)
        snprintf(out, size, "%.*s", (int)value->len, value->text);
    else if (value->type == FIELD_BOOL)
        snprintf(out, size, "%s", value->number ? "true" : "false");
    else if (value->type == FIELD_DURATION)
        snprintf(out, size, "%" PRId64 "s", value->number / 1000000000);
    else
        snprintf(out, size, "none");
}

static void print_fact(
    const char *name, const struct field_head *head, char *out, size_t size)
{
    struct fact fact;
    struct field_value value = {0};
    ck_assert_msg(fact_find(span_of_string(name), &fact) == 0, "%s", name);
    fact_get(&fact, head, &value);
    print_value(&value, out, size);
    if (value.type == FIELD_NONE || (value.type == FIELD_BOOL && !value.number))
        ck_assert_msg(
            value.why != NULL, "%s of\n%s\nsays not why", name, head->head);
}

/* --- cookies --- */

/* "name|value|SH same-site domain path age", "-" for none; "refused". */
static void print_cookie(const struct cookie *cookie, char *out, size_t size)
{
    struct span parts[] = {cookie->same_site, cookie->domain, cookie->path};
    int at = snprintf(out, size, "%.*s|%.*s|%s%s", (int)cookie->name.len,
        cookie->name.at, (int)cookie->value.len, cookie->value.at,
        cookie->is_secure ? "S" : "", cookie->is_http_only ? "H" : "");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        at += snprintf(out + at, size - (size_t)at, " %.*s",
            parts[i].at ? (int)parts[i].len : 1,
            parts[i].at ? parts[i].at : "-");
    if (cookie->has_max_age)
        snprintf(out + at, size - (size_t)at, " %" PRId64, cookie->max_age);
    if (cookie->refused)
        snprintf(out, size, "refused");
}

static void print_only_cookie(
    const struct field_head *head, char *out, size_t size)
{
    struct cookies cookies;
    struct cookie cookie;
    cookies_init(&cookies, head);
    ck_assert(cookies_next(&cookies, &cookie));
    print_cookie(&cookie, out, size);
    ck_assert(!cookies_next(&cookies, &cookie));
}

/* --- the file --- */

static void check_case(const char *name, const char *want, const char *lines)
{
    static struct text text, wanted;
    char got[512];
    struct field_head head = head_of(&text, lines);
    wanted.len = 0;
    put_lines(&wanted, want);
    if (strcmp(name, "cookie") == 0)
        print_only_cookie(&head, got, sizeof got);
    else
        print_fact(name, &head, got, sizeof got);
    ck_assert_msg(strcmp(got, wanted.bytes) == 0, "%s of %s\nis %s, not %s",
        name, lines, got, wanted.bytes);
}

START_TEST(all)
{
    const char *path = getenv("AFETCH_FIELD_CASES");
    char line[TEXT_MAX];
    size_t count = 0;
    ck_assert_msg(path != NULL, "AFETCH_FIELD_CASES is not set");
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        char *rest = line;
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#' || *line == '\0')
            continue;
        const char *name = strsep(&rest, "\t"), *want = strsep(&rest, "\t");
        const char *lines = strsep(&rest, "\t");
        ck_assert_msg(lines != NULL, "a case: %s", line);
        check_case(name, want, lines);
        count++;
    }
    fclose(file);
    ck_assert_uint_ge(count, CASES_LEAST);
}
END_TEST

int main(void)
{
    return run_tests("cases", (const TTest *const[]){all, NULL});
}
