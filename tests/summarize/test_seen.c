/*
 * seen: indexes that come again, shards that are missing or too many.
 */
#include "summarize/seen.h"

#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct seen *seen;

static void setup(void)
{
    ck_assert_int_eq(seen_create(&seen), 0);
}

static void teardown(void)
{
    seen_destroy(seen);
}

START_TEST(an_index_is_new_once)
{
    static const uint64_t indexes[] = {
        0, 1, 7, 8, 9, 4095 * 8, 1000000, SEEN_INDEXES - 1};
    enum { COUNT = sizeof indexes / sizeof *indexes };

    for (int run = 0; run < 2; run++) {
        for (int i = 0; i < COUNT; i++)
            ck_assert(!seen_index(seen, indexes[i]));
        for (int i = 0; i < COUNT; i++)
            ck_assert(seen_index(seen, indexes[i]));
        ck_assert(!seen_index(seen, 2));
        seen_new_run(seen);
    }
}
END_TEST

START_TEST(an_index_too_large_is_not_looked_at)
{
    ck_assert(!seen_index(seen, SEEN_INDEXES));
    ck_assert(!seen_index(seen, SEEN_INDEXES));
    ck_assert(!seen_index(seen, UINT64_MAX));
}
END_TEST

static void note(void *arg, const struct shard *shard, unsigned times)
{
    char *text = arg;

    sprintf(
        strchr(text, '\0'), "%u/%u:%u ", shard->number, shard->count, times);
}

/* Which shards came, a digit each, of how many, and what is uneven. */
static const struct {
    unsigned count;
    const char *came, *uneven;
} rows[] = {
    {1, "1", ""},
    {3, "123", ""},
    {3, "321321", ""},
    {3, "13", "2/3:0 "},
    {3, "2", "1/3:0 3/3:0 "},
    {3, "1223", "2/3:2 "},
    {3, "1133", "2/3:0 "},
    {3, "11333", "2/3:0 3/3:3 "},
};

START_TEST(shards_are_all_there)
{
    char text[100] = "";
    struct shard shard = {.count = rows[_i].count};

    for (const char *digit = rows[_i].came; *digit; digit++) {
        shard.number = (unsigned)(*digit - '0');
        ck_assert_int_eq(seen_shard(seen, &shard), 0);
    }
    seen_check_shards(seen, note, text);
    ck_assert_str_eq(text, rows[_i].uneven);
}
END_TEST

START_TEST(without_shards_none_is_missing)
{
    char text[100] = "";

    seen_check_shards(seen, note, text);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(shards_of_one_number_only)
{
    ck_assert_int_eq(seen_shard(seen, &(struct shard){1, 2}), 0);
    ck_assert_int_eq(seen_shard(seen, &(struct shard){3, 3}), -EINVAL);
    ck_assert_int_eq(seen_shard(seen, &(struct shard){2, 2}), 0);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("seen");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_index_is_new_once);
    tcase_add_test(tcase, an_index_too_large_is_not_looked_at);
    tcase_add_loop_test(
        tcase, shards_are_all_there, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, without_shards_none_is_missing);
    tcase_add_test(tcase, shards_of_one_number_only);
    return run_case("seen", tcase);
}
