/*
 * harness - what each test of the runtime stands on: a loop for one task,
 * what must not be left behind, and a record of the order of things.
 */
#ifndef TESTS_ASYNC_HARNESS_H
#define TESTS_ASYNC_HARNESS_H

#include "async/core/task.h"

#include <check.h>

/* asyncio.run on a loop of its own.  Returns the task's result; fails the
 * test when an event or a descriptor is left. */
int run(task_fn *fn, void *arg);

/* Descriptors this process has open. */
int open_fds(void);
/* Events armed on the running loop. */
int armed_events(void);
/* Lets everybody else run until nobody has anything left to do at once. */
void settle(void);

/* A task that has not begun; failing the test without memory. */
struct task *spawn(task_fn *fn, void *arg);
/* Awaits what never comes, for tests that interrupt; the interruption. */
int await_forever(void);

/* A file with this text until its descriptor, returned, is closed; where it
 * is goes into path. */
int text_file(const char *text, char path[32]);

/* Above 0 while a test's own server is at work: no failure is staged. */
extern int backstage;

/* Appends a word to the record … */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* … which must now be this, words with blanks between; empties it. */
void said(const char *expected);
/* Empties it. */
void forget(void);

/* AFETCH_TEST_SLOWER: the factor on all time limits. */
int slower(void);

#define SUITE(name, ...)                                                       \
    int main(void)                                                             \
    {                                                                          \
        const TTest *tests[] = {__VA_ARGS__};                                  \
        return suite_run(name, tests, sizeof tests / sizeof *tests);           \
    }

int suite_run(const char *name, const TTest *const *tests, size_t count);
/* For who makes a suite of another kind: runs it; the exit status. */
int suite_finish(Suite *suite);

#endif
