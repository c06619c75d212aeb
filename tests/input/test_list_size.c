/* list_size: what is counted, and of what nothing can be known. */
#include "input/list_size.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t size_of(const char *text, size_t len)
{
    char name[] = "/tmp/afetch-test-XXXXXX";
    int fd = mkstemp(name);
    const char *files[] = {name}, *arguments[] = {"a", "b"};
    const struct list_sources sources = {arguments, 2, files, 1, {0}, false};
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
    close(fd);
    int64_t size = list_size(&sources);
    unlink(name);
    return size - (size < 0 ? 0 : 2);
}

static const struct {
    const char *text;
    int64_t size;
} files[] = {
    {"", 0},
    {"a\nb\n", 2},
    {"a\r\n\r\n\n  b # c\n\t# d\n#e\n", 2},
    {"a", 1},
    {"\n\n#a", 0},
    {"a#b\nc", 2},
};

START_TEST(of_files)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        ck_assert_int_eq(
            size_of(files[i].text, strlen(files[i].text)), files[i].size);
}
END_TEST

/* Lines go over the ends of pieces. */
START_TEST(of_a_large_file)
{
    static char text[1000 * 1000];
    memset(text, 'a', sizeof text);
    for (size_t i = 99; i < sizeof text; i += 100)
        text[i] = '\n';
    ck_assert_int_eq(size_of(text, sizeof text), 10000);
}
END_TEST

START_TEST(not_known)
{
    static const char *const names[] = {"/none/such", "/dev/null", "/"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct list_sources sources = {NULL, 0, &names[i], 1, {0}, false};
        ck_assert_int_eq(list_size(&sources), -1);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {of_files, of_a_large_file, not_known, NULL};
    return run_tests("list_size", tests);
}
