/*
 * structured by tables: RFC 9651, section by section.  (httpwg's own cases
 * are run by scripts/structured-field-tests.)
 */
#include "fields/structured.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum { ITEM = STRUCTURED_ITEM, LIST = STRUCTURED_LIST };
enum { DICT = STRUCTURED_DICTIONARY };

static const struct {
    int type;
    const char *line;
    bool conforms;
} rows[] = {
    /* Section 4.2: spaces at the ends, nothing behind the end. */
    {ITEM, "  1  ", true},
    {ITEM, "1\t", false},
    {ITEM, "\t1", false},
    {ITEM, "1 2", false},
    {ITEM, "1, 2", false},
    {ITEM, "", false},
    {LIST, "", true},
    {DICT, "", true},
    {DICT, "   ", true},
    /* Section 4.2.1: lists; no empty members, no trailing comma. */
    {LIST, "1\t,\t2", true},
    {LIST, "1,2", true},
    {LIST, "1,,2", false},
    {LIST, "1,", false},
    {LIST, ",1", false},
    {LIST, "1 2", false},
    {LIST, "1;2", false},
    /* Section 4.2.1.2: inner lists. */
    {LIST, "()", true},
    {LIST, "(  1  2  );a", true},
    {LIST, "(1;b=2 3)", true},
    {LIST, "(1,2)", false},
    {LIST, "(1\t2)", false},
    {LIST, "(\"a\"\"b\")", false},
    {LIST, "(1", false},
    {LIST, "(1 ", false},
    {LIST, "(1))", false},
    {LIST, "((1))", false},
    {ITEM, "(1)", false},
    /* Section 4.2.2: dictionaries. */
    {DICT, "a", true},
    {DICT, "a=1, b, c;d, e=(1 2);f=?0", true},
    {DICT, "a=", false},
    {DICT, "a =1", false},
    {DICT, "a= 1", false},
    {DICT, "a=1 b=2", false},
    {DICT, "a=1;b=2;", false},
    {DICT, "a=1,", false},
    {DICT, "a;b, c", true},
    {DICT, "a=b=c", false},
    {DICT, "1=a", false},
    /* Section 4.2.3.2: parameters; a space behind the semicolon only. */
    {ITEM, "a;  b=1;c", true},
    {ITEM, "a ;b", false},
    {ITEM, "a;b =1", false},
    {ITEM, "a;b=(1)", false},
    {ITEM, "a;", false},
    /* Section 4.2.3.3: keys. */
    {DICT, "*a-b_c.d*1", true},
    {DICT, "A", false},
    {DICT, "aB", false},
    {DICT, "-a", false},
    {DICT, "a:b", false},
    /* Section 4.2.4: numbers. */
    {ITEM, "-0", true},
    {ITEM, "0042", true},
    {ITEM, "999999999999999", true},
    {ITEM, "1000000000000000", false},
    {ITEM, "-999999999999999", true},
    {ITEM, "+1", false},
    {ITEM, "--1", false},
    {ITEM, "-", false},
    {ITEM, "1.5", true},
    {ITEM, "999999999999.999", true},
    {ITEM, "1000000000000.0", false},
    {ITEM, "1.", false},
    {ITEM, "1.2345", false},
    {ITEM, ".5", false},
    {ITEM, "1.5.6", false},
    {ITEM, "1e5", false},
    /* Section 4.2.5: strings. */
    {ITEM, "\"\"", true},
    {ITEM, "\"a\\\"b\\\\\"", true},
    {ITEM, "\"\\a\"", false},
    {ITEM, "\"a", false},
    {ITEM, "\"a\\", false},
    {ITEM, "\"a\tb\"", false},
    {ITEM, "\"\xc3\xbc\"", false},
    {ITEM, "\"\x7f\"", false},
    {ITEM, "'a'", false},
    /* Section 4.2.6: tokens. */
    {ITEM, "*", true},
    {ITEM, "a:b/c*d!#$%&'+-.^_`|~", true},
    {ITEM, "https://a.example", true},
    {ITEM, "a(b", false},
    {ITEM, "a\"b", false},
    {ITEM, "a@b", false},
    /* Section 4.2.7: byte sequences. */
    {ITEM, "::", true},
    {ITEM, ":YQ==:", true},
    {ITEM, ":YQ:", true},
    {ITEM, ":YR==:", true},
    {ITEM, ":YQ=:", false},
    {ITEM, ":Y:", false},
    {ITEM, ":YQ==", false},
    {ITEM, ":Y=Q=:", false},
    {ITEM, ":====:", false},
    {ITEM, ":Y Q:", false},
    {ITEM, ":Y-_Q:", false},
    /* Section 4.2.8: booleans. */
    {ITEM, "?1", true},
    {ITEM, "?0", true},
    {ITEM, "?", false},
    {ITEM, "?2", false},
    {ITEM, "?11", false},
    {ITEM, "?T", false},
    /* Section 4.2.9: dates. */
    {ITEM, "@1659578233", true},
    {ITEM, "@-1", true},
    {ITEM, "@1.0", false},
    {ITEM, "@", false},
    {ITEM, "@@1", false},
    /* Section 4.2.10: display strings. */
    {ITEM, "%\"\"", true},
    {ITEM, "%\"f%c3%bc\"", true},
    {ITEM, "%\"%f0%9f%98%80\"", true},
    {ITEM, "%\"f%C3%BC\"", false},
    {ITEM, "%\"%c3\"", false},
    {ITEM, "%\"%c3a\"", false},
    {ITEM, "%\"%fc\"", false},
    {ITEM, "%\"%ed%a0%80\"", false},
    {ITEM, "%\"%c\"", false},
    {ITEM, "%\"a", false},
    {ITEM, "%a", false},
    {ITEM, "%\"\xc3\xbc\"", false},
};

