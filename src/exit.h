/*
 * ending - how the program ends: its exit codes and its last words.
 */
#ifndef AFETCH_ENDING_H
#define AFETCH_ENDING_H

enum {
    EXIT_ALL_GOOD = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CANNOT_GO_ON = 3,
    EXIT_BY_SIGNAL = 128, /* plus its number */
};

/* Says why the program cannot go on, fit for a terminal, and is the exit
 * code. */
int fatal(int exit_code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same of what is wrong meanwhile. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
