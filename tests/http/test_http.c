/*
 * http by tables: status lines, field lines, stored heads, limits.
 *
 * Every line is given in a block of its own that ends where the line ends,
 * so that the sanitizers and valgrind see a byte read past it.
 */
#include "http/http.h"

#include "run.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static char *exact_copy(const char *bytes, size_t len)
{
    char *copy = malloc(len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, len);
    return copy;
}

static void assert_bytes(
    const char *bytes, size_t len, const char *expected, size_t expected_len)
{
    ck_assert_uint_eq(len, expected_len);
    ck_assert_mem_eq(bytes, expected, len);
}

#define LINE(text) text, sizeof(text) - 1

static const struct {
    const char *line;
    size_t len;
    int major, minor, code; /* code 0: no status line */
    const char *reason;
    size_t reason_len;
} statuses[] = {
    {LINE("HTTP/1.1 200 OK"), 1, 1, 200, LINE("OK")},
    {LINE("HTTP/1.0 404 Not Found"), 1, 0, 404, LINE("Not Found")},
    {LINE("HTTP/1.1 301 "), 1, 1, 301, LINE("")},
    {LINE("HTTP/1.1 301"), 1, 1, 301, LINE("")},
    {LINE("HTTP/1.1 100 Continue"), 1, 1, 100, LINE("Continue")},
    {LINE("HTTP/1.1 999 No"), 1, 1, 999, LINE("No")},
    {LINE("HTTP/2.0 200 OK"), 2, 0, 200, LINE("OK")},
    {LINE("HTTP/0.9 200 OK"), 0, 9, 200, LINE("OK")},
    {LINE("HTTP/9.8 123 x"), 9, 8, 123, LINE("x")},
    {LINE("HTTP/1.1 200  two"), 1, 1, 200, LINE(" two")},
    {LINE("HTTP/1.1 200 a\0b\r\x1b\xff "), 1, 1, 200, LINE("a\0b\r\x1b\xff ")},
    {LINE("HTTP/1.1 000 Zero"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 099 x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 99 x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 1000 x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 -1 x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 -10 x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 20X x"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 200OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 200\tOK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1 200\r"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1  200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.1\t200 OK"), 0, 0, 0, NULL, 0},
    {LINE(" HTTP/1.1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("http/1.1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/2 200"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.10 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/11.1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1.x 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/-.1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP/1,1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTPS/1.1 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("HTTP 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("ICY 200 OK"), 0, 0, 0, NULL, 0},
    {LINE("SSH-2.0-OpenSSH_9.2"), 0, 0, 0, NULL, 0},
    {LINE("220 smtp ready"), 0, 0, 0, NULL, 0},
    {LINE("<!DOCTYPE html>"), 0, 0, 0, NULL, 0},
    {LINE("\x15\x03\x01\0\x02\x02\x16"), 0, 0, 0, NULL, 0},
    {LINE(""), 0, 0, 0, NULL, 0},
};

START_TEST(status_table)
{
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct http_status got = {.code = -7};
        char *line = exact_copy(statuses[i].line, statuses[i].len);
        int rc = http_status_parse(line, statuses[i].len, &got);
        ck_assert_msg((rc == 0) == (statuses[i].code > 0), "%s: %d",
            statuses[i].line, rc);
        if (rc < 0) {
            ck_assert_int_eq(rc, -EINVAL);
            ck_assert_int_eq(got.code, -7);
        } else {
            ck_assert_int_eq(got.major, statuses[i].major);
            ck_assert_int_eq(got.minor, statuses[i].minor);
            ck_assert_int_eq(got.code, statuses[i].code);
            assert_bytes(got.reason, got.reason_len, statuses[i].reason,
                statuses[i].reason_len);
        }
        free(line);
    }
}
END_TEST

START_TEST(status_cut_at_every_length)
{
    const char whole[] = "HTTP/1.1 301 Moved Permanently";
    for (size_t len = 0; len < sizeof whole; len++) {
        struct http_status got;
        char *line = exact_copy(whole, len);
        int rc = http_status_parse(line, len, &got);
        ck_assert_int_eq(rc, len < strlen("HTTP/1.1 301") ? -EINVAL : 0);
        if (rc == 0) {
            ck_assert_int_eq(got.code, 301);
            ck_assert_uint_eq(got.reason_len, len < 13 ? 0 : len - 13);
        }
        free(line);
    }
}
END_TEST

/* Which bytes may stand at each place: d is a digit, D one but 0, * any. */
START_TEST(status_any_byte_anywhere)
{
    const char form[] = "HTTP/d.d Ddd **";
    for (size_t at = 0; at < sizeof form - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char line[] = "HTTP/1.1 200 OK";
            struct http_status got;
            bool digit = byte >= '0' && byte <= '9';
            bool good = byte == form[at] || form[at] == '*';
            if (form[at] == 'd' || form[at] == 'D')
                good = digit && !(form[at] == 'D' && byte == '0');
            line[at] = (char)byte;
            int rc = http_status_parse(line, sizeof line - 1, &got);
            ck_assert_msg((rc == 0) == good, "%zu %02x", at, byte);
        }
    }
}
END_TEST

START_TEST(status_every_code)
{
    for (int code = 0; code < 1000; code++) {
        char line[32];
        struct http_status got = {.code = 0};
        int len = snprintf(line, sizeof line, "HTTP/1.1 %03d", code);
        int rc = http_status_parse(line, (size_t)len, &got);
        ck_assert_int_eq(rc, code < 100 ? -EINVAL : 0);
        ck_assert_int_eq(got.code, code < 100 ? 0 : code);
        if (rc == 0)
            ck_assert_int_eq(
                http_status_interim(&got), code < 200 && code != 101);
    }
}
END_TEST

START_TEST(status_possible)
{
    const char line[] = "HTTP/x not yet looked at";
    ck_assert(http_status_possible(NULL, 0));
    for (size_t len = 0; len < sizeof line; len++)
        ck_assert(http_status_possible(line, len));
    for (size_t at = 0; at < strlen("HTTP/"); at++) {
        for (int byte = 0; byte < 256; byte++) {
            char bytes[] = "HTTP/1.1";
            bool same = bytes[at] == (char)byte;
            bytes[at] = (char)byte;
            for (size_t len = at + 1; len < sizeof bytes; len++)
                ck_assert(http_status_possible(bytes, len) == same);
            ck_assert(http_status_possible(bytes, at));
        }
    }
}
END_TEST

static const struct {
    const char *line;
    size_t len;
    enum http_line_kind kind;
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
} lines[] = {
    {LINE("Server: nginx"), HTTP_FIELD, LINE("Server"), LINE("nginx")},
    {LINE("A:b"), HTTP_FIELD, LINE("A"), LINE("b")},
    {LINE("A: \t b c \t "), HTTP_FIELD, LINE("A"), LINE("b c")},
    {LINE("A:"), HTTP_FIELD, LINE("A"), LINE("")},
    {LINE("A: \t "), HTTP_FIELD, LINE("A"), LINE("")},
    {LINE("A: b: c:"), HTTP_FIELD, LINE("A"), LINE("b: c:")},
    {LINE(":"), HTTP_FIELD, LINE(""), LINE("")},
    {LINE(": x"), HTTP_FIELD, LINE(""), LINE("x")},
    {LINE("A : b"), HTTP_FIELD, LINE("A "), LINE("b")},
    {LINE("A\t\t:b"), HTTP_FIELD, LINE("A\t\t"), LINE("b")},
    {LINE("two words: b"), HTTP_FIELD, LINE("two words"), LINE("b")},
    {LINE("A: x\0y"), HTTP_FIELD, LINE("A"), LINE("x\0y")},
    {LINE("A\0B: y"), HTTP_FIELD, LINE("A\0B"), LINE("y")},
    {LINE("A: x\rB"), HTTP_FIELD, LINE("A"), LINE("x\rB")},
    {LINE("A: \v x \f"), HTTP_FIELD, LINE("A"), LINE("\v x \f")},
    {LINE("A: \xa0\xff"), HTTP_FIELD, LINE("A"), LINE("\xa0\xff")},
    {LINE("no colon"), HTTP_BARE, LINE("no colon"), LINE("")},
    {LINE("tail \t"), HTTP_BARE, LINE("tail \t"), LINE("")},
    {LINE("\r"), HTTP_BARE, LINE("\r"), LINE("")},
    {LINE("\0"), HTTP_BARE, LINE("\0"), LINE("")},
    {LINE(""), HTTP_BARE, LINE(""), LINE("")},
    {LINE(" folded: on "), HTTP_FOLD, LINE(""), LINE("folded: on")},
    {LINE("\tfolded"), HTTP_FOLD, LINE(""), LINE("folded")},
    {LINE(" "), HTTP_FOLD, LINE(""), LINE("")},
    {LINE("\t \t"), HTTP_FOLD, LINE(""), LINE("")},
};

START_TEST(field_table)
{
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct http_field got;
        char *line = exact_copy(lines[i].line, lines[i].len);
        http_field_parse(line, lines[i].len, &got);
        ck_assert_msg(got.kind == lines[i].kind, "%s", lines[i].line);
        assert_bytes(got.name, got.name_len, lines[i].name, lines[i].name_len);
        assert_bytes(
            got.value, got.value_len, lines[i].value, lines[i].value_len);
        free(line);
    }
}
END_TEST