static void use(struct lines *lines, const char *text)
{
    struct span span = span_of_string(text);
    lines_init_spans(lines, &span, 1);
}

START_TEST(structured_fault_voids_the_field)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct lines lines;
        use(&lines, rows[i].line);
        const char *why =
            structured_fault((enum structured_type)rows[i].type, &lines);
        ck_assert_msg(
            !why == rows[i].conforms, "%s: %s", rows[i].line, why ? why : "");
        ck_assert(!why || strstr(why, "RFC 9651 section 4.2"));
    }
}
END_TEST

/* A NUL is of no type, nor part of a key or token. */
START_TEST(structured_fault_is_a_nul)
{
    static const struct span spans[] = {{"\0", 1}, {"a\0", 2}, {"a=\0", 3}};
    for (size_t i = 0; i < COUNT(spans); i++) {
        struct lines lines;
        lines_init_spans(&lines, &spans[i], 1);
        ck_assert(structured_fault(STRUCTURED_DICTIONARY, &lines));
        ck_assert(structured_fault(STRUCTURED_LIST, &lines));
    }
}
END_TEST

/* Values of the key "a" of dictionaries. */
static const struct {
    const char *line;
    enum field_type type;
    const char *text;
    int64_t number;
} values[] = {
    {"a", FIELD_BOOL, NULL, 1},
    {"a=?0", FIELD_BOOL, NULL, 0},
    {"a=1, a=2", FIELD_NUMBER, NULL, 2}, /* section 4.2.2: the last one */
    {"a=-0042", FIELD_NUMBER, NULL, -42},
    {"a=1.5", FIELD_DECIMAL, NULL, 1500},
    {"a=-0.001", FIELD_DECIMAL, NULL, -1},
    {"a=0.25", FIELD_DECIMAL, NULL, 250},
    {"a=@-62135596800", FIELD_DATE, NULL, -62135596800},
    {"a=tok/en;b=1", FIELD_TEXT, "tok/en", 0},
    {"a=\"x \\\"y\\\\\"", FIELD_TEXT, "x \"y\\", 0},
    {"a=:YQ==:", FIELD_TEXT, "YQ==", 0},
    {"a=%\"f%c3%bc%25\"", FIELD_TEXT, "f\xc3\xbc%", 0},
};

START_TEST(structured_value_has_its_type)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        struct lines lines;
        struct structured_part part;
        struct structured after;
        struct field_value value = {0};
        use(&lines, values[i].line);
        ck_assert(structured_find(&lines, span_of_string("a"), &part, &after));
        structured_get_value(&part.value, &value);
        ck_assert_msg(value.type == values[i].type, "%s", values[i].line);
        if (!values[i].text) {
            ck_assert_int_eq(value.number, values[i].number);
            continue;
        }
        ck_assert_uint_eq(value.len, strlen(values[i].text));
        ck_assert_mem_eq(value.text, values[i].text, value.len);
    }
}
END_TEST

