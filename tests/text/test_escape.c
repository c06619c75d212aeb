/*
 * escape by tables: all 256 bytes alone, in each place of a UTF-8 sequence,
 * and cut to every size.
 */
#include "text/escape.h"

#include "run.h"

#include <stdio.h>
#include <string.h>

enum { SIZE = 256 };

static void check_escape(
    const char *bytes, size_t len, const char *expected, size_t expected_len)
{
    char buf[SIZE];
    size_t written = escape_write(buf, sizeof(buf), bytes, len);

    ck_assert_uint_eq(written, expected_len);
    ck_assert_mem_eq(buf, expected, expected_len + 1);
}

static void check_text(const char *bytes, const char *expected)
{
    check_escape(bytes, strlen(bytes), expected, strlen(expected));
}

/* The rule for a byte that stands between ASCII letters. */
static int escaped_alone(int c)
{
    return (c < 0x20 && c != '\t') || (c >= 0x7f && c <= 0x9f);
}

START_TEST(every_byte_alone)
{
    for (int c = 0; c < 256; c++) {
        const char bytes[3] = {'a', (char)c, 'z'};
        char expected[SIZE] = {'a', (char)c, 'z', 0};
        size_t len = 3;

        if (escaped_alone(c))
            len = (size_t)sprintf(expected, "a\\x%02xz", (unsigned)c);
        check_escape(bytes, 3, expected, len);
    }
}
END_TEST

/* Plain text is looked at in words: the byte at each place of one, between
 * the plain ones that are nearest to the controls. */
static void check_place(int c, size_t place, char around)
{
    char bytes[25], expected[SIZE];
    size_t len = sizeof(bytes);

    memset(bytes, around, sizeof(bytes));
    memset(expected, around, sizeof(bytes) + ESCAPE_LEN);
    bytes[place] = (char)c;
    if (escaped_alone(c)) {
        expected[place + (size_t)sprintf(expected + place, "\\x%02x",
                             (unsigned)c)] = around;
        len += ESCAPE_LEN - 1;
    } else {
        expected[place] = (char)c;
    }
    expected[len] = '\0';
    check_escape(bytes, sizeof(bytes), expected, len);
}

START_TEST(every_byte_in_each_place_of_a_word)
{
    for (int c = 0; c < 256; c++)
        for (size_t place = 0; place < 25; place++) {
            check_place(c, place, ' ');
            check_place(c, place, '~');
        }
}
END_TEST

/* Each byte of a character replaced by all 256: nothing that is a control in
 * any reading may be left raw. */
static void check_no_control(const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        unsigned char c = (unsigned char)text[i];
        unsigned char before = i ? (unsigned char)text[i - 1] : 0;
        ck_assert(c == '\t' || (c >= 0x20 && c != 0x7f));
        if (c >= 0x80 && c <= 0x9f)
            ck_assert_msg(before >= 0x80 && before != 0xc2, "%s", text);
    }
}

START_TEST(every_byte_in_each_place_of_a_character)
{
    static const char *const characters[] = {
        "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

    for (size_t i = 0; i < 3; i++) {
        for (size_t place = 0; place < strlen(characters[i]); place++) {
            for (int c = 0; c < 256; c++) {
                char bytes[8], buf[SIZE];
                size_t len = strlen(characters[i]);
                memcpy(bytes, characters[i], len);
                bytes[place] = (char)c;
                escape_write(buf, sizeof(buf), bytes, len);
                check_no_control(buf);
            }
        }
    }
}
END_TEST

START_TEST(characters_and_fragments)
{
    static const struct {
        const char *bytes, *shown;
    } table[] = {
        {"", ""},
        {"plain \\ text\t!", "plain \\ text\t!"},
        {"\xc3\xa9", "\xc3\xa9"},
        {"\xe2\x80\xa8", "\xe2\x80\xa8"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        /* C1 controls as characters: both bytes */
        {"\xc2\x80", "\\xc2\\x80"},
        {"\xc2\x9b"
         "31m",
            "\\xc2\\x9b"
            "31m"},
        {"\xc2\xa0", "\xc2\xa0"},
        /* cut off, overlong, surrogate, too large */
        {"\xc3", "\xc3"},
        {"\xe2\x82", "\xe2\\x82"},
        {"\xe2\x82z", "\xe2\\x82z"},
        {"\xf0\x9f\x98", "\xf0\\x9f\\x98"},
        {"\xc0\x9b", "\xc0\\x9b"},
        {"\xe0\x80\x9b", "\xe0\\x80\\x9b"},
        {"\xed\xa0\x80", "\xed\xa0\\x80"},
        {"\xf4\x90\x80\x80", "\xf4\\x90\\x80\\x80"},
        {"\xff\xfe", "\xff\xfe"},
        {"\xc3\xa9\x9b\xc3\xa9", "\xc3\xa9\\x9b\xc3\xa9"},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        check_text(table[i].bytes, table[i].shown);
}
END_TEST

START_TEST(cut_to_every_size)
{
    static const char bytes[] = "ab\x01\x02yz\x1b";
    static const char whole[] = "ab\\x01\\x02yz\\x1b";
    static const size_t cuts[] = {
        0, 1, 2, 2, 2, 2, 6, 6, 6, 6, 10, 11, 12, 12, 12, 12, 16};

    for (size_t room = 0; room <= strlen(whole); room++) {
        char buf[SIZE];
        memset(buf, '#', sizeof(buf));
        ck_assert_uint_eq(
            escape_write(buf, room + 1, bytes, strlen(bytes)), cuts[room]);
        ck_assert_mem_eq(buf, whole, cuts[room]);
        ck_assert_int_eq(buf[cuts[room]], '\0');
        ck_assert_int_eq(buf[room + 1], '#');
    }
}
END_TEST

/* All of ASCII as in text, nothing else. */
START_TEST(quotes)
{
    for (int c = 0; c < 256; c++) {
        char byte = (char)c, quoted[SIZE], text[SIZE];
        escape_quote(quoted, sizeof(quoted), &byte, 1);
        if (c < 0x80)
            escape_write(text, sizeof(text), &byte, 1);
        else
            sprintf(text, "\\x%02x", (unsigned)c);
        ck_assert_str_eq(quoted, text);
    }
}
END_TEST

START_TEST(quotes_cut_to_every_size)
{
    static const char bytes[] = "a\xc3\xbcz", whole[] = "a\\xc3\\xbcz";
    static const size_t cuts[] = {0, 1, 1, 1, 1, 5, 5, 5, 5, 9, 10};

    for (size_t room = 0; room <= strlen(whole); room++) {
        char buf[SIZE];
        memset(buf, '#', sizeof(buf));
        ck_assert_uint_eq(
            escape_quote(buf, room + 1, bytes, strlen(bytes)), cuts[room]);
        ck_assert_mem_eq(buf, whole, cuts[room]);
        ck_assert_int_eq(buf[cuts[room]], '\0');
        ck_assert_int_eq(buf[room + 1], '#');
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_byte_alone,
        every_byte_in_each_place_of_a_word,
        every_byte_in_each_place_of_a_character, characters_and_fragments,
        cut_to_every_size, quotes, quotes_cut_to_every_size, NULL};

    return run_tests("escape", tests);
}
