/*
 * run - the main of a test program.
 *
 * Invariant: the result is EXIT_SUCCESS only when every test ran and passed.
 */
#include "run.h"

#include <stdlib.h>

int run_case(const char *name, TCase *tcase)
{
    Suite *suite = suite_create(name);
    SRunner *runner = srunner_create(suite);
    tcase_set_timeout(tcase, 150); /* ctest's own is 180 s */
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int run_tests(const char *name, const TTest *const tests[])
{
    TCase *tcase = tcase_create(name);
    for (size_t i = 0; tests[i]; i++)
        tcase_add_test(tcase, tests[i]);
    return run_case(name, tcase);
}