static const struct {
    int type;
    const char *line, *other;
    bool is_equal;
} pairs[] = {
    {ITEM, "1", " 001 ", true},
    {ITEM, "1", "1.0", false},
    {ITEM, "1.5", "1.500", true},
    {ITEM, "a", "A", false},
    {ITEM, "a", "\"a\"", false},
    {ITEM, ":YQ:", ":YQ==:", true},
    {ITEM, ":YR==:", ":YQ==:", true},
    {ITEM, ":YQ==:", ":YQA=:", false},
    {ITEM, ":AZaz09+/:", ":AZaz09+/:", true},
    {ITEM, ":AZaz09+/:", ":AZaz09+7:", false},
    {ITEM, ":AZaz09+/:", ":AZay09+/:", false},
    {ITEM, "%\"%61\"", "%\"a\"", true},
    {ITEM, "a;b;c=1", "a; c=1; b=?1", true},
    {ITEM, "a;b=1;b=2", "a;b=2", true},
    {ITEM, "a;b", "a", false},
    {ITEM, "a", "a;b", false},
    {ITEM, "a b", "a b", false}, /* void */
    {LIST, "1,2", "1 , 2", true},
    {LIST, "1,2", "2,1", false},
    {LIST, "1,2", "1", false},
    {LIST, "(1 2)", "( 1  2 )", true},
    {LIST, "(1 2)", "(1) , 2", false},
    {LIST, "(1);a", "(1;a)", false},
    {DICT, "a=1,b", "b=?1, a=1", true},
    {DICT, "a=1,a=2", "a=2", true},
    {DICT, "a=(1 2),b", "b,a=(1 2)", true},
    {DICT, "a=(1 2),b", "b,a=(1)", false},
    {DICT, "a=(1),b", "b,a=(1 2)", false},
    {DICT, "a", "a,b", false},
    {DICT, "a,b", "a", false},
    {DICT, "a;x=1,b", "b,a", false},
};

START_TEST(structured_equality_is_of_values)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct lines lines, other;
        use(&lines, pairs[i].line);
        use(&other, pairs[i].other);
        ck_assert_msg(structured_is_equal((enum structured_type)pairs[i].type,
                          &lines, &other) == pairs[i].is_equal,
            "%s and %s", pairs[i].line, pairs[i].other);
    }
}
END_TEST

/* Section 4.2: a string may go over the end of a line. */
START_TEST(structured_field_has_many_lines)
{
    struct lines lines;
    const struct span spans[] = {{"a=1", 3}, {"b=\"x", 4}, {"y\"", 2}};
    struct structured_part part;
    struct structured after;
    struct field_value value = {0};
    lines_init_spans(&lines, spans, 3);
    ck_assert(structured_find(&lines, span_of_string("b"), &part, &after));
    structured_get_value(&part.value, &value);
    ck_assert_uint_eq(value.len, 4);
    ck_assert_mem_eq(value.text, "x, y", 4);
    lines_init_spans(&lines, spans, 2);
    ck_assert(!structured_find(&lines, span_of_string("a"), &part, &after));
}
END_TEST

START_TEST(structured_value_is_too_long)
{
    char text[FIELD_TEXT_MAX + 8] = "a=%\"";
    struct lines lines;
    struct structured_part part;
    struct structured after;
    struct field_value value = {0}, none = {0};
    memset(text + 4, 'x', FIELD_TEXT_MAX);
    text[4 + FIELD_TEXT_MAX] = '"';
    use(&lines, text);
    ck_assert(structured_find(&lines, span_of_string("a"), &part, &after));
    structured_get_value(&part.value, &value);
    ck_assert_int_eq(value.type, FIELD_TEXT);
    ck_assert_uint_eq(value.len, FIELD_TEXT_MAX);
    text[4 + FIELD_TEXT_MAX] = 'x';
    text[5 + FIELD_TEXT_MAX] = '"';
    use(&lines, text);
    ck_assert(structured_find(&lines, span_of_string("a"), &part, &after));
    structured_get_value(&part.value, &none);
    ck_assert_int_eq(none.type, FIELD_NONE);
    ck_assert_ptr_nonnull(none.why);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        structured_fault_voids_the_field,
        structured_fault_is_a_nul,
        structured_value_has_its_type,
        structured_equality_is_of_values,
        structured_field_has_many_lines,
        structured_value_is_too_long,
        NULL,
    };
    return run_tests("structured", tests);
}
