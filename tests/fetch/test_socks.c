/*
 * socks: each message to the byte, replies cut at every length.
 */
#include "fetch/socks.h"

#include "run.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void check_bytes(
    const unsigned char *found, size_t len, const char *expected, size_t size)
{
    ck_assert_uint_eq(len, size);
    ck_assert_mem_eq(found, expected, size);
}

#define BYTES(text) (text), sizeof(text) - 1

START_TEST(methods)
{
    unsigned char out[SOCKS_METHODS_MAX];
    check_bytes(out, socks_methods(out, false), BYTES("\5\1\0"));
    check_bytes(out, socks_methods(out, true), BYTES("\5\2\0\2"));
}
END_TEST

START_TEST(login)
{
    unsigned char out[SOCKS_LOGIN_MAX];
    char longest[SOCKS_TEXT_MAX + 1] = "";
    check_bytes(out, socks_login(out, "me", "key"), BYTES("\1\2me\3key"));
    check_bytes(out, socks_login(out, "", ""), BYTES("\1\0\0"));
    memset(longest, 'x', SOCKS_TEXT_MAX);
    ck_assert_uint_eq(socks_login(out, longest, longest), SOCKS_LOGIN_MAX);
    ck_assert_int_eq(out[1], 255);
    ck_assert_int_eq(out[257], 255);
    char longer[SOCKS_TEXT_MAX + 2] = "";
    memset(longer, 'x', SOCKS_TEXT_MAX + 1);
    ck_assert_uint_eq(socks_login(out, longer, "key"), 0);
    ck_assert_uint_eq(socks_login(out, "me", longer), 0);
}
END_TEST

static const struct {
    struct socks_end end;
    const char *bytes;
    size_t len;
} connects[] = {
    {{.name = "a.test", .port = 443}, BYTES("\5\1\0\3\6a.test\1\xbb")},
    {{.address = "\xc0\0\2\7", .port = 80}, BYTES("\5\1\0\1\xc0\0\2\7\0\x50")},
    {{.address = "0123456789abcdef", .is_v6 = true, .port = 65535},
        BYTES("\5\1\0\4"
              "0123456789abcdef\xff\xff")},
};

START_TEST(connecting)
{
    unsigned char out[SOCKS_CONNECT_MAX];
    char longest[SOCKS_TEXT_MAX + 1] = "";
    for (size_t i = 0; i < COUNT(connects); i++)
        check_bytes(out, socks_connect(out, &connects[i].end),
            connects[i].bytes, connects[i].len);
    memset(longest, 'x', SOCKS_TEXT_MAX);
    struct socks_end end = {.name = longest, .port = 1};
    ck_assert_uint_eq(socks_connect(out, &end), SOCKS_CONNECT_MAX);
    char longer[SOCKS_TEXT_MAX + 2] = "";
    memset(longer, 'x', SOCKS_TEXT_MAX + 1);
    end.name = longer;
    ck_assert_uint_eq(socks_connect(out, &end), 0);
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
    size_t first, second, fifth; /* sizes told from byte 1, 2 to 4, 5 on */
} table[] = {
    {BYTES("\5\0\0\1\x7f\0\0\1\0\x50"), 2, 5, 10},
    {BYTES("\5\0\0\4"
           "0123456789abcdef\1\2"),
        2, 5, 22},
    {BYTES("\5\0\0\3\2ab\1\2"), 2, 5, 9},
    {BYTES("\5\0\0\3\0\1\2"), 2, 5, 7},
    {BYTES("\5\0\0\3\xff\1\2"), 2, 5, 262},
    {BYTES("\5\0\0\2\0\1\2"), 2, 5, 0},
    {BYTES("\5\1"), 2, 2, 2},
    {BYTES("\5\xff\0\1\0\0"), 2, 2, 2},
    {BYTES("\4\x5a\0\0\0\0"), 0, 0, 0},
    {BYTES("HTTP/1.1 400"), 0, 0, 0},
};

START_TEST(reply_sizes)
{
    /* No version, no use in waiting for more. */
    ck_assert_uint_eq(socks_reply_size(NULL, 0), 1);
    for (size_t i = 0; i < COUNT(table); i++)
        for (size_t len = 1; len <= table[i].len; len++) {
            size_t expected = len == 1  ? table[i].first
                              : len < 5 ? table[i].second
                                        : table[i].fifth;
            const void *bytes = table[i].bytes;
            ck_assert_msg(socks_reply_size(bytes, len) == expected,
                "row %zu, %zu bytes: %zu", i, len,
                socks_reply_size(bytes, len));
        }
}
END_TEST

START_TEST(words)
{
    ck_assert_str_eq(socks_reply_words(0), "succeeded");
    ck_assert_str_eq(socks_reply_words(4), "host unreachable");
    ck_assert_str_eq(socks_reply_words(5), "connection refused");
    ck_assert_str_eq(socks_reply_words(9), "unknown reply");
    ck_assert_str_eq(socks_reply_words(255), "unknown reply");
    for (int reply = 1; reply < 256; reply++)
        ck_assert_int_eq(socks_reply_is_of_target((unsigned char)reply),
            reply != 2 && reply != 7 && reply != 8);
}
END_TEST

int main(void)
{
    return run_tests("socks", (const TTest *const[]){methods, login, connecting,
                                  reply_sizes, words, NULL});
}
