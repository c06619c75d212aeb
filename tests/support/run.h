/*
 * run - the main of a test program: one suite, one line for each failure.
 */
#ifndef AFETCH_TESTS_RUN_H
#define AFETCH_TESTS_RUN_H

#include <check.h>

/* `tests` are what START_TEST names, up to a NULL.  Gives main's result. */
int run_tests(const char *name, const TTest *const tests[]);

/* The same of tests that the caller has added, looped ones perhaps. */
int run_case(const char *name, TCase *tcase);

#endif
