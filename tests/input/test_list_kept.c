/*
 * list_kept: what is kept comes back.
 */
#include "input/list_kept.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 100 * 1000, LONG = 60 * 1000 };

static const char a_file[] = "a", another_file[] = "b";

/* Long and short ones, of two files and the command line, of a shard. */
static void make_line(struct list_line *line, char *text, unsigned i)
{
    int len =
        i % 1000 == 7 ? LONG : snprintf(text, 100, "%u.www.example.com", i);
    if (len == LONG)
        memset(text, 'a' + (char)(i / 1000 % 20), LONG);
    *line = (struct list_line){
        .bytes = text,
        .len = i % 1000 == 8 ? 0 : (size_t)len,
        .too_long = i % 3 == 0,
        .utf16 = i % 5 == 0,
        .source = i < 10          ? NULL
                  : i < LINES / 2 ? a_file
                                  : another_file,
        .number = i < LINES / 2 ? 1 + 2 * (size_t)i : 1 + (size_t)i / 2,
        .index = (uint64_t)i * 300,
    };
}

static void check_line(const struct list_line *line, unsigned i)
{
    static char text[LONG];
    struct list_line expected;
    make_line(&expected, text, i);
    ck_assert_uint_eq(line->len, expected.len);
    ck_assert_mem_eq(line->bytes, text, line->len);
    ck_assert_int_eq(line->too_long, expected.too_long);
    ck_assert_int_eq(line->utf16, expected.utf16);
    ck_assert_ptr_eq(line->source, expected.source);
    ck_assert_uint_eq(line->number, expected.number);
    ck_assert_uint_eq(line->index, expected.index);
}

START_TEST(what_is_kept_comes_back)
{
    static char text[LONG];
    struct list_kept kept = {0};
    struct list_line line;
    for (unsigned i = 0; i < LINES; i++) {
        make_line(&line, text, i);
        ck_assert_int_eq(list_kept_add(&kept, &line), 0);
    }
    for (int round = 0; round < 2; round++) {
        list_kept_rewind(&kept);
        for (unsigned i = 0; i < LINES; i++) {
            ck_assert(list_kept_next(&kept, &line));
            check_line(&line, i);
        }
        ck_assert(!list_kept_next(&kept, &line));
        ck_assert(!list_kept_next(&kept, &line));
    }
    list_kept_fini(&kept);
}
END_TEST

START_TEST(nothing_was_kept)
{
    struct list_kept kept = {0};
    struct list_line line;
    list_kept_rewind(&kept);
    ck_assert(!list_kept_next(&kept, &line));
    list_kept_fini(&kept);
}
END_TEST

int main(void)
{
    return run_tests(
        "list_kept", (const TTest *const[]){
                         what_is_kept_comes_back, nothing_was_kept, NULL});
}
