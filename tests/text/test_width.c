/* width by tables: what a text takes, and where it is cut. */
#include "text/width.h"

#include "run.h"

#include <string.h>

static const struct {
    const char *text;
    size_t width;
} widths[] = {
    {"", 0}, {"a.test", 6},
    {"b\xc3\xbc"
     "cher",
        6},
    {"\xe4\xb8\xad\xe5\x9b\xbd.test", 9}, /* two of China */
    {"e\xcc\x81", 1}, /* an accent over it */
    {"\xf0\x9f\x98\x80", 2}, /* a face */
    {"\xe2\x80\x8b", 0}, /* no space at all */
    {"\xff\x80", 2}, /* no UTF-8 */
    {"\xe4\xb8", 2}, /* cut off */
    {"\xea\xb0\x80\xef\xbc\xa1", 4}, /* Hangul, a full-width A */
};

START_TEST(of)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        ck_assert_uint_eq(
            width_of(widths[i].text, strlen(widths[i].text)), widths[i].width);
}
END_TEST

static const struct {
    const char *text;
    size_t width, bytes, taken;
} cuts[] = {
    {"abc", 2, 2, 2},
    {"abc", 3, 3, 3},
    {"abc", 9, 3, 3},
    {"abc", 0, 0, 0},
    {"\xe4\xb8\xad\xe5\x9b\xbd", 3, 3, 2},
    {"\xe4\xb8\xad\xe5\x9b\xbd", 1, 0, 0},
    {"e\xcc\x81x", 1, 3, 1},
};

START_TEST(cut)
{
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        size_t taken;
        ck_assert_uint_eq(width_cut(cuts[i].text, strlen(cuts[i].text),
                              cuts[i].width, &taken),
            cuts[i].bytes);
        ck_assert_uint_eq(taken, cuts[i].taken);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {of, cut, NULL};
    return run_tests("width", tests);
}
