/*
 * shard: what may be asked for, where "auto" takes it from, and that every
 * target has exactly one shard, the same for ever.
 */
#include "input/shard.h"

#include "run.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define FORM "is not I/N (I from 1 to N, N at most 1000000), auto or auto/N"
#define UNSET                                                                  \
    "needs SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment"
#define BOTH                                                                   \
    "is ambiguous: SLURM_ARRAY_TASK_ID and JOB_COMPLETION_INDEX are both set"
#define PARTS                                                                  \
    "needs numbers of at most 1000000 in SLURM_ARRAY_TASK_ID, _MIN, _MAX, "    \
    "_STEP and _COUNT"
#define UNFIT                                                                  \
    "cannot be derived: the SLURM_ARRAY_TASK_* values are inconsistent"
#define GAPS                                                                   \
    "needs a Slurm array that starts at 0 or 1 and has no gaps; to run some "  \
    "of its tasks, give I/N"
#define OTHER "does not match SLURM_ARRAY_TASK_COUNT"
#define POD_NUMBER "needs a number in JOB_COMPLETION_INDEX"
#define POD_COUNT "needs the job's number of completions, as in auto/8"
#define POD_FEW "has too few shards for JOB_COMPLETION_INDEX"

static const struct {
    const char *environment; /* NAME=VALUE words */
    const char *text;
    unsigned number, count; /* 0: refused */
    const char *why;
} rows[] = {
    {"", "1/1", 1, 1, NULL},
    {"", "1/4", 1, 4, NULL},
    {"", "4/4", 4, 4, NULL},
    {"", "01/04", 1, 4, NULL},
    {"", "1000000/1000000", 1000000, 1000000, NULL},
    {"", "0/4", 0, 0, FORM},
    {"", "5/4", 0, 0, FORM},
    {"", "0/0", 0, 0, FORM},
    {"", "1/0", 0, 0, FORM},
    {"", "1/1000001", 0, 0, FORM},
    {"", "1/18446744073709551617", 0, 0, FORM},
    {"", "4294967297/4", 0, 0, FORM},
    {"", "", 0, 0, FORM},
    {"", "/", 0, 0, FORM},
    {"", "1", 0, 0, FORM},
    {"", "1/", 0, 0, FORM},
    {"", "/4", 0, 0, FORM},
    {"", "1/4/4", 0, 0, FORM},
    {"", "-1/4", 0, 0, FORM},
    {"", "+1/4", 0, 0, FORM},
    {"", " 1/4", 0, 0, FORM},
    {"", "1/4 ", 0, 0, FORM},
    {"", "1/x", 0, 0, FORM},
    {"", "autom", 0, 0, FORM},
    {"", "aut", 0, 0, FORM},
    {"", "auto/", 0, 0, FORM},
    {"", "auto/0", 0, 0, FORM},
    {"", "auto", 0, 0, UNSET},
    {"", "auto/4", 0, 0, UNSET},
    /* What the environment says is nothing to an explicit one. */
    {"ID=2 MIN=1 MAX=8 STEP=1 COUNT=8", "3/4", 3, 4, NULL},
    {"ID=1 MIN=1 MAX=8 STEP=1 COUNT=8", "auto", 1, 8, NULL},
    {"ID=8 MIN=1 MAX=8 STEP=1 COUNT=8", "auto", 8, 8, NULL},
    {"ID=0 MIN=0 MAX=7 STEP=1 COUNT=8", "auto", 1, 8, NULL},
    {"ID=7 MIN=0 MAX=7 STEP=1 COUNT=8", "auto/8", 8, 8, NULL},
    {"ID=4 MIN=0 MAX=15 STEP=4 COUNT=4", "auto", 2, 4, NULL},
    {"ID=8 MIN=0 MAX=7 STEP=1 COUNT=8", "auto", 0, 0, UNFIT},
    {"ID=0 MIN=1 MAX=7 STEP=1 COUNT=8", "auto", 0, 0, UNFIT},
    {"ID=3 MIN=0 MAX=12 STEP=4 COUNT=4", "auto", 0, 0, UNFIT},
    {"ID=3 MIN=0 MAX=12 STEP=0 COUNT=4", "auto", 0, 0, UNFIT},
    {"ID=7 MIN=1 MAX=7 STEP=1 COUNT=3", "auto", 0, 0, GAPS},
    {"ID=3 MIN=3 MAX=3 STEP=1 COUNT=1", "auto", 0, 0, GAPS},
    {"ID=1 MIN=1 MAX=2 STEP=1 COUNT=2", "auto/8", 0, 0, OTHER},
    {"ID=1 MIN=1 MAX=2 STEP=1", "auto", 0, 0, PARTS},
    {"ID=x MIN=1 MAX=2 STEP=1 COUNT=2", "auto", 0, 0, PARTS},
    {"ID= MIN=1 MAX=2 STEP=1 COUNT=2", "auto", 0, 0, PARTS},
    {"INDEX=0", "auto/4", 1, 4, NULL},
    {"INDEX=3", "auto/4", 4, 4, NULL},
    {"INDEX=4", "auto/4", 0, 0, POD_FEW},
    {"INDEX=0", "auto", 0, 0, POD_COUNT},
    {"INDEX=x", "auto/4", 0, 0, POD_NUMBER},
    {"INDEX=", "auto/4", 0, 0, POD_NUMBER},
    {"INDEX=0 ID=1 MIN=1 MAX=4 STEP=1 COUNT=4", "auto/4", 0, 0, BOTH},
};

