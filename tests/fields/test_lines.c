/*
 * lines by tables: what the lines of a field are when joined.
 */
#include "fields/lines.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* RFC 9110 section 5.3, RFC 9112 section 5.2. */
static const struct {
    const char *head, *joined; /* NULL: no such field */
} rows[] = {
    {"HTTP/1.1 200 OK\nX: a\n", "a"},
    {"HTTP/1.1 200 OK\nx: a\nA: b\nX: c\n", "a, c"},
    {"HTTP/1.1 200 OK\nX:  a b \t\n", "a b"},
    {"HTTP/1.1 200 OK\nX:\nX:\nX: c\n", ", , c"},
    {"HTTP/1.1 200 OK\nX: a\nX:\n", "a, "},
    {"HTTP/1.1 200 OK\nX: a\n b\n", "a b"},
    {"HTTP/1.1 200 OK\nX:\n b\n", "b"},
    {"HTTP/1.1 200 OK\nX:\n", ""},
    {"HTTP/1.1 200 OK\nX\nX: a\n", "a"},
    {"HTTP/1.1 200 OK\nXX: a\n", NULL},
    {"HTTP/1.1 200 OK\n", NULL},
    {"", NULL},
};

static void check_joined(struct lines *lines, const char *want)
{
    char text[64];
    size_t len = 0;
    for (; lines_peek(lines) >= 0; lines_skip(lines))
        text[len++] = (char)lines_peek(lines);
    text[len] = '\0';
    ck_assert_str_eq(text, want);
}

START_TEST(lines_of_a_head_are_joined)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct lines lines;
        struct field_head head = {
            .head = rows[i].head, .head_len = strlen(rows[i].head)};
        bool found = lines_init(&lines, &head, span_of_string("x"));
        ck_assert_msg(found == (rows[i].joined != NULL), "row %zu", i);
        check_joined(&lines, found ? rows[i].joined : "");
    }
}
END_TEST

START_TEST(lines_of_no_head_are_none)
{
    struct lines lines;
    struct field_head none = {0};
    ck_assert(!lines_init(&lines, NULL, span_of_string("x")));
    ck_assert(!lines_init(&lines, &none, span_of_string("x")));
    check_joined(&lines, "");
}
END_TEST

START_TEST(lines_of_a_caller_keep_their_blanks)
{
    struct lines lines;
    const struct span spans[] = {{" a", 2}, {"", 0}, {"b\t", 2}};
    lines_init_spans(&lines, spans, 0);
    check_joined(&lines, "");
    lines_init_spans(&lines, spans, 1);
    check_joined(&lines, " a");
    lines_init_spans(&lines, spans, 3);
    check_joined(&lines, " a, , b\t");
}
END_TEST

/* A piece of the joined lines; quoted, it has had a quote in front. */
static void check_text(struct span line, bool is_quoted, const char *want)
{
    struct field_value value = {0};
    struct piece piece = {.len = line.len};
    lines_init_spans(&piece.from, &line, 1);
    piece_get_text(&piece, is_quoted, &value);
    ck_assert_int_eq(value.type, FIELD_TEXT);
    ck_assert_uint_eq(value.len, strlen(want));
    ck_assert_mem_eq(value.text, want, value.len);
}

START_TEST(piece_text_is_without_its_backslashes)
{
    check_text(span_of_string("a\\b"), false, "a\\b");
    check_text(span_of_string("a\\b"), true, "ab");
    check_text(span_of_string("a\\\\b\\\""), true, "a\\b\"");
    check_text(span_of_string("a\\"), true, "a\\");
    check_text(span_of_string(""), true, "");
}
END_TEST

START_TEST(piece_in_two_lines_has_a_limit)
{
    char bytes[FIELD_TEXT_MAX];
    struct field_value value = {0};
    memset(bytes, 'x', sizeof bytes);
    struct span spans[] = {{bytes, FIELD_TEXT_MAX - 3}, {bytes, 3}};
    struct piece piece = {.len = FIELD_TEXT_MAX};
    lines_init_spans(&piece.from, spans, 2);
    piece_get_text(&piece, false, &value);
    ck_assert_int_eq(value.type, FIELD_TEXT);
    ck_assert_uint_eq(value.len, FIELD_TEXT_MAX);
    ck_assert_mem_eq(value.text + FIELD_TEXT_MAX - 3, ", x", 3);
    piece.len++;
    piece_get_text(&piece, false, &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
    ck_assert_ptr_nonnull(value.why);
}
END_TEST

START_TEST(pieces_are_compared_across_lines)
{
    struct span spans[] = {{"ab", 2}, {"c", 1}}, whole = {"ab, c", 5};
    struct piece piece = {.len = 5}, other = {.len = 5};
    lines_init_spans(&piece.from, spans, 2);
    lines_init_spans(&other.from, &whole, 1);
    ck_assert(piece_is_same(&piece, &other));
    ck_assert(piece_is(&piece, whole));
    ck_assert(!piece_is(&piece, span_of_string("aB, c")));
    ck_assert(piece_is_like(&piece, span_of_string("aB, C")));
    ck_assert(!piece_is_like(&piece, span_of_string("aB, d")));
    other.len = 4;
    ck_assert(!piece_is_same(&piece, &other));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines_of_a_head_are_joined,
        lines_of_no_head_are_none,
        lines_of_a_caller_keep_their_blanks,
        piece_text_is_without_its_backslashes,
        piece_in_two_lines_has_a_limit,
        pieces_are_compared_across_lines,
        NULL,
    };
    return run_tests("lines", tests);
}