START_TEST(field_any_byte_anywhere)
{
    const char plain[] = "Ab: cd";
    for (size_t at = 0; at < sizeof plain - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char line[] = "Ab: cd";
            struct http_field got;
            line[at] = (char)byte;
            http_field_parse(line, sizeof line - 1, &got);
            const char *colon = memchr(line, ':', sizeof line - 1);
            if (line[0] == ' ' || line[0] == '\t') {
                ck_assert_int_eq(got.kind, HTTP_FOLD);
            } else if (!colon) {
                ck_assert_int_eq(got.kind, HTTP_BARE);
                assert_bytes(got.name, got.name_len, line, sizeof line - 1);
            } else {
                ck_assert_int_eq(got.kind, HTTP_FIELD);
                assert_bytes(
                    got.name, got.name_len, line, (size_t)(colon - line));
            }
        }
    }
}
END_TEST

/*
 * What http_fields makes of a head: "name=value;" and "line!;".
 */
struct dump {
    char text[512];
    size_t len;
};

static void dump_bytes(struct dump *dump, const char *bytes, size_t len)
{
    ck_assert_uint_lt(dump->len + len, sizeof dump->text);
    memcpy(dump->text + dump->len, bytes, len);
    dump->len += len;
    dump->text[dump->len] = '\0';
}

