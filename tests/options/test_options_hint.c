/*
 * options_hint by tables: habits of other tools, slips, odd targets.
 */
#include "options/options_hint.h"

#include "options/options.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct {
    const char *written, *hint; /* a part of it; "": none */
} habits[] = {
    {"-S", "-s hides"},
    {"-Z", "-j N"},
    {"-l", "-i FILE"},
    {"-d", "no body"},
    {"-D", "-o FILE"},
    {"--timeout", "-m SEC"},
    {"--retries", "--retry N"},
    {"--url", "targets are arguments"},
    {"--compressed", "Accept-Encoding"},
    {"--http2", "--http1.1"},
    {"-b", "Cookie"},
    {"--expct", "did you mean --expect?"},
    {"--silnt", "did you mean --silent?"},
    {"--maxtime", "did you mean --max-time?"},
    {"--frobnicate", ""},
    {"--max-redirect", "--max-redirs"},
    {"-#", "--progress"},
    {"-Y", ""},
    {"--", ""},
    {"-", ""},
};

START_TEST(options)
{
    char hint[OPTION_HINT_MAX];
    for (size_t i = 0; i < COUNT(habits); i++) {
        const char *written = habits[i].written;
        option_hint((struct span){written, strlen(written)}, hint);
        ck_assert_msg(habits[i].hint[0] ? strstr(hint, habits[i].hint) != NULL
                                        : hint[0] == '\0',
            "%s: %s", written, hint);
    }
}
END_TEST

/* Words that would be letters of afetch. */
START_TEST(words_with_one_dash)
{
    ck_assert_ptr_nonnull(strstr(option_word_hint("-iL"), "-i FILE"));
    ck_assert_ptr_nonnull(strstr(option_word_hint("-json"), "--json"));
    ck_assert_ptr_null(option_word_hint("-i"));
    ck_assert_ptr_null(option_word_hint("-iLists"));
    ck_assert_ptr_null(option_word_hint("json"));
    ck_assert_ptr_null(option_word_hint(""));
}
END_TEST

static const struct {
    const char *target, *hint; /* a part of it; NULL: none */
} targets[] = {
    {"www.a.test", NULL},
    {"www.a.test/24", NULL},
    {"192.0.2.7", NULL},
    {"192.0.2.0/24", "not expanded"},
    {"2001:db8::/32", "not expanded"},
    {"192.0.2.0/24/x", NULL},
    {"192.0.2.7/2019", NULL},
    {"cafe/24", NULL},
    {"1.example/24", NULL},
    {"http//a.test", "colon"},
    {"https//a.test/x", "colon"},
    {"httpd.a.test", NULL},
    {"a.test:443", "https://HOST"},
    {"https://a.test:443", NULL},
    {"a.test:8443", NULL},
    {":443", NULL},
    {"@hosts.txt", "-i FILE"},
    {"/none/hosts", NULL},
    {"/", "-i FILE"},
    {"none.txt", NULL},
};

START_TEST(odd_targets)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        const char *hint = target_hint(targets[i].target);
        ck_assert_msg(
            targets[i].hint ? hint && strstr(hint, targets[i].hint) : !hint,
            "%s: %s", targets[i].target, hint ? hint : "none");
    }
}
END_TEST

START_TEST(a_list_among_the_targets)
{
    char name[] = "/tmp/afetch-test-XXXXXX.txt";
    int fd = mkstemps(name, 4);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_ptr_nonnull(target_hint(name));
    unlink(name);
    ck_assert_ptr_null(target_hint(name));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {options, words_with_one_dash, odd_targets,
        a_list_among_the_targets, NULL};
    return run_tests("options_hint", tests);
}
