/*
 * The command line without memory: the n-th allocation fails, for every n.
 * Linked with --wrap of strdup, calloc and reallocarray.
 */
#include "options_speak.h"

static int countdown; /* 1: the next allocation fails */

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);

char *__wrap_strdup(const char *text)
{
    return --countdown == 0 ? NULL : __real_strdup(text);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return --countdown == 0 ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    return --countdown == 0 ? NULL : __real_reallocarray(old, count, size);
}

static enum options_outcome parse_failing_at(int n)
{
    struct words words;
    message_init(&words,
        "-i f -i g --resolve a:80:192.0.2.1,::1 --resolve=a:80:192.0.2.2 "
        "--resolve=b:1:::1 -HA:b -HB; -ua:b -xa:b@p -xq --connect-to ::: "
        "--connect-to=a::: --dns-servers=::1 h -- x");
    struct options options;

    countdown = n;
    enum options_outcome outcome =
        options_parse(&options, words.argc, words.argv);
    if (outcome == OPTIONS_RUN) {
        ck_assert_uint_eq(options.targets.count, 2);
        ck_assert_uint_eq(options.resolve_rule_count, 2);
    }
    options_fini(&options);
    return outcome;
}

START_TEST(nth_allocation)
{
    int n = 1;

    while (parse_failing_at(n) == OPTIONS_FAILED)
        n++;
    ck_assert_int_gt(n, 15);
    ck_assert_int_eq(parse_failing_at(n), OPTIONS_RUN);
}
END_TEST

int main(void)
{
    TCase *memory = tcase_create("memory");

    tcase_add_test(memory, nth_allocation);
    return run_case("options_memory", memory);
}
