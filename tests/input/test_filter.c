/*
 * filter: a line passes when every one takes it.
 */
#include "input/filter.h"

#include "run.h"

#include <errno.h>

static const struct filter_line line = {"a", 1, "f", 7};
static int asked;

static int say(void *arg, const struct filter_line *told)
{
    ck_assert_ptr_eq(told, &line);
    asked++;
    return *(int *)arg;
}

static const struct {
    int says[3], taken, asked;
} rows[] = {
    {{1, 1, 1}, 1, 3},
    {{1, 0, 1}, 0, 2},
    {{0, 1, -ENOMEM}, 0, 1},
    {{1, -ENOMEM, 0}, -ENOMEM, 2},
};

static void check(const int told[3], int taken, int times)
{
    struct filter items[3];
    struct filters filters = {items, 3};
    int says[3];
    for (int i = 0; i < 3; i++) {
        says[i] = told[i];
        items[i] = (struct filter){say, &says[i]};
    }
    asked = 0;
    ck_assert_int_eq(filters_take(&filters, &line), taken);
    ck_assert_int_eq(asked, times);
}

START_TEST(all_must_take_it)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(rows[i].says, rows[i].taken, rows[i].asked);
    ck_assert_int_eq(filters_take(&(struct filters){0}, &line), 1);
}
END_TEST

int main(void)
{
    return run_tests("filter", (const TTest *const[]){all_must_take_it, NULL});
}
