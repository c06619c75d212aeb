/*
 * utf8 against the definition itself: every code point encoded is valid, and
 * of all sequences of up to four bytes nothing else is.
 */
#include "text/utf8.h"

#include "run.h"

/* RFC 3629 section 3, by arithmetic; 0 for what is no character. */
static size_t encode(unsigned long point, unsigned char out[4])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = point < 0x80      ? 1
                    : point < 0x800   ? 2
                    : point < 0x10000 ? 3
                                      : 4;

    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return 0;
    for (size_t i = length; i-- > 1; point >>= 6)
        out[i] = (unsigned char)(0x80 | (point & 0x3f));
    out[0] = (unsigned char)(lead[length] | point);
    return length;
}

START_TEST(every_character_is_one_sequence)
{
    for (unsigned long point = 0; point <= 0x10ffff; point++) {
        char bytes[4];
        size_t length = encode(point, (unsigned char *)bytes);
        if (length == 0)
            continue;
        /* An assertion of Check's costs more than all the rest here. */
        if (utf8_sequence(bytes, length) != length ||
            utf8_sequence(bytes, length - 1) != 0 || !utf8_valid(bytes, length))
            ck_abort_msg("U+%04lX", point);
    }
}
END_TEST

/* The length, by decoding loosely and encoding again. */
static size_t expected(const unsigned char *s)
{
    unsigned long point;
    unsigned char again[4];
    size_t length = s[0] < 0x80   ? 1
                    : s[0] < 0xc0 ? 0
                    : s[0] < 0xe0 ? 2
                    : s[0] < 0xf0 ? 3
                    : s[0] < 0xf8 ? 4
                                  : 0;

    if (length <= 1)
        return length;
    point = s[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3fU);
    }
    return encode(point, again) == length ? length : 0;
}

START_TEST(nothing_else_is_a_sequence)
{
    static const unsigned char last[] = {
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    unsigned char s[4];

    for (unsigned two = 0; two < 0x10000; two++) {
        s[0] = (unsigned char)(two >> 8);
        s[1] = (unsigned char)two;
        for (size_t i = 0; i < sizeof(last) * sizeof(last); i++) {
            s[2] = last[i / sizeof(last)];
            s[3] = last[i % sizeof(last)];
            if (utf8_sequence((char *)s, 4) != expected(s))
                ck_abort_msg("%02x %02x %02x %02x", s[0], s[1], s[2], s[3]);
        }
    }
}
END_TEST

START_TEST(valid_looks_at_all_and_no_further)
{
    ck_assert(utf8_valid("", 0));
    ck_assert(utf8_valid("a\xc3\xa9z", 4));
    ck_assert(!utf8_valid("a\xc3\xa9z", 2));
    ck_assert(!utf8_valid("ab\xff", 3));
    ck_assert(utf8_valid("ab\xff", 2));
    ck_assert_uint_eq(utf8_sequence("a", 0), 0);
}
END_TEST

START_TEST(a_cut_sequence_is_left_out)
{
    static const struct {
        const char *bytes;
        size_t len, left;
    } cuts[] = {{"", 0, 0}, {"a", 1, 1}, {"a\xc3", 2, 1}, {"a\xc3\xa9", 3, 3},
        {"\xe2\x98", 2, 0}, {"\xe2\x98\x83", 3, 3}, {"\xf0\x9f\x98", 3, 0},
        {"\xf0\x9f\x98\x80", 4, 4}, {"\x80\x80\x80", 3, 3}, {"a\xff", 2, 2},
        {"a\xc0", 2, 2}};
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++)
        ck_assert_uint_eq(utf8_cut(cuts[i].bytes, cuts[i].len), cuts[i].left);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_character_is_one_sequence,
        nothing_else_is_a_sequence, valid_looks_at_all_and_no_further,
        a_cut_sequence_is_left_out, NULL};

    return run_tests("utf8", tests);
}
