/*
 * exit - exit codes, and messages about the program itself.
 */
#ifndef AFETCH_EXIT_H
#define AFETCH_EXIT_H

enum {
    EXIT_ALL_GOOD = 0,
    EXIT_SOME_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_CANNOT_GO_ON = 3,
    EXIT_BY_SIGNAL = 128, /* plus its number */
};

/* Prints an error message, escaped for a terminal; returns the exit code. */
int fatal(int exit_code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for a warning. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