/* The value that the row has for the last word of the name. */
static size_t row;
static char *variable(const char *name)
{
    static char values[8][16];
    static unsigned used;
    char *value = values[used++ % 8];
    const char *word = strrchr(name, '_') + 1;
    const char *found = rows[row].environment;

    for (; (found = strstr(found, word)); found++)
        if ((found == rows[row].environment || found[-1] == ' ') &&
            found[strlen(word)] == '=') {
            found += strlen(word) + 1;
            size_t len = strcspn(found, " ");
            memcpy(value, found, len);
            value[len] = '\0';
            return value;
        }
    return NULL;
}

START_TEST(what_may_be_asked_for)
{
    for (row = 0; row < COUNT(rows); row++) {
        struct shard shard = {7, 9};
        const char *why = shard_parse(rows[row].text, variable, &shard);
        if (rows[row].why) {
            ck_assert_ptr_nonnull(why);
            ck_assert_str_eq(why, rows[row].why);
            ck_assert_msg(
                shard.number == 7 && shard.count == 9, "row %zu: written", row);
        } else {
            ck_assert_msg(!why, "row %zu: %s", row, why);
            ck_assert_uint_eq(shard.number, rows[row].number);
            ck_assert_uint_eq(shard.count, rows[row].count);
        }
    }
}
END_TEST

#define HASH_A 0x82a2a958a9bece5b

/* Worked out by other means; they must stay what they are for ever. */
START_TEST(the_hash_is_fixed)
{
    ck_assert_uint_eq(shard_hash("", 0), 0xefd01f60ba992926);
    ck_assert_uint_eq(shard_hash("a", 1), HASH_A);
    ck_assert_uint_eq(shard_hash("www.example.com", 15), 0x67ef55a516a47be4);
    ck_assert_uint_eq(shard_hash("WWW.example.com", 15), 0x4c465727ae4105b0);
    ck_assert_uint_eq(shard_hash("[2001:db8::1]:80", 16), 0xf2d90cfa3b22efa7);
    ck_assert_uint_eq(shard_hash("\0\xff", 2), 0xacb64f88d28b68b8);
}
END_TEST

START_TEST(only_the_first_column_counts)
{
    ck_assert_uint_eq(shard_hash("a 192.0.2.1", 11), shard_hash("a", 1));
    ck_assert_uint_eq(shard_hash(" \ta\t", 4), shard_hash("a", 1));
    ck_assert_uint_eq(shard_hash("ab", 1), shard_hash("a", 1));
    ck_assert_uint_ne(shard_hash("b", 1), shard_hash("a", 1));
}
END_TEST

/* Names that differ in a digit only, the hardest for a hash, are spread
 * evenly: within a fifth of what an even share would be. */
START_TEST(shards_are_disjoint_complete_and_even)
{
    static const unsigned counts[] = {1, 2, 3, 4, 7, 8, 10, 16};
    enum { NAMES = 20000 };

    for (size_t i = 0; i < COUNT(counts); i++) {
        unsigned sizes[16] = {0}, count = counts[i];
        for (int name = 0; name < NAMES; name++) {
            char text[32];
            size_t len = (size_t)sprintf(text, "h%d.test", name);
            unsigned owners = 0;
            for (unsigned number = 1; number <= count; number++) {
                struct shard shard = {number, count};
                if (!shard_has(&shard, text, len))
                    continue;
                owners++;
                sizes[number - 1]++;
            }
            ck_assert_uint_eq(owners, 1);
        }
        for (unsigned number = 0; number < count; number++) {
            ck_assert_uint_gt(sizes[number] * count, NAMES * 8 / 10);
            ck_assert_uint_lt(sizes[number] * count, NAMES * 12 / 10);
        }
    }
}
END_TEST

/* The hash modulo N, from 1 on. */
START_TEST(which_one_it_is)
{
    ck_assert(shard_has(&(struct shard){HASH_A % 7 + 1, 7}, "a", 1));
    ck_assert(shard_has(&(struct shard){HASH_A % 4 + 1, 4}, "a", 1));
}
END_TEST

START_TEST(without_a_shard_all_is_of_it)
{
    struct shard none = {0};

    ck_assert(shard_has(&none, "a", 1));
    ck_assert(shard_has(&none, "", 0));
}
END_TEST

int main(void)
{
    return run_tests("shard",
        (const TTest *const[]){what_may_be_asked_for, the_hash_is_fixed,
            only_the_first_column_counts, shards_are_disjoint_complete_and_even,
            which_one_it_is, without_a_shard_all_is_of_it, NULL});
}
