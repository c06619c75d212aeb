/*
 * span: what bytes are, and that no function looks past a length.
 */
#include "text/span.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

static bool in(int byte, const char *set)
{
    return byte != 0 && strchr(set, byte);
}

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

START_TEST(every_byte)
{
    for (int byte = 0; byte < 256; byte++) {
        char c = (char)byte;
        ck_assert_int_eq(byte_is_digit(c), in(byte, DIGITS));
        ck_assert_int_eq(byte_is_hex(c), in(byte, DIGITS "abcdefABCDEF"));
        ck_assert_int_eq(byte_is_alnum(c), in(byte, DIGITS LETTERS));
        ck_assert_int_eq(byte_is_blank(c), in(byte, " \t"));
        ck_assert_int_eq(byte_is_scheme(c), in(byte, DIGITS LETTERS "+-."));
        ck_assert_int_eq(byte_is_ascii(c), byte < 128);
    }
}
END_TEST

START_TEST(of_and_until)
{
    struct span span = {"12\0x/34", 7}, empty = {"", 0};
    ck_assert_uint_eq(span_of(span, byte_is_digit), 2);
    ck_assert_uint_eq(span_until(span, "/?"), 4);
    ck_assert_uint_eq(span_until(span, "?#"), 7);
    ck_assert_uint_eq(span_until(empty, "/"), 0);
    ck_assert(!span_is(span, byte_is_digit));
    ck_assert(span_is(empty, byte_is_digit));
    ck_assert(span_is((struct span){"12x", 2}, byte_is_digit));
    ck_assert(span_has(span, '\0') && span_has(span, '4'));
    ck_assert(!span_has(span, '5') && !span_has(empty, '\0'));
}
END_TEST

START_TEST(prefix)
{
    struct span span = {"://", 3}, cut = {"://", 2};
    ck_assert(span_has_prefix(span, "://") && span_has_prefix(cut, ":/"));
    ck_assert(span_has_prefix(span, "") && !span_has_prefix(cut, "://"));
    ck_assert(!span_has_prefix(span, "//"));
}
END_TEST

START_TEST(take_and_copy)
{
    struct span span = {"abcdef", 6};
    char room[4] = "zzz";
    ck_assert(!span_copy(span, room, sizeof room));
    ck_assert_str_eq(room, "zzz");
    struct span taken = span_take(&span, 2);
    ck_assert(taken.len == 2 && memcmp(taken.at, "ab", 2) == 0);
    ck_assert(span.len == 4 && memcmp(span.at, "cdef", 4) == 0);
    ck_assert(!span_copy(span, room, sizeof room));
    span_take(&span, 1);
    ck_assert(span_copy(span, room, sizeof room));
    ck_assert_str_eq(room, "def");
}
END_TEST

START_TEST(columns)
{
    struct span line = {"\t ab \tc", 7};
    struct span first = span_take_column(&line);
    struct span second = span_take_column(&line);
    ck_assert(first.len == 2 && memcmp(first.at, "ab", 2) == 0);
    ck_assert(second.len == 1 && *second.at == 'c');
    ck_assert(line.len == 0 && span_take_column(&line).len == 0);
}
END_TEST

int main(void)
{
    return run_tests("span", (const TTest *const[]){every_byte, of_and_until,
                                 prefix, take_and_copy, columns, NULL});
}