/* Twice, for a report reads a value more than once. */
static void dump_value(struct dump *dump, const struct http_field *field)
{
    struct http_value value;
    size_t again = 0;
    http_value_init(&value, field);
    while (http_value_next(&value)) {
        ck_assert_uint_gt(value.chunk_len, 0);
        ck_assert_ptr_null(memchr(value.chunk, '\n', value.chunk_len));
        dump_bytes(dump, value.chunk, value.chunk_len);
        again += value.chunk_len;
    }
    ck_assert(!http_value_next(&value));
    http_value_init(&value, field);
    while (http_value_next(&value))
        again -= value.chunk_len;
    ck_assert_uint_eq(again, 0);
}

static void dump_head(struct dump *dump, const char *bytes, size_t len)
{
    struct http_fields fields;
    struct http_field field;
    char *head = exact_copy(bytes, len);
    *dump = (struct dump){.len = 0};
    http_fields_init(&fields, head, len);
    while (http_fields_next(&fields, &field)) {
        ck_assert_int_ne(field.kind, HTTP_FOLD);
        dump_bytes(dump, field.name, field.name_len);
        if (field.kind == HTTP_BARE)
            dump_bytes(dump, "!", 1);
        else
            dump_bytes(dump, "=", 1);
        dump_value(dump, &field);
        dump_bytes(dump, ";", 1);
    }
    ck_assert(!http_fields_next(&fields, &field));
    free(head);
}

#define STATUS "HTTP/1.1 200 OK\n"

