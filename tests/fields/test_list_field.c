/*
 * list_field by tables: RFC 9110 section 5.6.  Parts are shown as
 * "name=value" of elements, ";name=value" of parameters, "!" of what does not
 * conform, with a blank behind each.
 */
#include "fields/list_field.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum {
    TOKENS = LIST_NAME_TOKEN,
    PARAMETERS = LIST_NAME_TOKEN | LIST_PARAMETERS,
    QUOTED = LIST_NAME_QUOTED,
    BLANKS = LIST_NAME_TOKEN | LIST_PARAMETERS | LIST_BLANKS,
    LINKS = LIST_NAME_ANGLED | LIST_PARAMETERS | LIST_LOOSE | LIST_BLANKS,
    MEDIA = LIST_NAME_MEDIA | LIST_PARAMETERS,
    GENERAL = LIST_NAME_TOKEN | LIST_LOOSE | LIST_EITHER | LIST_BLANKS,
};

static const struct {
    unsigned form;
    const char *line, *parts;
} rows[] = {
    /* Section 5.6.1: empty elements, blanks. */
    {TOKENS, "", ""},
    {TOKENS, " ,\t, ", ""},
    {TOKENS, "a", "a "},
    {TOKENS, ",a,, b\t,", "a b "},
    {TOKENS, "a b, c", "! c "},
    /* Section 5.6.2: tokens. */
    {TOKENS, "!#$%&'*+-.^_`|~, x@y, z", "!#$%&'*+-.^_`|~ ! z "},
    /* Section 5.6.3: blanks round "=". */
    {BLANKS, "a=1,b = 2,c =3;d\t= 4", "a=1 b=2 c=3 ;d=4 "},
    {PARAMETERS, "a=1,b = 2,c =3,d= 4,e;f =5,g;h= 6", "a=1 ! ! ! ! ! "},
    {TOKENS, "a=, b", "! b "},
    {TOKENS, "=1, b", "! b "},
    /* Section 5.6.4: quoted strings. */
    {TOKENS, "a=\"x, y\", b", "a=x, y b "},
    {TOKENS, "a=\"\", b", "a= b "},
    {TOKENS, "a=\"x\\\", y\", b", "a=x\\\", y b "},
    {TOKENS, "a=\"x, b", "! "},
    {TOKENS, "a=\"x\"y, b", "! b "},
    {TOKENS, "a=\"x\\", "! "},
    {TOKENS, "a=\"\x01\", b", "! b "},
    {TOKENS, "a=\"\xfc\", b", "a=\xfc b "},
    {TOKENS, "a\", b\", c", "! c "},
    /* A semicolon is no separator. */
    {TOKENS, "a;b, c", "! c "},
    {TOKENS, "a=1;b=2, c", "! c "},
    /* Section 5.6.6: parameters, empty ones too. */
    {PARAMETERS, "a;b=1 ; c=\"2;,\";d, e", "a ;b=1 ;c=2;, ;d e "},
    {PARAMETERS, "a;;b;", "a ;b "},
    {PARAMETERS, "a;b c, d", "! d "},
    {PARAMETERS, ";a, b", "! b "},
    {PARAMETERS, "a=1;b", "a=1 ;b "},
    {QUOTED, "\"a\", \"b c\", d", "a b c ! "},
    {QUOTED, "\"a\"=1, \"b\"", "! b "},
    {LINKS, "<a,b;c>; rel=x, <d>", "a,b;c ;rel=x d "},
    {LINKS, "<a>;rel=\"x y\";title=a b ,<c>", "a ;rel=x y ;title=a b c "},
    {LINKS, "<a; rel=x, b", "! ! "},
    {LINKS, "a; rel=x, <b>;rel=y", "! b ;rel=y "},
    {LINKS, "<>;rel=/x", " ;rel=/x "},
    {MEDIA, "text/html; charset=\"utf-8\"", "text/html ;charset=utf-8 "},
    {MEDIA, "text", "! "},
    {MEDIA, "text/", "! "},
    {MEDIA, "text /html", "! "},
    {GENERAL, "a=1; b, c=x y ;d=\"1;2\"", "a=1 b c=x y d=1;2 "},
    {GENERAL, "a=/x?y=z;b", "a=/x?y=z b "},
    {GENERAL, "<a>; b", "! b "},
};

static size_t show_piece(char *out, const struct piece *piece)
{
    struct lines lines = piece->from;
    for (size_t i = 0; i < piece->len; i++) {
        out[i] = (char)lines_peek(&lines);
        lines_skip(&lines);
    }
    return piece->len;
}

static void show(char *out, unsigned form, const char *line)
{
    struct span span = span_of_string(line);
    struct lines lines;
    struct list_reader reader;
    struct list_part part;
    lines_init_spans(&lines, &span, 1);
    list_field_init(&reader, form, &lines);
    while (list_field_next(&reader, &part)) {
        if (part.kind == LIST_FAULT) {
            *out++ = '!';
        } else {
            if (part.kind == LIST_PARAMETER)
                *out++ = ';';
            out += show_piece(out, &part.name);
            if (part.has_value) {
                *out++ = '=';
                out += show_piece(out, &part.value);
            }
        }
        *out++ = ' ';
    }
    *out = '\0';
}

START_TEST(list_has_parts)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        char parts[200];
        show(parts, rows[i].form, rows[i].line);
        ck_assert_msg(
            !strcmp(parts, rows[i].parts), "%s: %s", rows[i].line, parts);
    }
}
END_TEST

static const struct {
    unsigned form;
    const char *line, *other;
    bool is_equal;
} pairs[] = {
    {TOKENS, "a, b", ",A,b,", true},
    {TOKENS, "a, b", "b, a", false},
    {TOKENS, "a, b", "a", false},
    {TOKENS, "a=1", "A=\"01\"", true},
    {TOKENS, "a=99999999999999999999", "a=99999999999999999998", false},
    {TOKENS, "a=x", "a=X", false},
    {TOKENS, "a=x", "a=\"\\x\"", true},
    {TOKENS, "a", "a=1", false},
    {TOKENS, "a b", "a b", false},
    /* Section 8.3.1: the three of its example. */
    {MEDIA, "text/html;charset=utf-8", "Text/HTML;Charset=\"utf-8\"", true},
    {MEDIA, "text/html;charset=UTF-8", "text/html; charset=\"utf-8\"", true},
    {MEDIA, "text/html;charset=utf-8", "text/html;charset=latin1", false},
    {MEDIA, "text/html", "text/html;charset=utf-8", false},
    {MEDIA, "a/b;boundary=X", "a/b;boundary=x", false},
};

START_TEST(list_equality_is_of_values)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct span one = span_of_string(pairs[i].line);
        struct span two = span_of_string(pairs[i].other);
        struct lines lines, other;
        lines_init_spans(&lines, &one, 1);
        lines_init_spans(&other, &two, 1);
        ck_assert_msg(list_field_is_equal(pairs[i].form, &lines, &other) ==
                          pairs[i].is_equal,
            "%s and %s", pairs[i].line, pairs[i].other);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        list_has_parts, list_equality_is_of_values, NULL};
    return run_tests("list_field", tests);
}
