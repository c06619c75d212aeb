/* What is compared of a field. */
#include "judge/mask.h"

#include "run.h"

#include <string.h>

static const char *const ignored[] = {"Server,etag", "X-A, X-B"};

static const struct {
    const char *name;
    struct mask mask;
    enum mask_kind kind;
} cases[] = {
    {"Server", {0}, MASK_NOTHING},
    {"date", {0}, MASK_ALL},
    {"DATE", {0}, MASK_ALL},
    {"Dat", {0}, MASK_NOTHING},
    {"Dates", {0}, MASK_NOTHING},
    {"x-request-id", {0}, MASK_ALL},
    {"set-cookie", {0}, MASK_COOKIE},
    {"date", {.none = true}, MASK_NOTHING},
    {"set-cookie", {.none = true}, MASK_NOTHING},
    {"server", {false, ignored, 2}, MASK_ALL},
    {"ETag", {false, ignored, 2}, MASK_ALL},
    {"x-b", {false, ignored, 2}, MASK_ALL},
    {"x-c", {false, ignored, 2}, MASK_NOTHING},
    {"date", {false, ignored, 2}, MASK_ALL},
    {"date", {true, ignored, 2}, MASK_NOTHING},
    {"etag", {true, ignored, 1}, MASK_ALL},
    {"", {true, ignored, 1}, MASK_NOTHING},
};

START_TEST(kinds)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span name = {cases[i].name, strlen(cases[i].name)};
        ck_assert_msg(mask_find(&cases[i].mask, name) == cases[i].kind,
            "row %zu: %s", i, cases[i].name);
    }
}
END_TEST

START_TEST(table)
{
    size_t count = 0;
    for (; mask_name(count); count++) {
        struct span name = {mask_name(count), strlen(mask_name(count))};
        ck_assert_int_eq(mask_find(&(struct mask){0}, name), MASK_ALL);
    }
    ck_assert_uint_gt(count, 10);
}
END_TEST

int main(void)
{
    return run_tests("mask", (const TTest *const[]){kinds, table, NULL});
}
