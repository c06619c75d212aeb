/* Groups: alike or not, the largest first, no more than there is room for. */
#include "judge/groups.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct groups *groups, const char *status, const char *name)
{
    struct snapshot shape = {.status = strdup(status), .has_head = true};
    ck_assert_int_eq(groups_add(groups, &shape, name), 0);
    ck_assert_ptr_null(shape.status);
}

START_TEST(largest_first)
{
    struct groups groups = {0};
    static const char *const statuses[] = {
        "404", "200", "503", "200", "503", "200"};
    char name[2] = "a";
    for (size_t i = 0; i < 6; i++, name[0]++)
        add(&groups, statuses[i], name);
    groups_sort(&groups);
    ck_assert_uint_eq(groups.count, 3);
    ck_assert_str_eq(groups.items[0].shape.status, "200");
    ck_assert_uint_eq(groups.items[0].count, 3);
    ck_assert_str_eq(groups.items[0].names[2], "f");
    ck_assert_str_eq(groups.items[1].shape.status, "503");
    ck_assert_str_eq(groups.items[2].names[0], "a");
    ck_assert_ptr_null(groups.items[2].names[1]);
    groups_fini(&groups);
}
END_TEST

/* What failed at once is not what the others are compared with. */
START_TEST(failures_behind_responses)
{
    struct groups groups = {0};
    struct snapshot failed = {.status = strdup("NXDOMAIN")};
    ck_assert_int_eq(groups_add(&groups, &failed, "a"), 0);
    add(&groups, "200", "b");
    add(&groups, "404", "c");
    groups_sort(&groups);
    ck_assert_str_eq(groups.items[0].names[0], "b");
    ck_assert_str_eq(groups.items[1].names[0], "c");
    ck_assert_str_eq(groups.items[2].names[0], "a");
    groups_fini(&groups);
}
END_TEST

START_TEST(bounded)
{
    struct groups groups = {0};
    char status[20];
    for (int i = 0; i < GROUPS_MAX + 7; i++) {
        snprintf(status, sizeof status, "%d", i);
        add(&groups, status, "x");
    }
    for (int i = 0; i < 2 * GROUP_NAMES; i++)
        add(&groups, "0", "y");
    ck_assert_uint_eq(groups.count, GROUPS_MAX);
    ck_assert_uint_eq(groups.beyond, 7);
    ck_assert_uint_eq(groups.items[0].count, 1 + 2 * GROUP_NAMES);
    groups_fini(&groups);
    ck_assert_uint_eq(groups.count, 0);
}
END_TEST

static struct snapshot shape_with(const char *name, const char *value)
{
    struct snapshot shape = {.status = strdup("200"), .has_head = true};
    shape.fields = calloc(1, sizeof *shape.fields);
    shape.fields[0] = (struct snapshot_field){strdup(name), strdup(value), 0};
    shape.count = 1;
    return shape;
}

/* What is forgotten keeps no groups apart, whenever that was learned. */
START_TEST(forgotten)
{
    struct groups groups = {0};
    static const char *const values[] = {"1", "2", "2", "3", "4", "5", "6"};
    char name[] = "a";
    for (size_t i = 0; i < 7; i++, name[0]++) {
        struct snapshot shape =
            shape_with(i == 3 ? "server" : "etag", values[i]);
        ck_assert_int_eq(groups_add(&groups, &shape, name), 0);
    }
    ck_assert_uint_eq(groups.count, 6);
    groups_forget(&groups, "x\n");
    ck_assert_uint_eq(groups.count, 6);
    groups_forget(&groups, "x\netag\n");
    ck_assert_uint_eq(groups.count, 2);
    ck_assert_uint_eq(groups.items[0].count, 6);
    static const char *const names[] = {"a", "b", "c", "e", "f"};
    for (size_t i = 0; i < GROUP_NAMES; i++)
        ck_assert_str_eq(groups.items[0].names[i], names[i]);
    ck_assert_str_eq(groups.items[1].names[0], "d");
    groups_fini(&groups);
}
END_TEST

int main(void)
{
    return run_tests(
        "groups", (const TTest *const[]){largest_first,
                      failures_behind_responses, bounded, forgotten, NULL});
}
