/* What differs between two fetches, and is not compared then. */
#include "judge/learned.h"

#include "run.h"

#include <stdlib.h>
#include <string.h>

static void add_field(
    struct snapshot *snapshot, const char *name, const char *value)
{
    size_t count = snapshot->count++;
    snapshot->fields = reallocarray(
        snapshot->fields, snapshot->count, sizeof *snapshot->fields);
    snapshot->fields[count] =
        (struct snapshot_field){strdup(name), strdup(value), count};
}

static struct snapshot snapshot_make(const char *status, const char *url)
{
    return (struct snapshot){.status = strdup(status),
        .final_url = strdup(url),
        .issuer = strdup("CN=a"),
        .has_head = true};
}

START_TEST(what_differs)
{
    struct snapshot a = snapshot_make("200", "http://a/?1");
    struct snapshot b = snapshot_make("200", "http://a/?2");
    char *list = NULL;
    add_field(&a, "etag", "1");
    add_field(&a, "server", "x");
    add_field(&a, "x-only", "x");
    add_field(&b, "etag", "2");
    add_field(&b, "server", "x");
    ck_assert_int_eq(learned_find(&list, &a, &b), 0);
    ck_assert_str_eq(list, "final URL\netag\nx-only\n");
    ck_assert(learned_has(list, "etag"));
    ck_assert(!learned_has(list, "eta"));
    ck_assert(!learned_has(list, "etags"));
    ck_assert(!learned_has(NULL, "etag"));
    learned_forget(list, &a);
    learned_forget(list, &b);
    ck_assert_ptr_null(a.final_url);
    ck_assert_str_eq(a.issuer, "CN=a");
    ck_assert_uint_eq(a.count, 1);
    ck_assert_str_eq(a.fields[0].name, "server");
    ck_assert(snapshot_is_same(&a, &b));
    snapshot_fini(&a);
    snapshot_fini(&b);
    free(list);
}
END_TEST

START_TEST(nothing_of_another_status)
{
    struct snapshot a = snapshot_make("200", "http://a/?1");
    struct snapshot b = snapshot_make("503", "http://a/?2");
    char *list = NULL;
    ck_assert_int_eq(learned_find(&list, &a, &b), 0);
    ck_assert_ptr_null(list);
    learned_forget(list, &a);
    ck_assert_str_eq(a.final_url, "http://a/?1");
    snapshot_fini(&a);
    snapshot_fini(&b);
}
END_TEST

START_TEST(lists_grow_to_an_end)
{
    char *list = NULL, name[] = "xxxx\n";
    ck_assert_int_eq(learned_add(&list, NULL), 0);
    ck_assert_ptr_null(list);
    ck_assert_int_eq(learned_add(&list, "a\nb\n"), 1);
    ck_assert_int_eq(learned_add(&list, "b\na\n"), 0);
    ck_assert_int_eq(learned_add(&list, "b\nc\n"), 1);
    ck_assert_str_eq(list, "a\nb\nc\n");
    for (int i = 0; i < 20000; i++) {
        for (int j = 0, rest = i; j < 4; j++, rest /= 26)
            name[j] = (char)('a' + rest % 26);
        learned_add(&list, name);
    }
    ck_assert_uint_le(strlen(list), LEARNED_MAX);
    ck_assert_int_eq(learned_add(&list, "zzzzz\n"), 0);
    free(list);
}
END_TEST

int main(void)
{
    return run_tests(
        "learned", (const TTest *const[]){what_differs,
                       nothing_of_another_status, lists_grow_to_an_end, NULL});
}
