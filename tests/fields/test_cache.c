/*
 * cache: without what it needs; what it says of which lines is in
 * test_cases.c.
 */
#include "fields/cache.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A head always begins with a status line; whatever else, it is none. */
START_TEST(stored_without_a_status)
{
    struct field_value value = {0};
    struct field_head head = {.head = "X\n", .head_len = 2};
    cache_get_stored(&head, &value);
    ck_assert_int_eq(value.type, FIELD_BOOL);
    ck_assert_int_eq(value.number, 0);
}
END_TEST

START_TEST(no_head_is_none)
{
    struct field_value value = {0};
    struct field_head head = {0};
    cache_get_stored(&head, &value);
    cache_get_lifetime(&head, &value);
    cache_get_shared_lifetime(&head, &value);
    cache_get_shared_lifetime(NULL, &value);
    ck_assert_int_eq(value.type, FIELD_NONE);
    ck_assert_ptr_null(value.why);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        stored_without_a_status,
        no_head_is_none,
        NULL,
    };
    return run_tests("cache", tests);
}
