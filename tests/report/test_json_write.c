/*
 * json_write: exact bytes of each kind of value.
 */
#include "report/json_write.h"

#include "capture.h"
#include "run.h"

#include "output/buffer.h"

#include <stdio.h>
#include <string.h>

static struct capture capture;

static const char *string(const char *bytes, size_t len)
{
    json_put_string(capture.out, bytes, len);
    return capture_read(&capture);
}

static const char *latin1(const char *bytes, size_t len)
{
    json_put_latin1(capture.out, bytes, len);
    return capture_read(&capture);
}

/* One byte between letters, decoded as ISO-8859-1, quoted. */
static void expected_latin1(unsigned c, char *to)
{
    static const char special[] = "\b\t\n\f\r\"\\";
    const char *found = c ? strchr(special, (int)c) : NULL;

    if (found)
        sprintf(to, "\"a\\%cz\"", "btnfr\"\\"[found - special]);
    else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        sprintf(to, "\"a\\u%04xz\"", c);
    else if (c < 0x80)
        sprintf(to, "\"a%cz\"", (int)c);
    else
        sprintf(
            to, "\"a%c%cz\"", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
}

START_TEST(every_byte)
{
    capture_init(&capture);
    for (unsigned c = 0; c < 256; c++) {
        char bytes[3] = {'a', (char)c, 'z'}, expected[32];
        expected_latin1(c, expected);
        ck_assert_str_eq(string(bytes, 3), expected);
        ck_assert_str_eq(latin1(bytes, 3), expected);
    }
    capture_fini(&capture);
}
END_TEST

START_TEST(strings)
{
    static const struct {
        const char *bytes, *as_string, *as_latin1;
    } table[] = {
        {"", "\"\"", "\"\""},
        {"a</script>", "\"a</script>\"", "\"a</script>\""},
        {"\xc3\xa9", "\"\xc3\xa9\"", "\"\xc3\x83\xc2\xa9\""},
        {"\xc3\xa9\"\x01", "\"\xc3\xa9\\\"\\u0001\"",
            "\"\xc3\x83\xc2\xa9\\\"\\u0001\""},
        /* invalid anywhere: ISO-8859-1 everywhere */
        {"\xc3\xa9\xff", "\"\xc3\x83\xc2\xa9\xc3\xbf\"",
            "\"\xc3\x83\xc2\xa9\xc3\xbf\""},
        {"a\xc3", "\"a\xc3\x83\"", "\"a\xc3\x83\""},
        {"\xed\xa0\x80", "\"\xc3\xad\xc2\xa0\\u0080\"",
            "\"\xc3\xad\xc2\xa0\\u0080\""},
        /* U+2027 to U+202A, U+009F, U+00A0, U+1F600 */
        {"\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa",
            "\"\xe2\x80\xa7\\u2028\\u2029\xe2\x80\xaa\"", NULL},
        {"\xc2\x9f\xc2\xa0", "\"\\u009f\xc2\xa0\"", NULL},
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"", NULL},
        {"\xe3\x80\xa8", "\"\xe3\x80\xa8\"", NULL},
    };

    capture_init(&capture);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        size_t len = strlen(table[i].bytes);
        ck_assert_str_eq(string(table[i].bytes, len), table[i].as_string);
        if (table[i].as_latin1)
            ck_assert_str_eq(latin1(table[i].bytes, len), table[i].as_latin1);
    }
    json_put_text(capture.out, NULL);
    json_put_text(capture.out, "t");
    ck_assert_str_eq(capture_read(&capture), "null\"t\"");
    capture_fini(&capture);
}
END_TEST

START_TEST(numbers)
{
    static const struct {
        int64_t ns;
        const char *ms;
    } table[] = {{-1, "null"}, {0, "0.000"}, {499, "0.000"}, {500, "0.001"},
        {1000, "0.001"}, {999499, "0.999"}, {999500, "1.000"},
        {3100000, "3.100"}, {20604567, "20.605"},
        {3600LL * 1000000000, "3600000.000"}, {INT64_MAX, "9223372036854.776"}};

    capture_init(&capture);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_put_ms(capture.out, table[i].ns);
        ck_assert_str_eq(capture_read(&capture), table[i].ms);
    }
    json_put_uint(capture.out, 0);
    ck_assert_str_eq(capture_read(&capture), "0");
    json_put_uint(capture.out, 10203);
    ck_assert_str_eq(capture_read(&capture), "10203");
    json_put_uint(capture.out, UINT64_MAX);
    ck_assert_str_eq(capture_read(&capture), "18446744073709551615");
    capture_fini(&capture);
}
END_TEST

START_TEST(times)
{
    static const struct {
        struct timespec time;
        const char *text;
    } table[] = {
        {{0, 1}, "\"1970-01-01T00:00:00.000Z\""},
        {{1795340412, 123999999}, "\"2026-11-22T09:40:12.123Z\""},
        {{1795340412, 4000000}, "\"2026-11-22T09:40:12.004Z\""},
        {{1795340413, 0}, "\"2026-11-22T09:40:13.000Z\""},
        {{1795340412, 999999999}, "\"2026-11-22T09:40:12.999Z\""},
    };
    struct json_clock clock = {.len = 0};

    capture_init(&capture);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_put_time(&clock, capture.out, &table[i].time);
        ck_assert_str_eq(capture_read(&capture), table[i].text);
    }
    capture_fini(&capture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_byte, strings, numbers, times, NULL};

    return run_tests("json_write", tests);
}
