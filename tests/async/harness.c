/*
 * harness - runs, counts, remembers.
 */
#include "harness.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int backstage;

static char record[64 * 1024];

int open_fds(void)
{
    int count = -3; /* ".", "..", and the directory's own */
    DIR *directory = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

static int loop_events(struct loop *loop)
{
    return event_base_get_num_events(loop_base(loop), EVENT_BASE_COUNT_ADDED);
}

int armed_events(void)
{
    return loop_events(loop_running());
}

int run(task_fn *fn, void *arg)
{
    struct loop *loop;
    int fds = open_fds();
    ck_assert_int_eq(loop_create(&loop), 0);
    int result = task_run(loop, fn, arg);
    ck_assert_int_eq(loop_events(loop), 0);
    ck_assert_ptr_null(loop_running());
    loop_destroy(loop);
    ck_assert_int_eq(open_fds(), fds);
    return result;
}

int text_file(const char *text, char path[32])
{
    int fd = memfd_create("text", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    snprintf(path, 32, "/proc/self/fd/%d", fd);
    return fd;
}

/* Any chain of tasks and calls in these tests is shorter. */
void settle(void)
{
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(task_sleep(0), 0);
}

struct task *spawn(task_fn *fn, void *arg)
{
    struct task *task = NULL;
    ck_assert_int_eq(task_spawn(&task, fn, arg), 0);
    return task;
}

int await_forever(void)
{
    struct future never;
    future_init(&never);
    return await(&never);
}

void say(const char *format, ...)
{
    size_t used = strlen(record);
    va_list arguments;
    if (used)
        record[used++] = ' ';
    va_start(arguments, format);
    vsnprintf(record + used, sizeof record - used, format, arguments);
    va_end(arguments);
}

void said(const char *expected)
{
    ck_assert_str_eq(record, expected);
    forget();
}

void forget(void)
{
    record[0] = '\0';
}

int slower(void)
{
    const char *factor = getenv("AFETCH_TEST_SLOWER");
    return factor && atoi(factor) > 0 ? atoi(factor) : 1;
}

int suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    tcase_set_timeout(all, 150 * slower());
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    return suite_finish(suite);
}

int suite_finish(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