static const struct {
    const char *head;
    size_t len;
    const char *dump;
    size_t dump_len;
} heads[] = {
    {LINE(""), LINE("")},
    {LINE("HTTP/1.1 200 OK"), LINE("")},
    {LINE(STATUS), LINE("")},
    {LINE(STATUS "A: b\n"), LINE("A=b;")},
    {LINE(STATUS "A: b"), LINE("A=b;")},
    {LINE(STATUS "A: b\nB:c\nA:d\n"), LINE("A=b;B=c;A=d;")},
    {LINE(STATUS "A:\nB:\t\n"), LINE("A=;B=;")},
    {LINE(STATUS ":\n:x\n"), LINE("=;=x;")},
    {LINE(STATUS "A: x\0y\rz\nB\0:c\n"), LINE("A=x\0y\rz;B\0=c;")},
    {LINE(STATUS "A: b\n\nB: c\n"), LINE("A=b;")},
    {LINE("SSH-2.0-x: y\nA: b\n"), LINE("A=b;")},
    {LINE("\nA: b\n"), LINE("A=b;")},
    /* folds: SP, HTAB, many, blank, at either end of the value */
    {LINE(STATUS "A: b\n c\nD: e\n"), LINE("A=b c;D=e;")},
    {LINE(STATUS "A: b\n\tc\n"), LINE("A=b c;")},
    {LINE(STATUS "A: b \t\n \t c \n\td \n"), LINE("A=b c d;")},
    {LINE(STATUS "A: b\n \n\t\n c\n"), LINE("A=b c;")},
    {LINE(STATUS "A: b  c\n d  e\n"), LINE("A=b  c d  e;")},
    {LINE(STATUS "A:\n b\n"), LINE("A=b;")},
    {LINE(STATUS "A:\n \n b\n \n"), LINE("A=b;")},
    {LINE(STATUS "A: b\n \n"), LINE("A=b;")},
    {LINE(STATUS "A:\n \n\t\n"), LINE("A=;")},
    {LINE(STATUS "A: b\n C: d\nE: f"), LINE("A=b C: d;E=f;")},
    {LINE(STATUS "A: b\n c"), LINE("A=b c;")},
    {LINE(STATUS "A: b\n "), LINE("A=b;")},
    {LINE(STATUS "A: b\n \0\n"), LINE("A=b \0;")},
    {LINE(STATUS "A: \r\n \r\n"), LINE("A=\r \r;")},
    {LINE(STATUS "A: b\n c\n\n d\n"), LINE("A=b c;")},
    /* lines without colon, folds that belong to no field */
    {LINE(STATUS "bare\nA: b\n"), LINE("bare!;A=b;")},
    {LINE(STATUS "bare \nbare\n"), LINE("bare !;bare!;")},
    {LINE(STATUS " first\nA: b\n"), LINE(" first!;A=b;")},
    {LINE(STATUS " X: y\n Z\n"), LINE(" X: y!; Z!;")},
    {LINE(STATUS "bare\n fold: x\n\tmore\n"), LINE("bare!; fold: x!;\tmore!;")},
    {LINE(STATUS "A: b\nbare\n fold\n"), LINE("A=b;bare!; fold!;")},
    {LINE(STATUS " \n"), LINE(" !;")},
};

START_TEST(fields_table)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct dump dump;
        dump_head(&dump, heads[i].head, heads[i].len);
        ck_assert_msg(dump.len == heads[i].dump_len &&
                          memcmp(dump.text, heads[i].dump, dump.len) == 0,
            "head %zu: %s", i, dump.text);
    }
}
END_TEST

/* By http_fields_next_named is what http_fields_next gives of that name. */
static void check_named(const char *head, size_t len, const char *name)
{
    struct http_fields all, named;
    struct http_field one, other;
    size_t name_len = strlen(name);
    http_fields_init(&all, head, len);
    http_fields_init(&named, head, len);
    while (http_fields_next(&all, &one)) {
        if (one.kind != HTTP_FIELD || one.name_len != name_len ||
            strncasecmp(one.name, name, name_len) != 0)
            continue;
        ck_assert(http_fields_next_named(&named, name, name_len, &other));
        ck_assert_ptr_eq(one.name, other.name);
        ck_assert_ptr_eq(one.value, other.value);
        ck_assert_uint_eq(one.value_len, other.value_len);
        ck_assert_int_eq(other.kind, HTTP_FIELD);
    }
    ck_assert(!http_fields_next_named(&named, name, name_len, &other));
}

START_TEST(fields_by_name)
{
    static const char *const names[] = {
        "A", "a", "B", "d", "X", "C", "fold", "bare", "", "AA", "A:", "\t"};
    static const char more[] =
        STATUS "A:B: c\nAB: x\nab :y\naB: \n z\n\n: d\n\nAB: no\n";
    for (size_t j = 0; j < COUNT(names); j++) {
        for (size_t i = 0; i < COUNT(heads); i++) {
            char *head = exact_copy(heads[i].head, heads[i].len);
            check_named(head, heads[i].len, names[j]);
            free(head);
        }
        check_named(more, sizeof more - 1, names[j]);
    }
    check_named(more, sizeof more - 1, "AB");
    check_named(more, sizeof more - 1, "ab ");
    check_named(NULL, 0, "A");
}
END_TEST

