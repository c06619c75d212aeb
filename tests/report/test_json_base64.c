/*
 * base64 by RFC 4648's own table, in every split, and all 256 bytes.
 */
#include "report/json_base64.h"

#include "capture.h"
#include "run.h"

#include "output/buffer.h"

#include <string.h>

static struct {
    const char *bytes, *base64;
} table[] = {
    /* RFC 4648 section 10 */
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/"},
};

START_TEST(table_in_every_split)
{
    struct capture capture;
    struct base64 base64 = {.count = 0};

    capture_init(&capture);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t len = strlen(table[i].bytes);
        for (size_t cut = 0; cut <= len; cut++) {
            base64_put(&base64, capture.out, table[i].bytes, cut);
            base64_put(&base64, capture.out, table[i].bytes + cut, len - cut);
            base64_end(&base64, capture.out);
            ck_assert_str_eq(capture_read(&capture), table[i].base64);
        }
    }
    capture_fini(&capture);
}
END_TEST

START_TEST(every_digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    struct capture capture;

    capture_init(&capture);
    for (unsigned c = 0; c < 64; c++) {
        struct base64 base64 = {.count = 0};
        char byte = (char)(c << 2);
        char expected[] = {digits[c], 'A', '=', '=', 0};
        base64_put(&base64, capture.out, &byte, 1);
        base64_end(&base64, capture.out);
        ck_assert_str_eq(capture_read(&capture), expected);
    }
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {table_in_every_split, every_digit, NULL};

    return run_tests("base64", tests);
}
