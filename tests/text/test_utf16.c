/*
 * utf16 by a table, cut at every length.
 */
#include "text/utf16.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(literal) literal, sizeof literal - 1

static const struct {
    const char *bytes;
    size_t len;
    bool expected;
} cases[] = {
    {BYTES(""), false},
    {BYTES("a"), false},
    {BYTES("a.test"), false},
    {BYTES("\xef\xbb\xbf"
           "a.test"),
        false},
    {BYTES("\xff"), false},
    {BYTES("\xff\xfe"), true},
    {BYTES("\xfe\xff\0a"), true},
    {BYTES("\xff\xfe"
           "a\0\r\0"),
        true},
    {BYTES("a\0b\0\r\0"), true},
    {BYTES("\0a\0b\0\r\0"), true}, /* from BE, whose LF is cut in two */
    {BYTES("\0a\0b"), true},
    {BYTES("\0"), false},
    {BYTES("a\0"), true},
    {BYTES("\0a"), true},
    {BYTES("\0\0"), false},
    {BYTES("a\0b"), true},
    {BYTES("ab\0"), false},
    {BYTES("a\0bc"), false},
    {BYTES("\0a\0bc"), false},
    {BYTES("\x7f"
           "ELF\x02\x01\x01\0\0\0"),
        false},
};

START_TEST(lines)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = malloc(cases[i].len + 1); /* none is read behind it */
        memcpy(copy, cases[i].bytes, cases[i].len);
        ck_assert_msg(
            utf16_begins(copy, cases[i].len) == cases[i].expected, "%zu", i);
        free(copy);
    }
}
END_TEST

int main(void)
{
    return run_tests("utf16", (const TTest *const[]){lines, NULL});
}