/* The end of a head cut anywhere is a line like any other. */
START_TEST(fields_cut_at_every_length)
{
    const char head[] = STATUS "A: b\n c\nd\n";
    const char *const dumps[] = {"", "A!;", "A=;", "A=;", "A=b;", "A=b;",
        "A=b;", "A=b c;", "A=b c;", "A=b c;d!;", "A=b c;d!;"};
    for (size_t len = 0; len < sizeof head; len++) {
        struct dump dump;
        size_t past = len < strlen(STATUS) ? 0 : len - strlen(STATUS);
        dump_head(&dump, head, len);
        ck_assert_str_eq(dump.text, dumps[past]);
    }
}
END_TEST

START_TEST(fields_of_no_head)
{
    struct http_fields fields;
    struct http_field field;
    http_fields_init(&fields, NULL, 0);
    ck_assert(!http_fields_next(&fields, &field));
}
END_TEST

/* An unfolded value is one chunk, whatever its bytes. */
START_TEST(value_unfolded)
{
    for (int byte = 0; byte < 256; byte++) {
        char line[] = "A:  x?y ";
        struct http_field field;
        struct http_value value;
        if (byte == '\n')
            continue;
        line[5] = (char)byte;
        http_field_parse(line, sizeof line - 1, &field);
        http_value_init(&value, &field);
        ck_assert(http_value_next(&value));
        assert_bytes(value.chunk, value.chunk_len, line + 4, 3);
        ck_assert(!http_value_next(&value));
    }
}
END_TEST

/* "HTTP/1.1 200 OK" CRLF "A: b" CRLF CRLF: 17 + 6 + 2 bytes. */
static enum http_head_event feed_small(struct http_head *head, size_t max)
{
    enum http_head_event event;
    http_head_init(head, max);
    event = http_head_line(head, LINE("HTTP/1.1 200 OK"), 17);
    if (event == HTTP_HEAD_STATUS)
        event = http_head_line(head, LINE("A: b"), 6);
    if (event == HTTP_HEAD_FIELD)
        event = http_head_line(head, LINE(""), 2);
    return event;
}

START_TEST(head_bytes)
{
    struct http_head head;
    for (size_t max = 0; max < 40; max++)
        ck_assert_int_eq(feed_small(&head, max),
            max < 25 ? HTTP_HEAD_TOO_LARGE : HTTP_HEAD_END);
    ck_assert_uint_eq(head.bytes, 25);
    ck_assert_uint_eq(head.lines, 2);
    ck_assert_int_eq(head.status.code, 200);
    ck_assert_int_eq(head.status.major, 1);
    ck_assert_int_eq(head.status.minor, 1);
    ck_assert_ptr_null(head.status.reason);
    ck_assert_uint_eq(head.status.reason_len, 0);
}
END_TEST

START_TEST(head_lines)
{
    struct http_head head;
    http_head_init(&head, SIZE_MAX);
    ck_assert_int_eq(
        http_head_line(&head, LINE("HTTP/1.0 200"), 13), HTTP_HEAD_STATUS);
    for (int i = 2; i <= 1000; i++)
        ck_assert_int_eq(http_head_line(&head, LINE(" "), 2), HTTP_HEAD_FIELD);
    ck_assert_uint_eq(head.lines, 1000);
    struct http_head full = head;
    ck_assert_int_eq(http_head_line(&head, LINE(""), 1), HTTP_HEAD_END);
    ck_assert_int_eq(
        http_head_line(&full, LINE("A: b"), 5), HTTP_HEAD_TOO_MANY);
}
END_TEST

/* The blank line ends a head only after a status line. */
START_TEST(head_first_line)
{
    struct http_head head;
    for (size_t i = 0; i < COUNT(statuses); i++) {
        http_head_init(&head, HTTP_HEAD_MAX);
        ck_assert_int_eq(http_head_line(&head, statuses[i].line,
                             statuses[i].len, statuses[i].len + 2),
            statuses[i].code ? HTTP_HEAD_STATUS : HTTP_HEAD_BAD_STATUS);
        ck_assert_int_eq(head.status.code, statuses[i].code);
    }
}
END_TEST

int main(void)
{
    return run_tests("http",
        (const TTest *const[]){status_table, status_cut_at_every_length,
            status_any_byte_anywhere, status_every_code, status_possible,
            field_table, field_any_byte_anywhere, fields_table, fields_by_name,
            fields_cut_at_every_length, fields_of_no_head, value_unfolded,
            head_bytes, head_lines, head_first_line, NULL});
}
